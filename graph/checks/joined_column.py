"""A column that a table of the statement lacks and a table beside it has: join that table, or say how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from graph.checks.scopes import Source, has_column
from graph.named_trees import joined_on, table_as
from knowledge.schema import ForeignKey, Schema

MOST_STEPS = 2


@dataclass(frozen=True)
class Way:
    """How to come to the table that has the column. `multiplies`: a row may meet several rows there."""

    source: Source
    keys: tuple[ForeignKey, ...]
    table: str
    multiplies: bool


def ways_to(column: str, sources: Sequence[Source], schema: Schema) -> list[Way]:
    """Of the tables that have the column those that are the fewest joins away."""
    reached = [Way(s, (), s.table, False) for s in sources if s.table is not None]
    seen = {way.table for way in reached}
    for _ in range(MOST_STEPS):
        reached = [step for way in reached for step in _steps(way, schema) if step.table not in seen]
        found = [way for way in reached if has_column(schema, way.table, column)]
        if found:
            return found
        seen |= {way.table for way in reached}
    return []


def join(select: exp.Select, way: Way, schema: Schema) -> str | None:
    """Add the joins to the statement; the alias of the last table, None where the joins cannot be added.

    A row is never lost: where the key may be NULL the join is a left one.
    """
    taken = {table.alias_or_name.lower() for table in select.find_all(exp.Table)}
    aliases = {**schema.aliases, way.keys[0].table: way.source.alias} if way.keys else {}
    new = [aliases[foreign.to_table] for foreign in way.keys]
    if way.multiplies or not new or taken & {alias.lower() for alias in new}:
        return None
    optional = False
    for foreign, alias in zip(way.keys, new, strict=True):
        columns = schema.by_name[foreign.table].by_name
        optional = optional or any(columns[name].nullable for name in foreign.columns)
        table = table_as(foreign.to_table, alias, schema.dialect)
        on = joined_on(foreign, aliases, schema.dialect)
        select.join(table, on=on, join_type="LEFT" if optional else "", copy=False)
    return new[-1]


def told(way: Way, schema: Schema) -> str:
    """'customers has it: join customers ON cu.customer_id = o.customer_id'."""
    aliases = {**schema.aliases, way.source.table or "": way.source.alias}
    joined = (joined_on(foreign, aliases, schema.dialect) for foreign in way.keys)
    conditions = " AND ".join(on.sql(dialect=schema.dialect) for on in joined)
    return f"{way.table} has it, with {conditions}"


def _steps(way: Way, schema: Schema) -> Iterator[Way]:
    for foreign in schema.foreign_keys:
        if foreign.table == way.table:
            yield Way(way.source, (*way.keys, foreign), foreign.to_table, way.multiplies)
        elif foreign.to_table == way.table:
            yield Way(way.source, (*way.keys, foreign), foreign.table, True)
