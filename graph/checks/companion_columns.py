"""Columns that say nothing without another: an amount without its currency."""

from collections.abc import Iterator

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.joined import grouped_by
from graph.checks.scopes import Scopes, conjuncts, scopes_of


def companion_columns(tree: exp.Expr, context: CheckContext) -> Checked:
    """Ask for the column that must be selected, grouped or filtered beside another.

    Applies when: a SELECT reads a column of a rule's `needs_column`, or one whose `unit` in the glossary is a
    column of the database.
    Violated when: the other column is not in the SELECT; for an aggregate: when rows of several of its values
    are added up, because it is neither grouped by, nor held to one value, nor asked for within the aggregate.
    Says: which rule wants which column.
    Mends: words for the model.

    >>> # SELECT SUM(o.charged_amount) FROM orders o  ->  finding: group or filter by orders.currency
    """
    needs = _needs(context)
    if not needs:
        return Checked(tree)
    scopes = scopes_of(tree, context.schema)
    findings: dict[str, Finding] = {}
    for select in scopes.selects:
        for column in scopes.columns[id(select)]:
            name = f"{scopes.table_of(column)}.{column.name}".lower()
            if name not in needs or _is_only_counted(column):
                continue
            other, why = needs[name]
            if not _goes_with(column, other.lower(), select, scopes):
                findings[name] = Finding(
                    "companion_columns",
                    name,
                    f"{why} {other} beside {name}",
                    f"select, group or filter by {other}",
                )
    return Checked(tree, tuple(findings.values()))


def _needs(context: CheckContext) -> dict[str, tuple[str, str]]:
    """Column -> the one that it needs, and who says so."""
    known = (
        {f"{table.name}.{column.name}" for table, column in context.schema.columns()} if context.terms else ()
    )
    found = {
        term.column.lower(): (term.unit, f"{term.term} is in the unit of another column, and wants")
        for term in context.terms
        if term.column and term.unit in known
    }
    for rule in context.held:
        for name, other in rule.needs_column.items():
            found[name.lower()] = (other, f"the rule {rule.rule} wants")
    return found


def _is_only_counted(column: exp.Column) -> bool:
    parent = column.parent.parent if isinstance(column.parent, exp.Distinct) else column.parent
    return isinstance(parent, exp.Count) or (
        isinstance(parent, exp.Is) and isinstance(parent.expression, exp.Null)
    )


def _goes_with(column: exp.Column, other: str, select: exp.Select, scopes: Scopes) -> bool:
    aggregate = _aggregate(column)
    if aggregate is None:
        return any(_is(found, other, scopes) for found in scopes.columns[id(select)])
    if any(_is(found, other, scopes) for found in aggregate.find_all(exp.Column)):
        return True
    grouped = [found for item in grouped_by(select) for found in item.find_all(exp.Column)]
    if any(_is(found, other, scopes) for found in grouped):
        return True
    return any(_holds_to_one(condition, other, scopes) for condition in _conditions(select))


def _aggregate(column: exp.Column) -> exp.Expr | None:
    node = column.parent
    while node is not None and not isinstance(node, exp.Select):
        if isinstance(node, exp.AggFunc):
            return node
        node = node.parent
    return None


def _is(column: exp.Column, name: str, scopes: Scopes) -> bool:
    return f"{scopes.table_of(column)}.{column.name}".lower() == name


def _conditions(select: exp.Select) -> Iterator[exp.Expr]:
    holders = [select.args.get("where"), *(select.args.get("joins") or ())]
    for holder in holders:
        if holder is not None:
            yield from conjuncts(holder.this if isinstance(holder, exp.Where) else holder.args.get("on"))


def _holds_to_one(condition: exp.Expr, name: str, scopes: Scopes) -> bool:
    single = isinstance(condition, exp.EQ) or (
        isinstance(condition, exp.In) and len(condition.expressions) == 1
    )
    return single and any(_is(found, name, scopes) for found in condition.find_all(exp.Column))
