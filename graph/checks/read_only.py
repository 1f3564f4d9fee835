"""Nothing but reading: SELECT, WITH ... SELECT, and set operations of them."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding

WRITING = (
    exp.Alter,
    exp.Analyze,
    exp.Attach,
    exp.Cache,
    exp.Command,
    exp.Comment,
    exp.Commit,
    exp.Copy,
    exp.Create,
    exp.DDL,
    exp.DML,
    exp.Describe,
    exp.Detach,
    exp.Drop,
    exp.Grant,
    exp.Into,
    exp.Kill,
    exp.LoadData,
    exp.Lock,
    exp.Merge,
    exp.Pragma,
    exp.Revoke,
    exp.Rollback,
    exp.Set,
    exp.Show,
    exp.Summarize,
    exp.Transaction,
    exp.TruncateTable,
    exp.Uncache,
    exp.Use,
)
OUTSIDE = (exp.Parameter, exp.SessionParameter, exp.Placeholder, exp.PropertyEQ)


def read_only(tree: exp.Expr, context: CheckContext) -> Checked:
    """Refuse every statement that is not a query, or that has a part which writes, locks or reads variables.

    >>> # WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone  ->  finding at 'DELETE'
    """
    if not _is_query(tree):
        return Checked(tree, (_finding(tree, "only SELECT is allowed"),))
    for node in tree.walk():
        if isinstance(node, WRITING):
            return Checked(
                tree, (_finding(node, "a part of the statement writes, locks or changes settings"),)
            )
        if isinstance(node, OUTSIDE):
            return Checked(
                tree, (_finding(node, "variables and placeholders are not allowed", "write the value"),)
            )
    return Checked(tree)


def _is_query(tree: exp.Expr) -> bool:
    if isinstance(tree, exp.Subquery):
        return _is_query(tree.this)
    if isinstance(tree, exp.SetOperation):
        return _is_query(tree.this) and _is_query(tree.expression)
    return isinstance(tree, exp.Select)


def _finding(node: exp.Expr, why: str, mend: str = "write one SELECT that only reads") -> Finding:
    return Finding("read_only", node.key.upper(), why, mend)
