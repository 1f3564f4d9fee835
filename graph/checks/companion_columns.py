"""Columns that say nothing without another: an amount without its currency."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes


def companion_columns(tree: exp.Expr, context: CheckContext) -> Checked:
    """Ask for the column that a rule wants selected, grouped or filtered beside another.

    >>> # SELECT SUM(o.charged_amount) FROM orders o  ->  finding: group or filter by orders.currency
    """
    needs = {
        name.lower(): (other, rule.rule)
        for rule in context.rules
        for name, other in rule.needs_column.items()
    }
    if not needs:
        return Checked(tree)
    scopes = Scopes(tree, context.schema)
    findings: dict[str, Finding] = {}
    for select in scopes.selects:
        used = {f"{scopes.table_of(column)}.{column.name}".lower() for column in scopes.columns[id(select)]}
        for name in sorted(used & needs.keys()):
            other, rule = needs[name]
            if other.lower() not in used:
                why = f"the rule {rule} wants {other} beside {name}"
                findings[name] = Finding(
                    "companion_columns", name, why, f"select, group or filter by {other}"
                )
    return Checked(tree, tuple(findings.values()))
