"""GROUP BY a place of the select list that holds an aggregate: it cannot run, and what was meant is plain."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes, scopes_of


def grouping(tree: exp.Expr, context: CheckContext) -> Checked:
    """Leave out of GROUP BY the places of aggregates.

    Applies when: a SELECT groups by places of its list.
    Violated when: an aggregate stands at such a place.
    Says: that an aggregate cannot be grouped by.
    Mends: leaves the place out.

    >>> # SELECT p.name, SUM(oi.quantity) FROM ... GROUP BY 1, 2  ->  GROUP BY 1
    """
    if not any(_kept(group) is not None for group in _groups(scopes_of(tree, context.schema))):
        return Checked(tree)
    tree = tree.copy()
    findings = []
    for group in _groups(Scopes(tree, context.schema)):
        kept = _kept(group)
        if kept is None:
            continue
        where = group.sql(dialect=context.dialect)
        findings.append(
            Finding("grouping", where, "an aggregate cannot be grouped by", "it was left out", mended=True)
        )
        if kept or group.args.get("rollup") or group.args.get("cube"):
            group.set("expressions", kept)
        else:
            group.pop()
    return Checked(tree, tuple(findings))


def _groups(scopes: Scopes) -> list[exp.Expr]:
    return [group for group in scopes.of_kind(exp.Group) if isinstance(group.parent, exp.Select)]


def _kept(group: exp.Expr) -> list[exp.Expr] | None:
    """What stays in GROUP BY; None where all of it does."""
    select = group.parent
    assert isinstance(select, exp.Select)
    kept = [place for place in group.expressions if not _aggregates(place, select.expressions)]
    return kept if len(kept) < len(group.expressions) else None


def _aggregates(place: exp.Expr, selected: list[exp.Expr]) -> bool:
    if not isinstance(place, exp.Literal) or place.is_string or not place.this.isdigit():
        return False
    number = int(place.this)
    if not 1 <= number <= len(selected):
        return False
    aggregates = selected[number - 1].find_all(exp.AggFunc)
    return any(not node.find_ancestor(exp.Window, exp.Subquery) for node in aggregates)
