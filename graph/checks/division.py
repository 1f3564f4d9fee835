"""Nothing is divided by zero."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes, conjuncts, scopes_of

GIVES_NULL = frozenset({"sqlite", "mysql", "hive", "spark", "spark2"})
"""Dialects in which a division by zero is NULL anyway."""
_COMPARISONS = (exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def division(tree: exp.Expr, context: CheckContext) -> Checked:
    """Give NULL where something would be divided by zero, which fails in most databases.

    Applies when: the database fails at a division by zero, or makes infinity of it.
    Violated when: the divisor is no number that is written out, and nothing keeps zero from it.
    Says: that the divisor may be zero.
    Mends: NULLIF around the divisor.

    >>> # SUM(o.amount) / COUNT(*)  ->  SUM(o.amount) / NULLIF(COUNT(*), 0)
    """
    if context.dialect in GIVES_NULL or not _places(scopes_of(tree, context.schema)):
        return Checked(tree)
    tree = tree.copy()
    findings = []
    for node in _places(Scopes(tree, context.schema)):
        divisor = node.expression
        where = divisor.sql(dialect=context.dialect)
        while isinstance(divisor, exp.Paren):
            divisor = divisor.this
        node.expression.replace(exp.Nullif(this=divisor.copy(), expression=exp.Literal.number(0)))
        why = f"{where} may be zero, and something is divided by it"
        findings.append(Finding("division", where, why, "such a row was made empty", mended=True))
    return Checked(tree, tuple(findings))


def _places(scopes: Scopes) -> list[exp.Expr]:
    return [node for node in scopes.of_kind(exp.Div, exp.IntDiv, exp.Mod) if not _is_safe(node)]


def _is_safe(node: exp.Expr) -> bool:
    divisor = node.expression
    while isinstance(divisor, exp.Paren | exp.Cast):
        divisor = divisor.this
    if isinstance(divisor, exp.Literal):
        return divisor.is_string or float(divisor.this) != 0
    if isinstance(divisor, exp.Nullif) or _never_zero(divisor):
        return True
    select = node.find_ancestor(exp.Select)
    if isinstance(divisor, exp.Count) and isinstance(divisor.this, exp.Star):
        return isinstance(select, exp.Select) and _counts_a_group(divisor, select)
    if isinstance(select, exp.Select) and _counts_own_rows(divisor, select):
        return True
    return _is_guarded(node, divisor)


def _never_zero(divisor: exp.Expr) -> bool:
    """GREATEST(x, 1), and a COALESCE that ends in a number of its own."""
    if isinstance(divisor, exp.Greatest):
        return any(_is_positive(part) for part in (divisor.this, *divisor.expressions))
    return isinstance(divisor, exp.Coalesce) and isinstance(divisor.this, exp.Nullif)


def _is_positive(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and float(node.this) > 0


def _counts_a_group(count: exp.Expr, select: exp.Select) -> bool:
    """A group holds a row at least; the whole of a table may be empty."""
    return select.args.get("group") is not None and not isinstance(count.parent, exp.Filter)


def _counts_own_rows(divisor: exp.Expr, select: exp.Select) -> bool:
    """A share of all rows of a table: where it has none, there is no row to divide for."""
    inner = divisor.this if isinstance(divisor, exp.Subquery) else None
    if not isinstance(inner, exp.Select) or len(inner.expressions) != 1 or inner.args.get("where"):
        return False
    counted = inner.expressions[0].unalias()
    if (
        not isinstance(counted, exp.Count)
        or not isinstance(counted.this, exp.Star)
        or inner.args.get("joins")
    ):
        return False
    tables = [part.args["from_"].this for part in (inner, select) if part.args.get("from_") is not None]
    return (
        len(tables) == 2
        and all(isinstance(table, exp.Table) for table in tables)
        and (tables[0].name.lower() == tables[1].name.lower())
    )


def _is_guarded(node: exp.Expr, divisor: exp.Expr) -> bool:
    """Whether a CASE around the division, or the SELECT's conditions, keep zero from the divisor."""
    around: exp.Expr | None = node
    while around is not None and not isinstance(around, exp.Select):
        if isinstance(around, exp.Case | exp.If):
            conditions = [branch.this for branch in around.find_all(exp.If)]
            if any(_compares(part, divisor) for condition in conditions for part in condition.walk()):
                return True
        around = around.parent
    if around is None:
        return False
    holders = [around.args.get("where"), around.args.get("having")]
    return any(
        _compares(part, divisor)
        for holder in holders
        if holder is not None
        for part in conjuncts(holder.this)
    )


def _compares(condition: exp.Expr, divisor: exp.Expr) -> bool:
    return isinstance(condition, (*_COMPARISONS, exp.EQ)) and divisor in (
        condition.this,
        condition.expression,
    )
