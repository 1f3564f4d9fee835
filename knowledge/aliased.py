"""SQL of the glossary, whose columns stand as table.column, written with the schema's short aliases."""

import re

import sqlglot
from sqlglot import exp

from knowledge.schema import Schema


def aliased(sql: str, schema: Schema) -> tuple[str, tuple[str, ...]]:
    """The expression with aliases for full table names, outside of sub-queries, and the tables named there.

    >>> # aliased("SUM(orders.amount) / COUNT(customers.id)", schema)
    >>> # ('SUM(o.amount) / COUNT(cu.id)', ('orders', 'customers'))
    """
    tree = sqlglot.parse_one(sql, dialect=schema.dialect)
    tables: dict[str, None] = {}
    for column in list(tree.find_all(exp.Column)):
        inner = column.find_ancestor(exp.Select)
        own = {table.alias_or_name for table in inner.find_all(exp.Table)} if inner else set()
        if column.table in schema.by_name and column.table not in own:
            tables[column.table] = None
            column.set("table", exp.to_identifier(schema.aliases[column.table]))
    return is_not_null(tree.sql(dialect=schema.dialect)), tuple(tables)


_NOT_NULL = re.compile(r"\bNOT ((?:[\w\"`]+\.)?[\w\"`]+) IS NULL\b")


def is_not_null(sql: str) -> str:
    """As people write it, where sqlglot puts NOT in front.

    >>> is_not_null("NOT o.paid_at IS NULL")
    'o.paid_at IS NOT NULL'
    """
    return _NOT_NULL.sub(r"\1 IS NOT NULL", sql)
