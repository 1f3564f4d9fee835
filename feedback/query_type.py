"""What type of query a statement is, for quality by type: read from its tree."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

TYPES = ("figure", "breakdown", "trend", "ranking", "comparison", "list", "other")
_TIME = (
    *(exp.TimestampTrunc, exp.DateTrunc, exp.TimeToStr, exp.Extract, exp.Year, exp.Month, exp.Week),
    *(exp.StrToTime, exp.TsOrDsToDate, exp.Date),
)


def query_type(sql: str, dialect: str) -> str:
    """One of TYPES; 'other' where it cannot be read.

    >>> query_type("SELECT COUNT(*) FROM orders", "sqlite")
    'figure'
    >>> query_type("SELECT country, SUM(amount) FROM orders GROUP BY 1 ORDER BY 2 DESC LIMIT 5", "sqlite")
    'ranking'
    >>> query_type("SELECT STRFTIME('%Y-%m', at), SUM(amount) FROM orders GROUP BY 1", "sqlite")
    'trend'
    """
    try:
        tree = sqlglot.parse_one(sql, dialect=dialect or None)
    except (SqlglotError, RecursionError):
        return "other"
    if isinstance(tree, exp.SetOperation):
        return "comparison"
    if not isinstance(tree, exp.Select):
        return "other"
    grouped = tree.args.get("group")
    if tree.args.get("limit") and tree.args.get("order"):
        return "ranking"
    if grouped is not None:
        return "trend" if any(_is_time(key, tree) for key in grouped.expressions) else "breakdown"
    conditional = [case for item in tree.expressions for case in item.find_all(exp.Case)]
    if len(conditional) > 1:
        return "comparison"
    own = (item.find(exp.AggFunc) for item in tree.expressions)
    return (
        "figure"
        if any(found is not None and not found.find_ancestor(exp.Window) for found in own)
        else "list"
    )


def _is_time(key: exp.Expr, tree: exp.Select) -> bool:
    if isinstance(key, exp.Literal) and not key.is_string:
        place = int(key.name) - 1
        key = tree.expressions[place] if 0 <= place < len(tree.expressions) else key
    named = {item.alias: item for item in tree.expressions if isinstance(item, exp.Alias)}
    if isinstance(key, exp.Column) and not key.table and key.name in named:
        key = named[key.name]
    return key.find(*_TIME) is not None
