"""Which tables the rows of a table belong to."""

from knowledge.joins import join_path
from knowledge.schema import Schema


def belongs(schema: Schema, table: str, to: str) -> bool:
    """Whether every row of a table leads to at most one row of another: orders to customers to countries."""
    if table not in schema.by_name or to not in schema.by_name:
        return False
    reached = {table}
    for key in join_path(schema, [table, to]) or ():
        if key.table not in reached:
            return False
        reached.add(key.to_table)
    return to in reached
