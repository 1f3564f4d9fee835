"""PostgreSQL: a read-only transaction, a server-side cursor (it takes only a SELECT), statement_timeout."""

from typing import Any

from sqlalchemy import URL, Engine, NullPool, PoolProxiedConnection, create_engine, event

from knowledge.errors import DatabaseError, QueryError, QueryTimeoutError
from knowledge.readonly.door import CONNECT_SECONDS, POOL, Rows, first_line

_READ_ONLY = "-c default_transaction_read_only=on"
_CANCELLED = "57014"


class PostgresDoor:
    schemes = ("postgresql", "postgres")
    dialect = "postgres"
    product = "PostgreSQL"
    extra = "postgres"

    def engine(self, url: URL) -> Engine:
        return _engine(url, pool_pre_ping=True, **POOL)

    def inspecting_engine(self, url: URL) -> Engine:
        return _engine(url, poolclass=NullPool)

    def fetch(
        self, connection: PoolProxiedConnection, sql: str, limit: int, seconds: float
    ) -> tuple[tuple[str, ...], Rows]:
        import psycopg

        raw = connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        try:
            raw.execute(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}")
            raw.execute("SET LOCAL cursor_tuple_fraction = 1")
            with raw.cursor(name="quarry") as cursor:
                cursor.execute(sql.strip().rstrip(";").encode())
                rows = cursor.fetchmany(limit)
                columns = tuple(column.name for column in cursor.description or ())
        except psycopg.Error as error:
            if error.sqlstate == _CANCELLED:
                raise QueryTimeoutError(f"the statement ran past {seconds:g} s and was cancelled") from error
            if raw.closed or raw.broken:
                connection.invalidate()
                raise DatabaseError(_GONE) from error
            raise QueryError(_words(error)) from error
        finally:
            if connection.is_valid and not raw.closed:
                raw.rollback()
        return columns, rows

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
