"""MySQL and MariaDB: a read-only transaction, rows streamed from the server, words looked at first."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import URL, Engine, NullPool, PoolProxiedConnection, create_engine, event

from knowledge.errors import DatabaseError, QueryError
from knowledge.explain import Estimate
from knowledge.explain_mysql import estimate
from knowledge.readonly.door import CONNECT_SECONDS, POOL, Fetched, Limits, Row, first_line, gather
from knowledge.readonly.mysql_words import require_harmless, words
from knowledge.readonly.running import EndedError, Running, Why, too_large

_READ_ONLY = "SET SESSION TRANSACTION READ ONLY"
_INTERRUPTED = {1317, 1927, 1969, 3024}
_GONE = {0, 1053, 2006, 2013, 4031}
_CLOSED = "MySQL closed the connection; check that the server runs, then ask again."
_OTHER_QUOTES = {
    "ANSI", "ANSI_QUOTES", "DB2", "MAXDB", "MSSQL", "NO_BACKSLASH_ESCAPES", "ORACLE", "POSTGRESQL",
}  # fmt: skip
_GRACE = 1.0
"""The server's own limit comes this much later: it holds where this process no longer can."""
_TRIES_BEFORE_CUTTING = 5
_CANCEL_SECONDS = 2
_WHOLE = {
    "avg", "bit_and", "bit_or", "bit_xor", "count", "distinct", "except", "group", "group_concat",
    "intersect", "json_arrayagg", "json_objectagg", "max", "min", "order", "over", "std", "stddev", "sum",
    "union", "variance",
}  # fmt: skip


class MySQLDoor:
    schemes = ("mysql", "mariadb")
    dialect = "mysql"
    product = "MySQL"
    extra = "mysql"
    probe = "SELECT 1"

    def engine(self, url: URL) -> Engine:
        return _engine(url, pool_pre_ping=True, **POOL)

    def inspecting_engine(self, url: URL) -> Engine:
        return _engine(url, poolclass=NullPool)

    def require_harmless(self, connection: PoolProxiedConnection, sql: str) -> None:
        require_harmless(sql)

    def estimate(
        self, connection: PoolProxiedConnection, sql: str, limits: Limits, sizes: Mapping[str, int]
    ) -> Estimate | None:
        from pymysql.cursors import DictCursor  # type: ignore[import-untyped]

        raw = _raw(connection)
        with _told(connection), raw.cursor(DictCursor) as cursor:
            explain = "EXPLAIN EXTENDED" if _is_mariadb(raw) else "EXPLAIN"
            cursor.execute("START TRANSACTION READ ONLY")
            cursor.execute(f"{explain} {sql}")
            table = cursor.fetchall()
        whole = any(token.kind == "word" and token.word in _WHOLE for token in words(sql))
        return estimate(table, sizes, limits.rows, whole=whole)

    def running(self, connection: PoolProxiedConnection, limits: Limits, url: URL) -> Running:
        return Running(_stopper(_raw(connection), url), limits.seconds)

    def fetch(self, connection: PoolProxiedConnection, sql: str, limits: Limits) -> Fetched:
        import pymysql  # type: ignore[import-untyped]
        from pymysql.cursors import SSCursor

        raw = _raw(connection)
        raw.most_bytes = limits.bytes
        with _told(connection):
            cursor = raw.cursor(SSCursor)
            for setting in _limits(raw, limits):
                cursor.execute(setting)
            cursor.execute("START TRANSACTION READ ONLY")
            cursor.execute(sql)
            columns = tuple(column[0] for column in cursor.description or ())
            rows: list[Row] = []
            cut, left = False, bool(columns)
            try:
                if columns:
                    rows, cut = gather(iter(cursor.fetchone, None), limits)
                    left = cut or cursor.fetchone() is not None
            except pymysql.MySQLError:
                left = False
                raise
            finally:
                if left:
                    _leave(raw)
            if not left:
                cursor.close()
                raw.rollback()
        return Fetched(columns, rows, cut)

    def excess(self, connection: PoolProxiedConnection) -> tuple[str, ...]:
        raw = _raw(connection)
        with _told(connection), raw.cursor() as cursor:
            cursor.execute("SHOW GRANTS")
            grants = [str(grant).upper().partition(" ON ")[0] for (grant,) in cursor.fetchall()]
        given = {word.strip() for grant in grants for word in grant.removeprefix("GRANT ").split(",")}
        too_many = sorted(given & _TOO_MANY)
        if not too_many:
            return ()
        return (
            f"The account of `database` has more rights than reading ({', '.join(too_many)}); "
            "give Quarry one with no more than SELECT on its tables.",
        )

    def trouble(self, error: BaseException, url: URL) -> str:
        original = getattr(error, "orig", None) or error
        code = original.args[0] if original.args else 0
        if code in {1044, 1045, 1698}:
            return (
                f"MySQL refused user '{url.username}' or the password; correct `database` in quarry.toml, "
                "or grant the user SELECT."
            )
        if code == 1049:
            return f"MySQL has no database '{url.database}'; correct `database` in quarry.toml."
        where = f"{url.host or 'localhost'}:{url.port or 3306}"
        return (
            f"MySQL at {where} cannot be reached ({first_line(original)}); "
            "check that it runs, and the host and port of `database` in quarry.toml."
        )


