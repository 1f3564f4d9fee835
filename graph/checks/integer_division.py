"""Two whole numbers divided lose what is behind the point, where the database truncates."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.metric_forms import AGGREGATES
from graph.checks.numbers import is_whole
from graph.checks.scopes import Scopes, scopes_of

TRUNCATING = frozenset({"sqlite", "postgres", "redshift", "tsql", "trino", "presto", "athena", "teradata"})
_REAL = {"sqlite": "double", "tsql": "float"}


def integer_division(tree: exp.Expr, context: CheckContext) -> Checked:
    """Keep what is behind the point when two whole numbers are divided.

    Applies when: the database truncates such a division.
    Violated when: both sides are whole, and neither a group of rows nor a step of a scale is meant: not in
    GROUP BY, not under a CAST to integer, not by a number that is written out unless an aggregate is divided.
    Says: that the result would have been cut.
    Mends: takes the left side for a decimal number.

    >>> # COUNT(o.paid_at) / COUNT(*)  ->  CAST(COUNT(o.paid_at) AS REAL) / COUNT(*)
    """
    if context.dialect not in TRUNCATING or not _places(scopes_of(tree, context.schema)):
        return Checked(tree)
    tree = tree.copy()
    findings = []
    for node in _places(Scopes(tree, context.schema)):
        where = node.sql(dialect=context.dialect)
        node.this.replace(exp.cast(node.this.copy(), _REAL.get(context.dialect, "double"), copy=False))
        why = f"{where} divides whole numbers, which would cut the result"
        findings.append(Finding("integer_division", where, why, "it was made decimal", mended=True))
    return Checked(tree, tuple(findings))


def _places(scopes: Scopes) -> list[exp.Expr]:
    return [
        node
        for node in scopes.of_kind(exp.Div)
        if is_whole(node.this, scopes) and is_whole(node.expression, scopes) and not _is_meant(node)
    ]


def _is_meant(node: exp.Expr) -> bool:
    if isinstance(_bare(node.expression), exp.Literal) and node.this.find(*AGGREGATES) is None:
        return True
    around = node.parent
    while around is not None and not isinstance(around, exp.Select):
        if isinstance(around, exp.Group | exp.Floor):
            return True
        if isinstance(around, exp.Cast) and around.to.is_type(*exp.DataType.INTEGER_TYPES):
            return True
        around = around.parent
    grouped = isinstance(around, exp.Select) and around.args.get("group") is not None
    return grouped and node.find(*AGGREGATES) is None


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node
