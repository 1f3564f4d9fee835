"""Tables that nobody reads until a rule about them is mended."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import scopes_of


def closed_tables(tree: exp.Expr, context: CheckContext) -> Checked:
    """Keep out of tables whose rule cannot hold any more.

    Applies when: the schema drifted away from a rule that keeps rows or columns of a table out of answers.
    Violated when: a statement reads that table, however deep.
    Says: which rule has to be mended.
    Mends: nothing; there is no safe answer until then.
    """
    if not context.closed:
        return Checked(tree)
    scopes = scopes_of(tree, context.schema)
    read = dict.fromkeys(s.table for select in scopes.selects for s in scopes.of(select) if s.table)
    found = [
        Finding("closed_tables", table, context.closed[table]) for table in read if table in context.closed
    ]
    return Checked(tree, tuple(found))
