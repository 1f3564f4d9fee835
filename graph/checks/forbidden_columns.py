"""Columns that a rule keeps out of sight."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes


def forbidden_columns(tree: exp.Expr, context: CheckContext) -> Checked:
    """Refuse forbidden columns, but to count them or to ask whether they are filled.

    A star that would show one is spelled out without it.

    >>> # SELECT * FROM customers  ->  SELECT customer_id, first_name, ... FROM customers
    """
    owners = {name.lower(): rule.rule for rule in context.rules for name in rule.forbid}
    if not owners:
        return Checked(tree)
    tree = tree.copy()
    scopes = Scopes(tree, context.schema)
    findings = _stars(scopes, owners)
    for select in scopes.selects:
        for column in scopes.columns[id(select)]:
            table = scopes.table_of(column)
            full_name = f"{table}.{column.name}".lower()
            if full_name in owners and not _harmless(column):
                why = f"the rule {owners[full_name]} keeps {table}.{column.name} out of every answer"
                findings.append(Finding("forbidden_columns", f"{table}.{column.name}", why, "leave it out"))
    return Checked(tree, tuple(findings))


def _harmless(column: exp.Column) -> bool:
    parent = column.parent
    if isinstance(parent, exp.Is):
        return isinstance(parent.expression, exp.Null | exp.Not)
    if isinstance(parent, exp.Distinct):
        parent = parent.parent
    return isinstance(parent, exp.Count)


def _stars(scopes: Scopes, owners: dict[str, str]) -> list[Finding]:
    findings = []
    for select in scopes.selects:
        tables = {source.table for source in scopes.of(select) if source.table}
        hidden = {name for name in owners if name.rpartition(".")[0] in {table.lower() for table in tables}}
        if not hidden or not any(_is_star(item) for item in select.expressions):
            continue
        rule = owners[min(hidden)]
        expanded = _expanded(select, scopes, owners)
        why = (
            f"the rule {rule} keeps {', '.join(sorted(hidden))} out of every answer, and a star would show it"
        )
        findings.append(
            Finding("forbidden_columns", "*", why, "name the columns", mended=expanded is not None)
        )
        if expanded is not None:
            select.set("expressions", expanded)
    return findings


def _is_star(item: exp.Expr) -> bool:
    return isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star))


def _expanded(select: exp.Select, scopes: Scopes, owners: dict[str, str]) -> list[exp.Expr] | None:
    """The select list with every star spelled out; None where a source's columns are not known."""
    items: list[exp.Expr] = []
    for item in select.expressions:
        if not _is_star(item):
            items.append(item)
            continue
        star = item if isinstance(item, exp.Star) else item.this
        if any(star.args.values()):
            return None
        for source in scopes.of(select):
            if isinstance(item, exp.Column) and source.alias.lower() != item.table.lower():
                continue
            if source.table is None:
                return None
            items += [
                exp.column(column.name, table=source.alias)
                for column in scopes.schema.by_name[source.table].columns
                if f"{source.table}.{column.name}".lower() not in owners
            ]
    return items
