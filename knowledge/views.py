"""What views select, in the database's own words."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
import sqlglot
from sqlalchemy.exc import SQLAlchemyError
from sqlglot import exp
from sqlglot.errors import SqlglotError

_DIALECTS = {"postgresql": "postgres", "mariadb": "mysql"}
_HOMES = frozenset({"main", "public"})
_STUMBLES = (SqlglotError, AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError)


def view_texts(inspector: sa.Inspector, keys: Iterable[Any]) -> dict[str, str]:
    """View name -> what the database says of it; without those that it says nothing of.

    `keys` holds (schema, name) of what has columns and is no table.
    """
    texts: dict[str, str] = {}
    for _, name in keys:
        with suppress(SQLAlchemyError, NotImplementedError):
            found = inspector.get_view_definition(name)
            if found:
                texts[name] = str(found)
    return texts


def select_of(text: str, columns: list[str], dialect: str, home: str = "") -> str:
    """The SELECT in a view's text, with the view's own column names; empty where it cannot be told.

    `home` is the name of the database's own schema; it is left out before tables.

    >>> select_of("CREATE VIEW v (city, n) AS SELECT town, COUNT(*) FROM c", ["city", "n"], "sqlite")
    'SELECT town AS city, COUNT(*) AS n FROM c'
    """
    if not text:
        return ""
    dialect = _DIALECTS.get(dialect, dialect)
    try:
        tree = sqlglot.parse_one(text, dialect=dialect)
    except _STUMBLES:
        return ""
    query = tree.expression if isinstance(tree, exp.Create) else tree
    while isinstance(query, exp.Subquery) and query.is_wrapper:
        query = query.this
    renamed = isinstance(tree, exp.Create) and isinstance(tree.this, exp.Schema)
    if not isinstance(query, exp.Query) or not _name(query, columns, renamed=renamed):
        return ""
    for table in query.find_all(exp.Table):
        if table.db.lower() in {*_HOMES, home.lower()}:
            table.set("db", None)
            table.set("catalog", None)
    return query.sql(dialect=dialect, comments=False)


def _name(query: exp.Expr, columns: list[str], *, renamed: bool) -> bool:
    """Give the select list the names of the view's columns; False where it cannot be told which is which."""
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select):
        return False
    if query.is_star:
        return not renamed
    if len(query.expressions) != len(columns):
        return False
    named = [
        item if item.alias_or_name == name else exp.alias_(item.unalias().copy(), name)
        for item, name in zip(query.expressions, columns, strict=True)
    ]
    query.set("expressions", named)
    return True
