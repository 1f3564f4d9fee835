"""Nothing equals NULL: comparisons with it are never true."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes, scopes_of
from knowledge.schema import Schema


def null_comparison(tree: exp.Expr, context: CheckContext) -> Checked:
    """Ask with IS NULL what cannot be asked with `=`.

    Applies when: something is compared with NULL, or stands NOT IN a list or a column that may hold NULL.
    Violated when: always; no row would ever come of it.
    Says: that NULL equals nothing.
    Mends: IS NULL, IS NOT NULL; the NULLs of a list or of a sub-query are left out.

    >>> # WHERE o.paid_at = NULL  ->  WHERE o.paid_at IS NULL
    """
    if not _places(scopes_of(tree, context.schema)):
        return Checked(tree)
    tree = tree.copy()
    findings = []
    for node in _places(Scopes(tree, context.schema)):
        where = node.sql(dialect=context.dialect)
        if isinstance(node, exp.In):
            _leave_out_nulls(node)
            why = "NOT IN a list that holds NULL is true of no row"
            findings.append(Finding("null_comparison", where, why, "the NULLs were left out", mended=True))
            continue
        inside = _is_null(node)
        node.replace(inside)
        mend = f"it was read as {inside.sql(dialect=context.dialect)}"
        findings.append(Finding("null_comparison", where, "nothing equals NULL", mend, mended=True))
    return Checked(tree, tuple(findings))


def _places(scopes: Scopes) -> list[exp.Expr]:
    compared = [
        node
        for node in scopes.of_kind(exp.EQ, exp.NEQ)
        if isinstance(node.this, exp.Null) != isinstance(node.expression, exp.Null)
    ]
    return compared + [node for node in scopes.of_kind(exp.In) if _may_hold_null(node, scopes)]


def _is_null(node: exp.Expr) -> exp.Expr:
    side = node.expression if isinstance(node.this, exp.Null) else node.this
    found = exp.Is(this=side.copy(), expression=exp.Null())
    return exp.Not(this=found) if isinstance(node, exp.NEQ) else found


def _may_hold_null(node: exp.Expr, scopes: Scopes) -> bool:
    if not isinstance(node.parent, exp.Not):
        return False
    if any(isinstance(item, exp.Null) for item in node.expressions):
        return len(node.expressions) > 1
    column = _selected(node)
    if column is None:
        return False
    base = scopes.base_of(column)
    select = column.find_ancestor(exp.Select)
    if base is None or not is_nullable(scopes.schema, *base) or not isinstance(select, exp.Select):
        return False
    return not _is_compared(select, column)


def _selected(node: exp.Expr) -> exp.Column | None:
    """The one column that the sub-query of an IN selects from a table."""
    query = node.args.get("query")
    select = query.this if isinstance(query, exp.Subquery) else query
    if not isinstance(select, exp.Select) or len(select.expressions) != 1 or select.args.get("group"):
        return None
    column = select.expressions[0].unalias()
    return column if isinstance(column, exp.Column) and not isinstance(column.this, exp.Star) else None


def is_nullable(schema: Schema, table: str, name: str) -> bool:
    """Whether a column may hold NULL, in a table that says so of some columns and not of others.

    SQLite says it of primary keys too, which never do.
    """
    columns, key = schema.by_name[table].by_name, schema.by_name[table].primary_key
    found = columns.get(name)
    if found is None or not found.nullable or name in key:
        return False
    return any(not column.nullable for column in columns.values() if column.name not in key)


def _is_compared(select: exp.Select, column: exp.Column) -> bool:
    """Whether the sub-query has a condition on the column, so that NULLs do not come through."""
    holders = [select.args.get("where"), *(join.args.get("on") for join in select.args.get("joins") or ())]
    return any(
        other.name.lower() == column.name.lower()
        for holder in holders
        if holder is not None
        for other in holder.find_all(exp.Column)
    )


def _leave_out_nulls(node: exp.Expr) -> None:
    if node.expressions:
        kept = [item for item in node.expressions if not isinstance(item, exp.Null)]
        node.set("expressions", kept)
        return
    column = _selected(node)
    assert column is not None
    select = column.find_ancestor(exp.Select)
    assert isinstance(select, exp.Select)
    select.where(exp.Not(this=exp.Is(this=column.copy(), expression=exp.Null())), copy=False)
