"""One text for expressions that mean the same."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError


def normal(sql: str) -> str:
    """In lower case, spaced as sqlglot writes it; what it cannot parse in lower case alone.

    >>> normal("sum( Orders.Amount )")
    'sum(orders.amount)'
    """
    try:
        return sqlglot.parse_one(sql, into=exp.Condition).sql().lower()
    except SqlglotError:
        return sql.lower()
