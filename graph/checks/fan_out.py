"""A measure that a join repeats is counted too often."""

from dataclasses import dataclass

from sqlglot import exp

from graph.checks.fan_out_mends import mended
from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.joined import Joined
from graph.checks.scopes import Scopes, Source, columns_in, scopes_of

MOST_MENDS = 4


def fan_out(tree: exp.Expr, context: CheckContext) -> Checked:
    """Find sums, averages and counts over rows that a one-to-many join repeats.

    Applies when: a SELECT aggregates over joined tables whose keys are known.
    Violated when: from the tables of the measure, a join goes to a table of which several rows may belong to
    one row, and nothing (its key, a group, a value) holds it to one.
    Says: which measure is repeated, and by which table.
    Mends: COUNT(DISTINCT key) for a key; EXISTS for a table that only filters; a LEFT JOIN that nothing uses
    is left out; a table that is only summed is summed before it is joined. Else words for the model.

    >>> # SELECT SUM(o.net_amount) FROM orders o JOIN shipments s ON s.order_id = o.order_id
    >>> # WHERE s.carrier = 'DHL'   ->   ... WHERE EXISTS(SELECT 1 FROM shipments s WHERE ...)
    """
    findings: list[Finding] = []
    single = frozenset(name for rule in context.held for name in rule.unique)
    for _ in range(MOST_MENDS):
        scopes = scopes_of(tree, context.schema)
        repeated = _repeated(scopes, single)
        if not repeated:
            break
        after = mended(repeated[0].aggregate, repeated[0].by, scopes, single)
        if after is None:
            return Checked(tree, (*findings, *(_finding(found, context) for found in repeated)))
        findings.append(_finding(repeated[0], context, mend=after.how))
        tree = after.tree
    return Checked(tree, tuple(findings))


@dataclass(frozen=True)
class Repeated:
    """An aggregate, the table whose rows are repeated in it, and the source that repeats them."""

    aggregate: exp.Expr
    table: str
    by: Source


def _finding(found: Repeated, context: CheckContext, mend: str = "") -> Finding:
    where = found.aggregate.sql(dialect=context.dialect)
    why = f"{where} takes a row of {found.table} once for every row of {found.by.table} that belongs to it"
    words = f"sum up {found.by.table} in a sub-query before you join it, or ask with EXISTS"
    return Finding("fan_out", where, why, mend or words, mended=bool(mend))


def _repeated(scopes: Scopes, single: frozenset[str]) -> list[Repeated]:
    found = []
    for select in scopes.selects:
        if len(scopes.of(select)) < 2:
            continue
        joined: Joined | None = None
        for aggregate in scopes.of_kind(exp.Sum, exp.Avg, exp.Count):
            if aggregate.find_ancestor(exp.Select) is not select or _is_window(aggregate):
                continue
            joined = joined or Joined(select, scopes, single)
            one = _one_repeated(aggregate, joined)
            if one is not None:
                found.append(one)
    return found


def _is_window(aggregate: exp.Expr) -> bool:
    parent = aggregate.parent
    return isinstance(parent, exp.Window) or (
        isinstance(parent, exp.Filter | exp.IgnoreNulls) and isinstance(parent.parent, exp.Window)
    )


def _one_repeated(aggregate: exp.Expr, joined: Joined) -> Repeated | None:
    inner = aggregate.this
    if isinstance(inner, exp.Distinct):
        return None
    if isinstance(aggregate, exp.Count) and isinstance(inner, exp.Column):
        return _repeated_key(aggregate, inner, joined)
    measured = set() if isinstance(aggregate, exp.Count) else _measured(inner, joined)
    if not measured:
        return _combined_rows(aggregate, joined)
    by = joined.multipliers(measured)
    if not by or (isinstance(aggregate, exp.Avg) and _begins_with(joined, by[0])):
        return None
    source = joined.sources[min(measured)]
    return Repeated(aggregate, source.table or source.alias, by[0])


def _repeated_key(count: exp.Expr, column: exp.Column, joined: Joined) -> Repeated | None:
    """A key that is counted; what else is counted may well be the rows that repeat."""
    place = joined.place(column)
    table = joined.sources[place[0]].table if place is not None else None
    if place is None or table is None:
        return None
    if joined.scopes.schema.by_name[table].primary_key != (place[1],):
        return None
    by = joined.multipliers([place[0]])
    return Repeated(count, table, by[0]) if by else None


def _combined_rows(aggregate: exp.Expr, joined: Joined) -> Repeated | None:
    """Rows that are counted, and are combinations of rows, no table's own."""
    first = next(iter(joined.sources.values()))
    for alias, source in joined.sources.items():
        if source.table is None or not joined.multipliers([alias]):
            return None
    return Repeated(aggregate, first.table or "", joined.multipliers([first.alias.lower()])[0])


def _measured(inner: exp.Expr, joined: Joined) -> set[str]:
    """The aliases of the sources that an amount is made of; empty where rows are counted."""
    amounts = [part for part in _amounts(inner) if not isinstance(part, exp.Predicate)]
    return {place[0] for part in amounts for column in columns_in(part) if (place := joined.place(column))}


def _amounts(node: exp.Expr) -> list[exp.Expr]:
    """What a CASE gives; anything else as it is."""
    while isinstance(node, exp.Paren):
        node = node.this
    if not isinstance(node, exp.Case):
        return [node]
    results = [branch.args["true"] for branch in node.args["ifs"]]
    default = node.args.get("default")
    return [part for result in [*results, *([default] if default else [])] for part in _amounts(result)]


def _begins_with(joined: Joined, by: Source) -> bool:
    """Whether the SELECT starts from the rows that repeat, so that an average over them is what was meant."""
    from_ = joined.select.args.get("from_")
    return from_ is not None and from_.this is by.node