_TOO_MANY = {
    "ALL PRIVILEGES", "ALTER", "CREATE", "CREATE USER", "DELETE", "DROP", "EVENT", "EXECUTE", "FILE", "INDEX",
    "INSERT", "PROCESS", "RELOAD", "SHUTDOWN", "SUPER", "TRIGGER", "UPDATE",
}  # fmt: skip


def _engine(url: URL, **settings: Any) -> Engine:
    engine = create_engine(
        url.set(drivername="mysql+pymysql"),
        connect_args={"init_command": _READ_ONLY, "connect_timeout": CONNECT_SECONDS, "charset": "utf8mb4"},
        **settings,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_: Any, __: Any, given: Any, named: Any) -> Any:
        return _connection_class()(*given, **named)

    @event.listens_for(engine, "connect")
    def read_texts_in_one_way(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT @@SESSION.sql_mode")
            modes = str(cursor.fetchone()[0]).split(",")
            if set(modes) & _OTHER_QUOTES:
                cursor.execute("SET SESSION sql_mode = %s", (",".join(sorted({*modes} - _OTHER_QUOTES)),))

    return engine


def _connection_class() -> Any:
    import pymysql

    class Connection(pymysql.Connection):  # type: ignore[misc]
        """Counts what one row brings, before it is taken in: a row comes in parts of at most 16 MB."""

        most_bytes = 0
        _row_bytes = 0

        def _read_packet(self, *given: Any, **named: Any) -> Any:
            self._row_bytes = 0
            return super()._read_packet(*given, **named)

        def _read_bytes(self, count: int) -> Any:
            self._row_bytes += count
            if self._row_bytes > self.most_bytes > 0:
                self._force_close()
                raise too_large(self.most_bytes)
            return super()._read_bytes(count)

    return Connection


def _raw(connection: PoolProxiedConnection) -> Any:
    if connection.driver_connection is None:  # it was cut between two steps of one statement
        raise DatabaseError(_CLOSED)
    return connection.driver_connection


@contextmanager
def _told(connection: PoolProxiedConnection) -> Iterator[None]:
    """pymysql's errors as ours."""
    import pymysql

    raw = _raw(connection)
    try:
        yield
    except pymysql.MySQLError as error:
        code = error.args[0] if error.args else 0
        if code in _INTERRUPTED:
            raise EndedError(QueryError("the server cancelled the statement")) from error
        if code in _GONE or not raw.open:
            connection.invalidate()
            raise DatabaseError(_CLOSED) from error
        raise QueryError(first_line(error)) from error
    finally:
        if connection.is_valid and not raw.open:
            connection.invalidate()


def _stopper(raw: Any, url: URL) -> Callable[[Why, int], None]:
    import pymysql

    number = raw.thread_id()

    def stop(why: Why, tries: int) -> None:
        """Ask the server from a connection of its own; cut this one where that does not help."""
        if tries >= _TRIES_BEFORE_CUTTING:
            with suppress(OSError, AttributeError):
                raw._sock.shutdown(socket.SHUT_RDWR)
            return
        address = url.set(drivername="mysql+pymysql")
        given, named = address.get_dialect()().create_connect_args(address)
        named["connect_timeout"] = _CANCEL_SECONDS
        with suppress(pymysql.MySQLError, OSError), pymysql.connect(*given, **named) as other:
            other.query(f"KILL QUERY {number}")

    return stop


def _leave(raw: Any) -> None:
    """Close a connection over which rows are still coming; nobody reads them."""
    raw._force_close()
    raw._result.unbuffered_active = False


def _is_mariadb(raw: Any) -> bool:
    return "mariadb" in str(raw.get_server_info()).lower()


def _limits(raw: Any, limits: Limits) -> tuple[str, ...]:
    """The two products name the time limit differently; both stop a statement in the server."""
    rows = f"SET SESSION sql_select_limit = {limits.rows}"
    seconds = limits.seconds + _GRACE
    if _is_mariadb(raw):
        return rows, f"SET SESSION max_statement_time = {seconds:.3f}"
    return rows, f"SET SESSION max_execution_time = {round(seconds * 1000)}"
