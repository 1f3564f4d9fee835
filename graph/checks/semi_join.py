"""A join that only filters, written as EXISTS."""

from dataclasses import dataclass

from sqlglot import exp

from graph.checks.joined import Joined
from graph.checks.scopes import conjuncts, is_star

_SHOWING = ("expressions", "group", "having", "order", "qualify", "windows", "distinct")


def asked_with_exists(joined: Joined, filtering: frozenset[str]) -> bool:
    """Move the sources `filtering` of a SELECT, and the conditions on them, into an EXISTS.

    Only where all joins are inner ones, the sources do nothing but filter, and no row is counted; False, with
    the tree as it was, where that is not so.
    """
    select = joined.select
    kept = [source for alias, source in joined.sources.items() if alias not in filtering]
    if not kept or not filtering or not _only_inner(select) or _is_shown(joined, filtering):
        return False
    conditions = [(condition, joined.aliases_in(condition)) for condition in _conditions(select)]
    others = [(condition, used) for condition, used in conditions if not used & filtering]
    moved = [(condition, used) for condition, used in conditions if used & filtering]
    outside = _read([source.node for source in kept], others)
    hidden = [source.node for alias, source in joined.sources.items() if alias in filtering]
    inside = _read(hidden, moved)
    if outside is None or inside is None:
        return False
    inner = exp.Select(expressions=[exp.Literal.number(1)])
    inside.write(inner)
    outside.conditions.append(exp.Exists(this=inner))
    outside.write(select)
    return True


def _only_inner(select: exp.Select) -> bool:
    """Joins with plain sources, by ON or by a comma; nothing outer, natural or by USING."""
    if select.args.get("laterals") or select.args.get("from_") is None:
        return False
    from_ = select.args["from_"].this
    joins = select.args.get("joins") or []
    return all(
        not join.side and not join.method and not join.args.get("using") and _is_plain(join.this)
        for join in joins
    ) and _is_plain(from_)


def _is_plain(node: exp.Expr) -> bool:
    return isinstance(node, exp.Table | exp.Subquery) and not node.args.get("joins")


def _is_shown(joined: Joined, filtering: frozenset[str]) -> bool:
    """Whether a source is used beside filters, or a count of rows would change without it."""
    select = joined.select
    for item in select.expressions:
        if is_star(item):
            return True
        for count in item.find_all(exp.Count):
            if isinstance(count.this, exp.Star | exp.Literal) and count.find_ancestor(exp.Select) is select:
                return True
    for part in _SHOWING:
        given = select.args.get(part)
        for node in given if isinstance(given, list) else [given]:
            if node is not None and (joined.aliases_in(node) & filtering or _counts_rows(node, select)):
                return True
    return False


def _counts_rows(node: exp.Expr, select: exp.Select) -> bool:
    return any(
        isinstance(found.this, exp.Literal | exp.Case) or found.this.find(exp.Column) is None
        for found in node.find_all(exp.Sum, exp.Count)
        if found.find_ancestor(exp.Select) is select and not isinstance(found.this, exp.Distinct)
    )


def _conditions(select: exp.Select) -> list[exp.Expr]:
    where = select.args.get("where")
    found = [
        condition for join in select.args.get("joins") or () for condition in conjuncts(join.args.get("on"))
    ]
    return found + list(conjuncts(where.this if where is not None else None))


@dataclass
class _Reading:
    """FROM, joins and what is left for WHERE."""

    first: exp.Expr
    joins: list[exp.Join]
    conditions: list[exp.Expr]

    def write(self, select: exp.Select) -> None:
        select.set("from_", exp.From(this=self.first))
        select.set("joins", self.joins)
        where = exp.and_(*self.conditions, copy=False) if self.conditions else None
        select.set("where", exp.Where(this=where) if where is not None else None)


def _read(nodes: list[exp.Expr], conditions: list[tuple[exp.Expr, set[str]]]) -> _Reading | None:
    """The sources joined by their conditions; None where two have nothing to do with each other."""
    names = {node.alias_or_name.lower() for node in nodes}
    known = {nodes[0].alias_or_name.lower()}
    missing, waiting, joins = nodes[1:], list(conditions), list[exp.Join]()
    while missing:
        node = next((node for node in missing if _links(node, known, waiting, names)), None)
        if node is None:
            return None
        on = _links(node, known, waiting, names)
        known.add(node.alias_or_name.lower())
        waiting = [entry for entry in waiting if all(entry[0] is not part for part in on)]
        joins.append(exp.Join(this=node.copy(), on=exp.and_(*(part.copy() for part in on), copy=False)))
        missing = [other for other in missing if other is not node]
    return _Reading(nodes[0].copy(), joins, [condition.copy() for condition, _ in waiting])


def _links(
    node: exp.Expr, known: set[str], conditions: list[tuple[exp.Expr, set[str]]], names: set[str]
) -> list[exp.Expr]:
    """The conditions that link a source with those that stand already."""
    alias = node.alias_or_name.lower()
    return [
        condition
        for condition, used in conditions
        if alias in used and len(used & names) > 1 and used <= known | {alias}
    ]
