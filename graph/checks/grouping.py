"""GROUP BY a place of the select list that holds an aggregate: it cannot run, and what was meant is plain."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding


def grouping(tree: exp.Expr, context: CheckContext) -> Checked:
    """Leave out of GROUP BY the places of aggregates.

    >>> # SELECT p.name, SUM(oi.quantity) FROM ... GROUP BY 1, 2  ->  GROUP BY 1
    """
    tree = tree.copy()
    findings = []
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        if group is None:
            continue
        kept = [place for place in group.expressions if not _aggregates(place, select.expressions)]
        if len(kept) == len(group.expressions):
            continue
        where = group.sql(dialect=context.dialect)
        findings.append(
            Finding("grouping", where, "an aggregate cannot be grouped by", "it was left out", mended=True)
        )
        if kept or group.args.get("rollup") or group.args.get("cube"):
            group.set("expressions", kept)
        else:
            select.set("group", None)
    return Checked(tree, tuple(findings))


def _aggregates(place: exp.Expr, selected: list[exp.Expr]) -> bool:
    if not isinstance(place, exp.Literal) or place.is_string or not place.this.isdigit():
        return False
    number = int(place.this)
    if not 1 <= number <= len(selected):
        return False
    aggregates = selected[number - 1].find_all(exp.AggFunc)
    return any(not node.find_ancestor(exp.Window, exp.Subquery) for node in aggregates)
