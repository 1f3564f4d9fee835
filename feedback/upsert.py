"""Insert a row, or change the one that has its key: alike on SQLite and PostgreSQL."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: sa.Connection, table: sa.Table, row: Mapping[str, Any], changed: Mapping[str, Any]
) -> bool:
    """`changed` are the new values, or expressions of the old ones, of a row that is there already.

    Whether anything was written.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**row)
    keys = list(table.primary_key.columns)
    if changed:
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=dict(changed)))
        return True
    kept = statement.on_conflict_do_nothing(index_elements=keys).returning(keys[0])
    return connection.execute(kept).first() is not None
