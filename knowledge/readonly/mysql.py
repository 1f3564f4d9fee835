"""MySQL and MariaDB: a read-only transaction, rows streamed from the server, the server's own time limit."""

from typing import Any

from sqlalchemy import URL, Engine, NullPool, PoolProxiedConnection, create_engine

from knowledge.errors import DatabaseError, QueryError, QueryTimeoutError
from knowledge.readonly.door import CONNECT_SECONDS, POOL, Rows, first_line

_READ_ONLY = "SET SESSION TRANSACTION READ ONLY"
_TIMEOUTS = {1317, 1969, 3024}
_GONE = {0, 1053, 2006, 2013, 4031}


class MySQLDoor:
    schemes = ("mysql", "mariadb")
    dialect = "mysql"
    product = "MySQL"
    extra = "mysql"

    def engine(self, url: URL) -> Engine:
        return _engine(url, pool_pre_ping=True, **POOL)

    def inspecting_engine(self, url: URL) -> Engine:
        return _engine(url, poolclass=NullPool)

    def fetch(
        self, connection: PoolProxiedConnection, sql: str, limit: int, seconds: float
    ) -> tuple[tuple[str, ...], Rows]:
        import pymysql  # type: ignore[import-untyped]
        from pymysql.cursors import SSCursor  # type: ignore[import-untyped]

        raw = connection.driver_connection
        assert raw is not None
        try:
            with raw.cursor(SSCursor) as cursor:
                for setting in _limits(raw.get_server_info(), limit, seconds):
                    cursor.execute(setting)
                cursor.execute("START TRANSACTION READ ONLY")
                cursor.execute(sql)
                rows = cursor.fetchmany(limit) if cursor.description else []
                columns = tuple(column[0] for column in cursor.description or ())
            raw.rollback()
        except pymysql.MySQLError as error:
            code = error.args[0] if error.args else 0
            if code in _TIMEOUTS:
                raise QueryTimeoutError(f"the statement ran past {seconds:g} s and was cancelled") from error
            if code in _GONE or not raw.open:
                connection.invalidate()
                raise DatabaseError(
                    "MySQL closed the connection; check that the server runs, then ask again."
                ) from error
            raise QueryError(first_line(error)) from error
        return columns, rows

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


def _engine(url: URL, **settings: Any) -> Engine:
    return create_engine(
        url.set(drivername="mysql+pymysql"),
        connect_args={"init_command": _READ_ONLY, "connect_timeout": CONNECT_SECONDS, "charset": "utf8mb4"},
        **settings,
    )


def _limits(server: str, limit: int, seconds: float) -> tuple[str, ...]:
    """The two products name the time limit differently; both stop a statement in the server."""
    rows = f"SET SESSION sql_select_limit = {limit}"
    if "mariadb" in server.lower():
        return rows, f"SET SESSION max_statement_time = {max(seconds, 0.001):.3f}"
    return rows, f"SET SESSION max_execution_time = {max(1, round(seconds * 1000))}"
