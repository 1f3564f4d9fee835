"""Text to a syntax tree: exactly one statement, in the database's own dialect."""

import logging

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from graph.checks.finding import CheckContext, Finding

MAX_LENGTH = 20_000
RUN_COMMENTS = ("/*!", "/*M!", "/*m!")
STUMBLES = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What sqlglot's parser raises, beside its own errors, over some texts that are no SQL."""

logging.getLogger("sqlglot").setLevel(logging.ERROR)


def parse(sql: str, context: CheckContext) -> exp.Expr | Finding:
    """The tree of the one statement in `sql`, or the finding that says why there is none.

    >>> # "SELECT 1; DROP TABLE orders" -> Finding(why='there are 2 statements, not one')
    """
    if len(sql) > MAX_LENGTH or "\0" in sql:
        return Finding(
            "parse", "statement", "the statement is too long or holds a null character", "shorten it"
        )
    if context.dialect == "mysql" and any(opening in sql for opening in RUN_COMMENTS):
        return Finding("parse", "statement", "it has a comment that MySQL would run", "leave the comment out")
    try:
        parsed = sqlglot.parse(sql, dialect=context.dialect)
    except RecursionError:
        return Finding("parse", "statement", "the statement is nested too deeply", "simplify it")
    except SqlglotError as error:
        return _unreadable(error)
    except STUMBLES:
        return Finding("parse", "statement", "it cannot be parsed", "mend the syntax")
    statements = [tree for tree in parsed if tree is not None and not isinstance(tree, exp.Semicolon)]
    if not statements:
        return Finding("parse", "statement", "there is no statement", "write one SELECT")
    if len(statements) > 1:
        return Finding(
            "parse", "statement", f"there are {len(statements)} statements, not one", "write one SELECT"
        )
    return _unwrapped(statements[0])


def _unwrapped(tree: exp.Expr) -> exp.Expr:
    """The query inside brackets that mean nothing; SQLite does not take them."""
    while isinstance(tree, exp.Subquery) and tree.is_wrapper:
        tree = tree.this
    return tree


def _unreadable(error: SqlglotError) -> Finding:
    details = getattr(error, "errors", None) or [{}]
    reason = str(details[0].get("description") or error).splitlines()[0].strip().rstrip(".")
    near = str(details[0].get("highlight") or "").strip()
    line, column = details[0].get("line"), details[0].get("col")
    where = f"line {line}, column {column}" if line else "statement"
    return Finding(
        "parse", where, f"it cannot be parsed: {reason}{f' near `{near}`' if near else ''}", "mend the syntax"
    )
