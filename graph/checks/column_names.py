"""A column held against what its SELECT reads; mended in place where just one thing can be meant."""

from dataclasses import dataclass

from sqlglot import exp

from graph.checks.finding import CheckContext, Finding
from graph.checks.joined_column import join, told, ways_to
from graph.checks.near_names import Ways, hint, near_names, only_near, ways_of
from graph.checks.outputs import Outputs
from graph.checks.scopes import Scopes, Source, has_column


@dataclass(frozen=True)
class Place:
    """A SELECT around a column, and what it offers under each alias."""

    select: exp.Select
    sources: list[Source]
    offers: list[frozenset[str] | None]

    @property
    def tables(self) -> list[str]:
        return [source.table for source in self.sources if source.table is not None]


def column_finding(
    column: exp.Column, select: exp.Select, scopes: Scopes, outputs: Outputs, context: CheckContext
) -> Finding | None:
    """None where the column is there."""
    places = []
    around: exp.Select | None = select
    while around is not None:
        sources = scopes.of(around)
        places.append(Place(around, sources, [outputs.of(source) for source in sources]))
        around = around.find_ancestor(exp.Select)
    if column.table:
        return _qualified(column, places, context)
    return None if isinstance(column.this, exp.Star) else _bare(column, places, context)


def _qualified(column: exp.Column, places: list[Place], context: CheckContext) -> Finding | None:
    schema, qualifier, name = context.schema, column.table.lower(), column.name.lower()
    for place in places:
        for source, offered in zip(place.sources, place.offers, strict=True):
            if source.alias.lower() != qualifier:
                continue
            if offered is None or name in offered or isinstance(column.this, exp.Star):
                return None
            return _mend_column(column, source, offered, place, context)
    for place in places:
        fitting = [s for s in place.sources if s.table and qualifier in (s.table, schema.aliases[s.table])]
        if len(fitting) == 1 and (name == "*" or has_column(schema, fitting[0].table or "", name)):
            before = column.sql()
            column.set("table", exp.to_identifier(fitting[0].alias))
            return _finding(
                before, f"{qualifier} is called {fitting[0].alias} here", column.sql(), mended=True
            )
    tables = {alias: table for table, alias in schema.aliases.items()}
    missing = tables.get(qualifier, qualifier)
    why = f"{qualifier} is not in the FROM clause"
    joined = _joined(column, places[0].sources, why, places[0], context, missing)
    return joined or _finding(column.sql(), why, f"join {missing} or leave it out")


def _mend_column(
    column: exp.Column, source: Source, offered: frozenset[str], place: Place, context: CheckContext
) -> Finding:
    before, why = column.sql(), f"{column.table} has no column {column.name}"
    elsewhere = [
        source.alias
        for source, offer in zip(place.sources, place.offers, strict=True)
        if offer is not None and column.name.lower() in offer
    ]
    if len(elsewhere) == 1:
        column.set("table", exp.to_identifier(elsewhere[0]))
        return _finding(before, why, f"use {column.sql()}", mended=True)
    if elsewhere:
        return _finding(before, why, hint([f"{alias}.{column.name}" for alias in elsewhere]))
    ways = ways_of(context, [source.table] if source.table is not None else [])
    return _mended(column, [source], offered, ways, why, place, context)


def _bare(column: exp.Column, places: list[Place], context: CheckContext) -> Finding | None:
    name, place = column.name.lower(), places[0]
    if any(item.alias.lower() == name for item in place.select.expressions if isinstance(item, exp.Alias)):
        return None
    known: set[str] = set()
    for around in places:
        for offered in around.offers:
            if offered is None or name in offered:
                return None
            known |= offered
    before = column.sql()
    if column.this.quoted and context.dialect in ("sqlite", "mysql"):
        column.replace(exp.Literal.string(column.name))
        return _finding(before, f"{before} is no column", "write text in single quotes", mended=True)
    ways = ways_of(context, [table for around in places for table in around.tables])
    why = f"there is no column {before}"
    return _mended(column, place.sources, frozenset(known), ways, why, place, context)


def _mended(
    column: exp.Column,
    sources: list[Source],
    known: frozenset[str],
    ways: Ways,
    why: str,
    place: Place,
    context: CheckContext,
) -> Finding:
    """By a name of the same sources, else by a table that is a join away."""
    before = column.sql()
    only = only_near(column.name, known, ways)
    joined = None if only else _joined(column, sources, why, place, context)
    if joined is not None:
        return joined
    if only:
        column.set("this", exp.to_identifier(only))
        return _finding(before, why, f"use {column.sql()}", mended=True)
    return _finding(before, why, hint(near_names(column.name, known, ways)))


def _joined(
    column: exp.Column, sources: list[Source], why: str, place: Place, context: CheckContext, table: str = ""
) -> Finding | None:
    """With the one table that has the column, or that `table` names; None where nothing near has it."""
    found = [way for way in ways_to(column.name, sources, context.schema) if table in ("", way.table)]
    if not found:
        return None
    before = column.sql()
    if len(found) == 1 and (alias := join(place.select, found[0], context.schema)):
        column.set("table", exp.to_identifier(alias))
        return _finding(before, why, f"join {found[0].table} and use {column.sql()}", mended=True)
    return _finding(before, why, " or ".join(told(way, context.schema) for way in found[:3]))


def _finding(where: str, why: str, mend: str, *, mended: bool = False) -> Finding:
    return Finding("names", where, why, mend, mended)
