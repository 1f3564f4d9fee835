"""PostgreSQL: a read-only transaction, a cursor (it takes only a SELECT), and a look at the plan before."""

import os
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, NullPool, PoolProxiedConnection, create_engine, event

from knowledge.errors import DatabaseError, QueryError
from knowledge.explain import Estimate
from knowledge.explain_postgres import estimate, scanned
from knowledge.readonly.door import (
    CONNECT_SECONDS,
    POOL,
    Fetched,
    Limits,
    Row,
    first_line,
    gather,
    size_of,
)
from knowledge.readonly.postgres_plan import (
    FUNCTIONS_SQL,
    HARMLESS_THOUGH_OF_THE_SYSTEM,
    HARMLESS_THOUGH_VOLATILE,
    calls,
    require_functions,
    require_tables,
)
from knowledge.readonly.running import EndedError, Running, Why

if TYPE_CHECKING:
    import psycopg

_READ_ONLY = "-c default_transaction_read_only=on"
_CANCELLED = "57014"
_CANCEL_SECONDS = 2.0
_TRIES_BEFORE_CUTTING = 5
_GRACE = 1.0
"""The server's own limit comes this much later: it holds where this process no longer can."""
_GROWTH = 10
_ON_THE_WIRE = 2
"""The connection may carry this many times the limit of the rows before it is cut."""


class PostgresDoor:
    schemes = ("postgresql", "postgres")
    dialect = "postgres"
    product = "PostgreSQL"
    extra = "postgres"
    probe = "SELECT 1"

    def engine(self, url: URL) -> Engine:
        return _engine(url, pool_pre_ping=True, **POOL)

    def inspecting_engine(self, url: URL) -> Engine:
        return _engine(url, poolclass=NullPool)

    def require_harmless(self, connection: PoolProxiedConnection, sql: str) -> None:
        raw = _raw(connection)
        with _told(connection, raw):
            plan = _plan(raw, sql)
            require_tables(plan)
            known: dict[str, list[tuple[str, str, bool]]] = connection.info.setdefault("functions", {})
            called = calls(plan)
            names = sorted({name for _, name in called} - set(known))
            found = _functions(raw, names) if names else {}
        require_functions(called, [one for found in ({**known, **found}).values() for one in found])
        for name, told in found.items():
            if all(where == "pg_catalog" for _, where, _ in told):
                known[name] = told

    def estimate(
        self, connection: PoolProxiedConnection, sql: str, limits: Limits, sizes: Mapping[str, int]
    ) -> Estimate | None:
        raw = _raw(connection)
        with _told(connection, raw):
            plan = _plan(raw, sql)
            counted = _sizes(raw, scanned(plan))
        return estimate(plan, {**counted, **sizes}, limits.rows)

    def running(self, connection: PoolProxiedConnection, limits: Limits, url: URL) -> Running:
        raw = _raw(connection)
        return Running(_stopper(raw), limits.seconds, _too_large(raw, limits) if limits.bytes else None)

    def fetch(self, connection: PoolProxiedConnection, sql: str, limits: Limits) -> Fetched:
        raw = _raw(connection)
        with _told(connection, raw):
            later = max(1, round((limits.seconds + _GRACE) * 1000))
            raw.execute(f"SET LOCAL statement_timeout = {later}")
            raw.execute("SET LOCAL cursor_tuple_fraction = 1")
            with raw.cursor(name="quarry") as cursor:
                cursor.execute(_statement(sql))
                columns = tuple(column.name for column in cursor.description or ())
                rows, cut = gather(_batches(cursor, limits), limits)
        return Fetched(columns, rows, cut)

    def excess(self, connection: PoolProxiedConnection) -> tuple[str, ...]:
        raw = _raw(connection)
        with _told(connection, raw):
            row = raw.execute(_RIGHTS).fetchone()
        superuser, writes = row or (False, 0)
        remedy = "give Quarry an account with no more than SELECT (GRANT pg_read_all_data TO ...)"
        if superuser:
            return (f"The account of `database` is a superuser; {remedy}.",)
        return (f"The account of `database` may write to {writes} tables; {remedy}.",) if writes else ()

    def trouble(self, error: BaseException, url: URL) -> str:
        words = str(error)
        if "password authentication failed" in words or "no password supplied" in words:
            return f"PostgreSQL refused the password of '{url.username}'; correct `database` in quarry.toml."
        if "does not exist" in words and "database" in words:
            return f"PostgreSQL has no database '{url.database}'; correct `database` in quarry.toml."
        if "does not exist" in words and "role" in words:
            return f"PostgreSQL has no user '{url.username}'; correct `database` in quarry.toml."
        if "starting up" in words or "too many" in words:
            return f"PostgreSQL takes no connection just now ({_reason(error)}); try again in a moment."
        where = f"{url.host or 'localhost'}:{url.port or 5432}"
        return (
            f"PostgreSQL at {where} cannot be reached ({_reason(error)}); "
            "check that it runs, and the host and port of `database` in quarry.toml."
        )


_GONE = "PostgreSQL closed the connection; check that the server runs, then ask again."
_RIGHTS = """
    SELECT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
      (SELECT COUNT(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
       AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))"""
_SIZES = """
    SELECT c.relname, c.reltuples FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"""


