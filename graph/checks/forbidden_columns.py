"""Columns that a rule keeps out of sight."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes, is_star, scopes_of


def forbidden_columns(tree: exp.Expr, context: CheckContext) -> Checked:
    """Keep the columns that rules forbid out of a statement.

    Applies when: a rule's `forbid` names a column of a table that is read, and holds for who asks.
    Violated when: the column is used for more than being counted or asked whether it is filled.
    Says: which rule keeps it out of every answer.
    Mends: a star that would show it is spelled out without it. Else words for the model.

    >>> # SELECT * FROM customers  ->  SELECT customer_id, first_name, ... FROM customers
    """
    owners = {name.lower(): rule.rule for rule in context.held for name in rule.forbid}
    if not owners:
        return Checked(tree)
    scopes = scopes_of(tree, context.schema)
    findings: list[Finding] = []
    if spells_out(scopes, owners):
        tree = tree.copy()
        scopes = Scopes(tree, context.schema)
        findings += without_stars("forbidden_columns", scopes, owners)
        scopes = Scopes(tree, context.schema)
    for select in scopes.selects:
        for column in scopes.columns[id(select)]:
            table = scopes.table_of(column)
            full_name = f"{table}.{column.name}".lower()
            if full_name in owners and not is_harmless(column):
                findings.append(_finding(f"{table}.{column.name}", owners[full_name]))
        findings += _joined_by(select, scopes, owners)
    return Checked(tree, tuple(dict.fromkeys(findings)))


def _finding(column: str, rule: str) -> Finding:
    why = f"the rule {rule} keeps {column} out of every answer"
    return Finding("forbidden_columns", column, why, "leave it out")


def is_harmless(column: exp.Column) -> bool:
    """Whether a column is only counted, or asked whether it is filled."""
    parent = column.parent
    if isinstance(parent, exp.Is):
        return isinstance(parent.expression, exp.Null | exp.Not)
    if isinstance(parent, exp.Distinct):
        parent = parent.parent
    return isinstance(parent, exp.Count)


def _joined_by(select: exp.Select, scopes: Scopes, owners: dict[str, str]) -> list[Finding]:
    """USING names columns without being one."""
    names = {
        name.name.lower() for join in select.args.get("joins") or () for name in join.args.get("using") or ()
    }
    found = []
    for source in scopes.of(select) if names else ():
        for name in sorted(names):
            full_name = f"{source.table}.{name}".lower()
            if full_name in owners:
                found.append(_finding(f"{source.table}.{name}", owners[full_name]))
    return found


def spells_out(scopes: Scopes, owners: dict[str, str]) -> bool:
    """Whether a star stands for one of the columns."""
    return any(_hidden(select, scopes, owners) for select in scopes.selects)


def _hidden(select: exp.Select, scopes: Scopes, owners: dict[str, str]) -> list[str]:
    if not any(is_star(item) for item in select.expressions):
        return []
    tables = {source.table.lower() for source in scopes.of(select) if source.table}
    return sorted(name for name in owners if name.rpartition(".")[0] in tables)


def without_stars(check: str, scopes: Scopes, owners: dict[str, str]) -> list[Finding]:
    """Spell out the stars that show a column of `owners`, without it; the tree of `scopes` is changed."""
    findings = []
    for select in scopes.selects:
        hidden = _hidden(select, scopes, owners)
        if not hidden:
            continue
        expanded = _expanded(select, scopes, owners)
        told = ", ".join(hidden)
        why = f"the rule {owners[hidden[0]]} keeps {told} out of every answer, and a star would show it"
        findings.append(Finding(check, "*", why, "name the columns", mended=expanded is not None))
        if expanded is not None:
            select.set("expressions", expanded)
    return findings


def _expanded(select: exp.Select, scopes: Scopes, owners: dict[str, str]) -> list[exp.Expr] | None:
    """The select list with every star spelled out; None where a source's columns are not known."""
    items: list[exp.Expr] = []
    for item in select.expressions:
        if not is_star(item):
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
