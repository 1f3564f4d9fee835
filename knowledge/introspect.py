"""Reads tables, views, columns and keys from the database's own catalogue."""

import re
import warnings
from collections import defaultdict
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.exc import DBAPIError, NoSuchTableError, SAWarning, UnreflectableTableError

from knowledge.schema import Column, ForeignKey, Schema, Table
from knowledge.views import select_of, view_texts


def introspect(engine: sa.Engine, dialect: str) -> Schema:
    """The default schema's tables and views in name order, with keys, and comments where there are any."""
    tables, keys = _duckdb(engine) if dialect == "duckdb" else _inspected(engine)
    by_name = {table.name: table for table in tables}
    known = (_completed(key, by_name) for key in keys if key.table in by_name and key.to_table in by_name)
    return Schema(
        dialect=dialect,
        tables=tuple(by_name[name] for name in sorted(by_name)),
        foreign_keys=tuple(sorted(known, key=lambda key: (key.table, key.columns, key.to_table))),
    )


def _inspected(engine: sa.Engine) -> tuple[list[Table], list[ForeignKey]]:
    inspector = sa.inspect(engine)
    with warnings.catch_warnings(category=SAWarning, action="ignore"):
        columns = {**inspector.get_multi_columns(kind=ObjectKind.TABLE), **_view_columns(inspector)}
    primary: dict[Any, Any] = dict(inspector.get_multi_pk_constraint(kind=ObjectKind.TABLE))
    foreign = inspector.get_multi_foreign_keys(kind=ObjectKind.TABLE)
    comments: dict[Any, Any] = {}
    if inspector.dialect.supports_comments:
        comments = dict(inspector.get_multi_table_comment(kind=ObjectKind.ANY))
    hidden = _not_readable(engine)
    home = inspector.default_schema_name or ""
    texts = view_texts(inspector, columns.keys() - primary.keys())
    tables = [
        Table(
            name=name,
            columns=tuple(
                Column(
                    column["name"],
                    _type_name(column["type"], engine.dialect),
                    bool(column["nullable"]),
                    column.get("comment") or "",
                )
                for column in found
            ),
            primary_key=tuple(primary.get((owner, name), {}).get("constrained_columns") or ()),
            comment=comments.get((owner, name), {}).get("text") or "",
            definition=select_of(
                texts.get(name, ""), [column["name"] for column in found], inspector.dialect.name, home
            ),
        )
        for (owner, name), found in columns.items()
        if name not in hidden
    ]
    keys = [
        ForeignKey(
            name, tuple(key["constrained_columns"]), key["referred_table"], tuple(key["referred_columns"])
        )
        for (_, name), found in foreign.items()
        for key in found
        if key["referred_schema"] is None
    ]
    return tables, keys


def _view_columns(inspector: sa.Inspector) -> dict[Any, Any]:
    """The columns of all views; a view that the database itself can no longer read is left out."""
    try:
        return dict(inspector.get_multi_columns(kind=ObjectKind.ANY_VIEW))
    except (DBAPIError, UnreflectableTableError):
        pass
    found: dict[Any, Any] = {}
    for name in inspector.get_view_names():
        with suppress(DBAPIError, UnreflectableTableError, NoSuchTableError):
            found[None, name] = inspector.get_columns(name)
    return found


def _not_readable(engine: sa.Engine) -> set[str]:
    """PostgreSQL lists tables that the user has no right to read; other databases do not."""
    if engine.dialect.name != "postgresql":
        return set()
    with engine.connect() as connection:
        return {name for (name,) in connection.exec_driver_sql(_POSTGRES_NOT_READABLE)}


_POSTGRES_NOT_READABLE = """
    SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT has_any_column_privilege(c.oid, 'SELECT')"""


def _completed(key: ForeignKey, tables: dict[str, Table]) -> ForeignKey:
    """A key that was declared without its target columns points to the target's primary key."""
    if len(key.to_columns) == len(key.columns):
        return key
    return ForeignKey(key.table, key.columns, key.to_table, tables[key.to_table].primary_key)


def _type_name(given: Any, dialect: sa.Dialect) -> str:
    if isinstance(given, sa.types.NullType):
        return "ANY"
    if isinstance(given, sa.Enum):
        return "ENUM"
    return _plain_type(given.compile(dialect=dialect))


def _plain_type(name: str) -> str:
    """'varchar(20) COLLATE "de"' -> 'VARCHAR'."""
    name = re.sub(r"\(.*\)", "", name.upper())
    name = re.sub(r" (COLLATE|CHARACTER SET|WITHOUT TIME ZONE).*", "", name)
    return " ".join(name.split())


_DUCKDB_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns()
    WHERE database_name = current_database() AND schema_name = current_schema() AND NOT internal
    ORDER BY table_name, column_index"""
_DUCKDB_COMMENTS = """
    SELECT table_name, comment FROM duckdb_tables()
    WHERE database_name = current_database() AND schema_name = current_schema() AND comment IS NOT NULL"""
_DUCKDB_VIEWS = """
    SELECT view_name, sql FROM duckdb_views()
    WHERE database_name = current_database() AND schema_name = current_schema() AND NOT internal"""
_DUCKDB_KEYS = """
    SELECT table_name, constraint_type, constraint_column_names, referenced_table, referenced_column_names
    FROM duckdb_constraints()
    WHERE database_name = current_database() AND schema_name = current_schema()
    AND constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')"""


def _duckdb(engine: sa.Engine) -> tuple[list[Table], list[ForeignKey]]:
    """DuckDB's own catalogue: its SQLAlchemy dialect reads PostgreSQL's, which DuckDB has only in part."""
    columns: dict[str, list[Column]] = defaultdict(list)
    with engine.connect() as connection:
        for table, name, kind, nullable, comment in connection.exec_driver_sql(_DUCKDB_COLUMNS):
            plain = "ENUM" if kind.startswith("ENUM") else _plain_type(kind)
            columns[table].append(Column(name, plain, bool(nullable), comment or ""))
        comments: dict[str, str] = dict(connection.exec_driver_sql(_DUCKDB_COMMENTS).tuples().all())
        texts: dict[str, str] = dict(connection.exec_driver_sql(_DUCKDB_VIEWS).tuples().all())
        constraints = connection.exec_driver_sql(_DUCKDB_KEYS).fetchall()
    primary = {table: tuple(names) for table, kind, names, *_ in constraints if kind == "PRIMARY KEY"}
    tables = [
        Table(
            name,
            tuple(found),
            primary.get(name, ()),
            comments.get(name, ""),
            select_of(texts.get(name, ""), [column.name for column in found], "duckdb"),
        )
        for name, found in columns.items()
    ]
    keys = [
        ForeignKey(table, tuple(names), to_table, tuple(to_names))
        for table, kind, names, to_table, to_names in constraints
        if kind == "FOREIGN KEY"
    ]
    return tables, keys
