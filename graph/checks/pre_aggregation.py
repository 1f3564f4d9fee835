"""A table that is only summed up, summed before it is joined."""

from sqlglot import exp

from graph.checks.joined import Joined
from graph.checks.scopes import Source, conjuncts, is_star

_AGAIN: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.Sum: exp.Sum,
    exp.Count: exp.Sum,
    exp.Min: exp.Min,
    exp.Max: exp.Max,
}


def summed_before(joined: Joined, source: Source) -> bool:
    """Put a sub-query with one row for each join in the place of a joined table.

    Only where the table is joined by equalities and used in aggregates and in conditions of its own; False,
    with the tree as it was, where that is not so.
    """
    select, join = joined.select, source.node.parent
    alias = source.alias.lower()
    if not isinstance(join, exp.Join) or join.parent is not select or join.side not in ("", "LEFT"):
        return False
    if join.args.get("using") or join.method or source.node.args.get("joins"):
        return False
    keys, own = _split(join, alias, joined)
    if not keys:
        return False
    where = select.args.get("where")
    filters = [
        part
        for part in conjuncts(where.this if where is not None else None)
        if alias in joined.aliases_in(part)
    ]
    aggregates = _aggregates(joined, alias)
    if aggregates is None or (filters and join.side):
        return False
    if any(joined.aliases_in(part) != {alias} for part in filters):
        return False
    if not _is_used_so(joined, alias, [*aggregates, *filters, join]):
        return False
    _replace(select, join, alias, keys, [*own, *filters], aggregates)
    return True


def _split(join: exp.Join, alias: str, joined: Joined) -> tuple[list[str], list[exp.Expr]]:
    """The table's columns that the join compares, and its conditions on the table alone."""
    keys, own = list[str](), list[exp.Expr]()
    for part in conjuncts(join.args.get("on")):
        if joined.aliases_in(part) == {alias}:
            own.append(part)
            continue
        sides = [part.this, part.expression] if isinstance(part, exp.EQ) else []
        columns = [side for side in sides if isinstance(side, exp.Column)]
        mine = [side for side in columns if alias in joined.aliases_in(side)]
        if len(mine) != 1 or len(columns) != 2:
            return [], []
        keys.append(mine[0].name)
    return keys, own


def _aggregates(joined: Joined, alias: str) -> list[exp.Expr] | None:
    """The aggregates over the table; None where one cannot be taken in two steps."""
    found = list[exp.Expr]()
    for node in joined.select.find_all(exp.AggFunc):
        if node.find_ancestor(exp.Select) is not joined.select:
            continue
        used = joined.aliases_in(node)
        if isinstance(node, exp.Count) and not used:
            return None
        if alias not in used:
            continue
        if type(node) not in _AGAIN or used != {alias} or node.find(exp.Distinct) or node.find(exp.Query):
            return None
        if isinstance(node.parent, exp.Window | exp.Filter):
            return None
        found.append(node)
    return found


def _is_used_so(joined: Joined, alias: str, parts: list[exp.Expr]) -> bool:
    """Whether the given parts are all that the table is used for."""
    if any(is_star(item) for item in joined.select.expressions):
        return False
    allowed = {id(node) for part in parts for node in part.walk()}
    return all(
        id(column) in allowed or alias not in joined.aliases_in(column)
        for column in joined.select.find_all(exp.Column)
    )


def _replace(
    select: exp.Select,
    join: exp.Join,
    alias: str,
    keys: list[str],
    conditions: list[exp.Expr],
    aggregates: list[exp.Expr],
) -> None:
    table = join.this
    name = table.alias_or_name
    listed: list[exp.Expr] = [exp.column(key, table=name) for key in dict.fromkeys(keys)]
    for number, node in enumerate(aggregates, start=1):
        listed.append(exp.alias_(node.copy(), f"{node.key}_{number}"))
        again = _AGAIN[type(node)](this=exp.column(f"{node.key}_{number}", table=name))
        whole = isinstance(node, exp.Count)
        node.replace(exp.Coalesce(this=again, expressions=[exp.Literal.number(0)]) if whole else again)
    inner = exp.Select(expressions=listed).from_(table.copy(), copy=False)
    if conditions:
        inner.set("where", exp.Where(this=exp.and_(*(part.copy() for part in conditions), copy=False)))
    grouped = [exp.column(key, table=name) for key in dict.fromkeys(keys)]
    inner.set("group", exp.Group(expressions=grouped))
    _drop(select, join, conditions)
    table.replace(inner.subquery(name, copy=False))


def _drop(select: exp.Select, join: exp.Join, conditions: list[exp.Expr]) -> None:
    """Leave out of ON and WHERE what the sub-query holds now."""
    gone = {id(part) for part in conditions}
    join.set("on", _without(join.args["on"], gone))
    where = select.args.get("where")
    if where is not None:
        rest = _without(where.this, gone)
        select.set("where", exp.Where(this=rest) if rest is not None else None)


def _without(condition: exp.Expr, gone: set[int]) -> exp.Expr | None:
    kept = [part.copy() for part in conjuncts(condition) if id(part) not in gone]
    return exp.and_(*kept, copy=False) if kept else None