def _engine(url: URL, **settings: Any) -> Engine:
    options = " ".join([*_texts(url.query.get("options", ())), _READ_ONLY])
    engine = create_engine(
        url.set(drivername="postgresql+psycopg").difference_update_query(["options"]),
        connect_args={"options": options, "connect_timeout": CONNECT_SECONDS},
        **settings,
    )

    @event.listens_for(engine, "connect")
    def read_only(connection: Any, _: Any) -> None:
        connection.read_only = True

    return engine


def _raw(connection: PoolProxiedConnection) -> "psycopg.Connection[Any]":
    import psycopg

    raw = connection.driver_connection
    if not isinstance(raw, psycopg.Connection):  # it was cut between two steps of one statement
        raise DatabaseError(_GONE)
    return raw


@contextmanager
def _told(connection: PoolProxiedConnection, raw: "psycopg.Connection[Any]") -> Iterator[None]:
    """psycopg's errors as ours, and the transaction ended."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate == _CANCELLED:
            raise EndedError(QueryError("the server cancelled the statement")) from error
        if raw.closed or raw.broken:
            connection.invalidate()
            raise DatabaseError(_GONE) from error
        raise QueryError(_words(error)) from error
    finally:
        if connection.is_valid and not raw.closed:
            try:
                raw.rollback()
            except psycopg.Error:
                connection.invalidate()


def _statement(sql: str) -> bytes:
    return sql.strip().rstrip(";").encode()


def _plan(raw: "psycopg.Connection[Any]", sql: str) -> dict[str, Any]:
    """The plan of one statement. It is sent in the way that takes no second one behind a semicolon."""
    result = raw.execute(b"EXPLAIN (VERBOSE, FORMAT JSON) " + _statement(sql), binary=True, prepare=False)
    told: Any = next(iter(result.fetchone() or ([{}],)))[0]
    if not isinstance(told, dict) or "Plan" not in told:
        raise QueryError("only a SELECT can be run")
    plan: dict[str, Any] = told["Plan"]
    return plan


def _functions(raw: "psycopg.Connection[Any]", names: list[str]) -> dict[str, list[tuple[str, str, bool]]]:
    found: dict[str, list[tuple[str, str, bool]]] = {name: [] for name in names}
    given = (HARMLESS_THOUGH_VOLATILE, HARMLESS_THOUGH_OF_THE_SYSTEM, names)
    for name, schema, harmful in raw.execute(FUNCTIONS_SQL, given):
        found[name].append((name, schema, bool(harmful)))
    return found


def _sizes(raw: "psycopg.Connection[Any]", tables: set[tuple[str, str]]) -> dict[str, int]:
    if not tables:
        return {}
    schemas, names = (list(column) for column in zip(*sorted(tables), strict=True))
    return {name: int(rows) for name, rows in raw.execute(_SIZES, (schemas, names))}


def _batches(cursor: Any, limits: Limits) -> Iterator[Row]:
    """Rows in growing batches: few where they are large, few ways to the server where they are many."""
    batch, count, size = 1, 0, 0
    while count < limits.rows:
        asked = min(batch, limits.rows - count)
        rows = cursor.fetchmany(asked)
        yield from rows
        if len(rows) < asked:
            return
        count += asked
        size += sum(size_of(row) for row in rows)
        fit = (limits.bytes - size) * count // max(size, 1) if limits.bytes else batch * _GROWTH
        batch = max(1, min(batch * _GROWTH, fit))


def _stopper(raw: "psycopg.Connection[Any]") -> Callable[[Why, int], None]:
    import psycopg

    def stop(why: Why, tries: int) -> None:
        """Ask the server; cut the connection where it is busy sending, or does not listen."""
        with suppress(psycopg.Error, OSError):
            if why != "size" and tries < _TRIES_BEFORE_CUTTING:
                raw.cancel_safe(timeout=_CANCEL_SECONDS)
                return
            with socket.socket(fileno=os.dup(raw.pgconn.socket)) as line:
                line.shutdown(socket.SHUT_RDWR)

    return stop


def _too_large(raw: "psycopg.Connection[Any]", limits: Limits) -> Callable[[], bool] | None:
    """Whether the line has carried too much. libpq takes in a whole row before it tells of it.

    The kernel counts for us, on Linux over TCP; elsewhere the rows alone are counted, as they arrive.
    """
    received = _received(raw)
    if received is None:
        return None
    most = received + _ON_THE_WIRE * limits.bytes

    def look() -> bool:
        now = None if raw.closed else _received(raw)
        return now is not None and now > most

    return look


def _received(raw: "psycopg.Connection[Any]") -> int | None:
    """`tcpi_bytes_received` of struct tcp_info."""
    if not hasattr(socket, "TCP_INFO"):
        return None
    try:
        with socket.socket(fileno=os.dup(raw.pgconn.socket)) as line:
            if line.family not in (socket.AF_INET, socket.AF_INET6):
                return None
            told = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192)
    except OSError:
        return None
    return int(struct.unpack_from("Q", told, 128)[0]) if len(told) >= 136 else None


def _texts(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _words(error: Any) -> str:
    """Message and hint, without the text of the statement that psycopg adds."""
    message = error.diag.message_primary or first_line(error)
    return f"{message} ({error.diag.message_hint})" if error.diag.message_hint else str(message)


def _reason(error: BaseException) -> str:
    """The end of libpq's line, where the reason stands."""
    original = getattr(error, "orig", None) or error
    return first_line(original).rsplit("failed: ", 1)[-1].removeprefix("FATAL:").strip()
