"""The one door to the database: it reads, within a time limit and a row limit, and nothing else."""

import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from sqlalchemy import URL, Engine, PoolProxiedConnection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from knowledge.errors import DatabaseError, QueryError
from knowledge.introspect import introspect
from knowledge.readonly import DOORS, Door
from knowledge.readonly.door import resolve
from knowledge.result import Result
from knowledge.schema import Schema

_CORRECT = "correct `database` in quarry.toml"


class Database:
    """A pool of read-only connections; several threads may use it at once. Make one with `Database.open`."""

    def __init__(self, door: Door, url: URL, engine: Engine, *, timeout_s: float, max_rows: int) -> None:
        self.dialect = door.dialect
        self.url = _without_secrets(url)
        self._door = door
        self._full_url = url
        self._engine = engine
        self._timeout_s = timeout_s
        self._max_rows = max_rows

    @classmethod
    def open(
        cls, url: str, *, folder: Path | None = None, timeout_s: float = 30.0, max_rows: int = 1000
    ) -> "Database":
        """Open and try the database; the path of a file is taken from `folder` where it is relative.

        A path without a scheme is a SQLite file, or a DuckDB file where it ends in .duckdb.
        Raises DatabaseError.
        """
        full_url, door = _parse(url)
        if door.dialect in {"sqlite", "duckdb"}:
            full_url = resolve(full_url, folder)
        try:
            engine = door.engine(full_url)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise DatabaseError(
                f"The driver for {door.product} is not installed; run pip install 'quarry[{door.extra}]'."
            ) from error
        except SQLAlchemyError as error:
            raise DatabaseError(
                f"`database` is not an address that {door.product} takes; {_CORRECT}."
            ) from error
        database = cls(door, full_url, engine, timeout_s=timeout_s, max_rows=max_rows)
        try:
            database._try()
        except DatabaseError:
            database.close()
            raise
        return database

    def run(self, sql: str, *, timeout_s: float | None = None, max_rows: int | None = None) -> Result:
        """Run one statement.

        Raises QueryError in the database's own words, QueryTimeoutError past the time limit, and
        DatabaseError where the database is gone.
        """
        try:
            sql.encode()
        except UnicodeEncodeError:
            raise QueryError("the statement holds characters that are not text") from None
        limit = self._max_rows if max_rows is None else max_rows
        seconds = self._timeout_s if timeout_s is None else timeout_s
        with closing(self._connect()) as connection:
            started = time.perf_counter()
            columns, rows = self._door.fetch(connection, sql, limit + 1, seconds)
            took = time.perf_counter() - started
        if not columns:
            raise QueryError("this statement gives no rows; only a SELECT can be run")
        kept = tuple(tuple(row) for row in rows[:limit])
        return Result(columns, kept, truncated=len(rows) > limit, seconds=took)

    def schema(self, exclude: Iterable[str] = ()) -> Schema:
        """The tables and views as they are now.

        `exclude` holds names of tables or of `table.column`, with `*` for any part. Raises DatabaseError.
        """
        engine = self._door.inspecting_engine(self._full_url)
        try:
            schema = introspect(engine, self.dialect)
        except SQLAlchemyError as error:
            raise DatabaseError(self._door.trouble(error, self._full_url)) from error
        finally:
            engine.dispose()
        schema = _without(schema, tuple(exclude))
        if not schema.tables:
            raise DatabaseError(
                f"{self.url} shows no tables; {_CORRECT}, or grant its user SELECT on its tables."
            )
        return schema

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _connect(self) -> PoolProxiedConnection:
        try:
            return self._engine.raw_connection()
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as error:
            raise DatabaseError(self._door.trouble(error, self._full_url)) from error

    def _try(self) -> None:
        probe = "SELECT COUNT(*) FROM sqlite_master" if self.dialect == "sqlite" else "SELECT 1"
        try:
            self.run(probe)
        except QueryError as error:
            raise DatabaseError(self._door.trouble(error, self._full_url)) from error


def _parse(url: str) -> tuple[URL, Door]:
    if "://" not in url:
        url = f"{'duckdb' if url.endswith('.duckdb') else 'sqlite'}:///{url}"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseError(
            "`database` is not an address such as sqlite:///shop.sqlite or postgresql://user@host/name; "
            f"{_CORRECT}."
        ) from None
    scheme = parsed.drivername.split("+")[0]
    for door in DOORS:
        if scheme in door.schemes:
            return parsed, door
    known = ", ".join(door.product for door in DOORS)
    raise DatabaseError(f"'{scheme}' is no database that Quarry reads ({known}); {_CORRECT}.")


def _without_secrets(url: URL) -> str:
    secret = {key: "***" for key in url.query if key.lower() in {"password", "passwd", "sslpassword"}}
    return url.update_query_dict(secret).render_as_string(hide_password=True)


def _without(schema: Schema, patterns: tuple[str, ...]) -> Schema:
    def kept(name: str) -> bool:
        return not any(fnmatchcase(name, pattern) for pattern in patterns)

    tables = tuple(
        replace(table, columns=tuple(c for c in table.columns if kept(f"{table.name}.{c.name}")))
        for table in schema.tables
        if kept(table.name)
    )
    known = {f"{table.name}.{column.name}" for table in tables for column in table.columns}
    keys = tuple(
        key
        for key in schema.foreign_keys
        if all(f"{key.table}.{name}" in known for name in key.columns)
        and all(f"{key.to_table}.{name}" in known for name in key.to_columns)
    )
    return Schema(schema.dialect, tuple(table for table in tables if table.columns), keys)
