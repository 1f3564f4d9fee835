"""The one door to the database: it reads, within a time limit and a row limit, and nothing else."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from sqlalchemy import URL, Engine, PoolProxiedConnection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from knowledge.errors import DatabaseError, QueryCancelledError, QueryError
from knowledge.explain import require_cheap
from knowledge.introspect import introspect
from knowledge.readonly import DOORS, Cancellation, Door, EndedError, Limits, Running
from knowledge.readonly.door import resolve
from knowledge.result import Result
from knowledge.schema import Schema

MOST_BYTES = 128 * 2**20
_CORRECT = "correct `database` in quarry.toml"


class Database:
    """A pool of read-only connections; several threads may use it at once. Make one with `Database.open`.

    `sizes` may be filled with the numbers of rows of tables where they are known: not every database has
    them at hand when it is asked what a statement would cost.
    """

    def __init__(
        self,
        door: Door,
        url: URL,
        engine: Engine,
        *,
        timeout_s: float,
        max_rows: int,
        max_bytes: int = MOST_BYTES,
        most_rows_read: int = 0,
    ) -> None:
        self.dialect = door.dialect
        self.url = _without_secrets(url)
        self.sizes: dict[str, int] = {}
        self._door = door
        self._full_url = url
        self._engine = engine
        self._timeout_s = timeout_s
        self._max_rows = max_rows
        self._max_bytes = max_bytes
        self._most_rows_read = most_rows_read
        self._lock = threading.Lock()
        self._now: set[Running] = set()

    @classmethod
    def open(
        cls,
        url: str,
        *,
        folder: Path | None = None,
        timeout_s: float = 30.0,
        max_rows: int = 1000,
        max_bytes: int = MOST_BYTES,
        most_rows_read: int = 0,
    ) -> "Database":
        """Open and try the database; the path of a file is taken from `folder` where it is relative.

        A path without a scheme is a SQLite file, or a DuckDB file where it ends in .duckdb. `max_bytes` are
        those that the rows of one statement may take. Where `most_rows_read` is not 0, a statement that would
        read more rows, by the database's own estimate, is not run. Raises DatabaseError.
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
        database = cls(
            door,
            full_url,
            engine,
            timeout_s=timeout_s,
            max_rows=max_rows,
            max_bytes=max_bytes,
            most_rows_read=most_rows_read,
        )
        try:
            database._try()
        except DatabaseError:
            database.close()
            raise
        return database

    @property
    def timeout_s(self) -> float:
        """Seconds that a statement may take where nothing else is said."""
        return self._timeout_s

    def run(
        self,
        sql: str,
        *,
        timeout_s: float | None = None,
        max_rows: int | None = None,
        own: bool = False,
        cancellation: Cancellation | None = None,
    ) -> Result:
        """Run one statement.

        `own` is for the statements that Quarry writes itself: they may read the database's catalogue, as many
        rows as they like, and keep them whatever they weigh. Everything else holds for them too.

        Raises QueryError in the database's own words, or one of its kinds: QueryTimeoutError past the time
        limit, QueryCancelledError after `cancel`, QueryTooLargeError where not even one row fits into memory,
        QueryTooCostlyError before it is run. Raises DatabaseError where the database is gone.
        """
        _require_text(sql)
        limit = self._max_rows if max_rows is None else max_rows
        seconds = self._timeout_s if timeout_s is None else timeout_s
        limits = Limits(limit + 1, 0 if own else self._max_bytes, seconds)
        with closing(self._connect()) as connection, self._ended(connection, limits, cancellation):
            if not own:
                self._door.require_harmless(connection, sql)
                if self._most_rows_read:
                    estimate = self._door.estimate(connection, sql, limits, self.sizes)
                    if estimate is not None:
                        require_cheap(estimate, self._most_rows_read)
            started = time.perf_counter()
            fetched = self._door.fetch(connection, sql, limits)
            took = time.perf_counter() - started
        if not fetched.columns:
            raise QueryError("this statement gives no rows; only a SELECT can be run")
        kept = tuple(tuple(row) for row in fetched.rows[:limit])
        return Result(fetched.columns, kept, truncated=fetched.cut or len(fetched.rows) > limit, seconds=took)

    def cancel(self) -> None:
        """Have all statements that run now cancelled in the database; returns at once, from any thread."""
        with self._lock:
            for running in self._now:
                running.cancel()

    def excess_rights(self) -> tuple[str, ...]:
        """Rights of the account beyond reading its tables, each a sentence with its remedy.

        Quarry does not use them, and refuses statements that would; without them nothing could.
        """
        with closing(self._connect()) as connection:
            return self._door.excess(connection)

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

    @contextmanager
    def _ended(
        self, connection: PoolProxiedConnection, limits: Limits, cancellation: Cancellation | None
    ) -> Iterator[None]:
        """Watch over a statement, and tell why it ended where it did not end by itself."""
        cancellation = cancellation or Cancellation()
        if cancellation.cancelled:
            raise QueryCancelledError("the statement was cancelled")
        running = self._door.running(connection, limits, self._full_url)
        try:
            with running:
                with self._lock:
                    self._now.add(running)
                cancellation.add(running)
                yield
        except (EndedError, QueryError, DatabaseError) as error:
            told = running.error(limits.bytes) or (error.unasked if isinstance(error, EndedError) else None)
            if told is None:
                raise
            raise told from error
        finally:
            with self._lock:
                self._now.discard(running)
            cancellation.discard(running)
            if running.why is not None and connection.is_valid:
                connection.invalidate()

    def _try(self) -> None:
        try:
            self.run(self._door.probe, own=True)
        except QueryError as error:
            raise DatabaseError(self._door.trouble(error, self._full_url)) from error


def _require_text(sql: str) -> None:
    if "\0" in sql:
        raise QueryError("the statement holds a null character")
    try:
        sql.encode()
    except UnicodeEncodeError:
        raise QueryError("the statement holds characters that are not text") from None


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
