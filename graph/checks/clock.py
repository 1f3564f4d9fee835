"""Today is the workspace's today, so that an answer can be repeated and a demo stands still."""

import datetime as dt

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked

DATES = (exp.CurrentDate, exp.UtcDate)
MOMENTS = (exp.CurrentTimestamp, exp.CurrentDatetime, exp.Localtimestamp, exp.UtcTimestamp)
NAMED_MOMENTS = {
    "now",
    "sysdate",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "get_current_timestamp",
}
WORDS = {"now": 0, "today": 0, "yesterday": -1, "tomorrow": 1}


def clock(tree: exp.Expr, context: CheckContext) -> Checked:
    """Put the injected day in the place of every way to ask the database for the time.

    >>> # DATE('now', '-1 month')  ->  DATE('2025-11-14', '-1 month')
    """
    tree = tree.copy()
    today = context.clock.today()
    for node in list(tree.walk()):
        fixed = _fixed(node, today, context.dialect)
        if fixed is None:
            continue
        if node is tree:
            tree = fixed
        else:
            node.replace(fixed)
    return Checked(tree)


def _fixed(node: exp.Expr, today: dt.date, dialect: str) -> exp.Expr | None:
    if isinstance(node, MOMENTS) or _is_call(node, NAMED_MOMENTS, dialect):
        return _moment(today, dialect)
    if isinstance(node, exp.CurrentTime):
        literal = exp.Literal.string("23:59:59")
        return literal if dialect == "sqlite" else exp.cast(literal, "time")
    if isinstance(node, DATES) or (isinstance(node, exp.Date) and not node.args.get("this")):
        return _day(today, dialect)
    if _is_call(node, {"today"}, dialect):
        return _day(today, dialect)
    if _is_call(node, {"unix_timestamp"}, dialect):
        node.set("expressions", [_moment(today, dialect)])
        return None
    if dialect == "sqlite" and isinstance(node, exp.Anonymous) and not node.expressions:
        if node.name.lower() in _SQLITE_NOW_CALLS:
            node.set("expressions", [_moment(today, dialect)])
        return None
    if isinstance(node, exp.Literal) and node.is_string and _is_time_word(node, dialect):
        day = today + dt.timedelta(days=WORDS[node.name.lower()])
        if isinstance(node.parent, exp.Anonymous) and node.parent.name.lower() == "datetime":
            return exp.Literal.string(f"{day} 23:59:59")
        return exp.Literal.string(day.isoformat())
    return None


def _is_call(node: exp.Expr, names: set[str], dialect: str) -> bool:
    return (
        dialect != "sqlite"
        and isinstance(node, exp.Anonymous)
        and node.name.lower() in names
        and not node.expressions
    )


def _is_time_word(literal: exp.Literal, dialect: str) -> bool:
    """'now' as the argument of a date function or under a cast, and never as a value to compare with."""
    if literal.name.lower() not in WORDS:
        return False
    parent = literal.parent
    if dialect == "sqlite":
        return literal.name.lower() == "now" and (
            isinstance(parent, exp.Date | exp.Time | exp.TsOrDsToTimestamp)
            or (isinstance(parent, exp.Anonymous) and parent.name.lower() in _SQLITE_DATE_CALLS)
        )
    return isinstance(parent, exp.Cast) and parent.to.is_type(*exp.DataType.TEMPORAL_TYPES)


_SQLITE_NOW_CALLS = {"datetime", "time", "julianday", "unixepoch"}
"""Without an argument they take the present moment."""
_SQLITE_DATE_CALLS = {"date", "datetime", "time", "julianday", "unixepoch", "strftime", "timediff"}


def _day(today: dt.date, dialect: str) -> exp.Expr:
    literal = exp.Literal.string(today.isoformat())
    return literal if dialect == "sqlite" else exp.cast(literal, "date")


def _moment(today: dt.date, dialect: str) -> exp.Expr:
    literal = exp.Literal.string(f"{today} 23:59:59")
    return literal if dialect == "sqlite" else exp.cast(literal, "timestamp")
