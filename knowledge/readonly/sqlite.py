"""SQLite: opened with mode=ro, held to SELECT, to tables and to pure functions by an authorizer."""

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, NullPool, PoolProxiedConnection, QueuePool, create_engine, event

from knowledge.errors import QueryError
from knowledge.explain import Estimate
from knowledge.explain_sqlite import estimate
from knowledge.readonly.door import (
    CONNECT_SECONDS,
    POOL,
    Fetched,
    Limits,
    first_line,
    gather,
    require_file,
)
from knowledge.readonly.names import is_system_of_sqlite, listed
from knowledge.readonly.running import EndedError, Running, Why, too_large

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_BUILT_IN = ("json_each", "json_tree")
_LONGEST_VALUE = 32 * 2**20
_MOST_MEMORY = 2**30
_STEPS_BETWEEN_LOOKS = 5_000


class SQLiteDoor:
    schemes = ("sqlite",)
    dialect = "sqlite"
    product = "SQLite"
    extra = ""
    probe = "SELECT COUNT(*) FROM sqlite_master"

    def engine(self, url: URL) -> Engine:
        require_file(url)
        engine = create_engine("sqlite://", creator=lambda: _connect(url), poolclass=QueuePool, **POOL)

        @event.listens_for(engine, "connect")
        def shut(connection: sqlite3.Connection, record: Any) -> None:
            record.info["path"] = str(url.database)
            _open_virtual_tables(connection)
            connection.set_authorizer(_only_reading)
            connection.set_progress_handler(_take_signals, _STEPS_BETWEEN_LOOKS)

        return engine

    def inspecting_engine(self, url: URL) -> Engine:
        require_file(url)
        return create_engine("sqlite://", creator=lambda: _connect(url), poolclass=NullPool)

    def require_harmless(self, connection: PoolProxiedConnection, sql: str) -> None:
        """SQLite asks the authorizer about every part of a statement when it prepares it."""
        _raw(connection).set_authorizer(_only_harmless)

    def estimate(
        self, connection: PoolProxiedConnection, sql: str, limits: Limits, sizes: Mapping[str, int]
    ) -> Estimate | None:
        raw, size = _raw(connection), Path(connection.info["path"]).stat().st_size
        raw.set_authorizer(_only_reading)
        try:
            return estimate(raw, sql, sizes, size)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise QueryError(first_line(error)) from error
        finally:
            raw.set_authorizer(_only_harmless)

    def running(self, connection: PoolProxiedConnection, limits: Limits, url: URL) -> Running:
        raw = _raw(connection)
        raw.set_authorizer(_only_reading)

        def stop(why: Why, tries: int) -> None:
            raw.interrupt()

        return Running(stop, limits.seconds)

    def fetch(self, connection: PoolProxiedConnection, sql: str, limits: Limits) -> Fetched:
        raw = _raw(connection)
        cursor = raw.cursor()
        try:
            cursor.execute(sql)
            rows, cut = gather(cursor, limits)
        except MemoryError:
            raise too_large(_MOST_MEMORY) from None
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
            if "interrupted" in str(error):
                raise EndedError(KeyboardInterrupt()) from error
            raise QueryError(first_line(error)) from error
        finally:
            cursor.close()
        return Fetched(tuple(column[0] for column in cursor.description or ()), rows, cut)

    def excess(self, connection: PoolProxiedConnection) -> tuple[str, ...]:
        return ()

    def trouble(self, error: BaseException, url: URL) -> str:
        words = str(error)
        if "file is not a database" in words or "malformed" in words:
            return f"{url.database} is not a SQLite database; correct `database` in quarry.toml."
        if "locked" in words:
            return f"{url.database} is locked by another program; close that program, then try again."
        if "unable to open" in words or "readonly" in words:
            return f"{url.database} cannot be opened; check the permissions of the file and of its folder."
        return f"{url.database} cannot be read ({first_line(error)}); check the file with `sqlite3`."


def _connect(url: URL) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(Path(str(url.database)).resolve()))}?mode=ro",
        uri=True,
        check_same_thread=False,
        timeout=min(CONNECT_SECONDS, 2),
    )
    connection.text_factory = _text
    connection.execute("PRAGMA query_only = 1")
    connection.execute(f"PRAGMA hard_heap_limit = {_MOST_MEMORY}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    return connection


def _open_virtual_tables(connection: sqlite3.Connection) -> None:
    """Have full-text, spatial and JSON tables prepare themselves, for which they ask more than reading.

    One whose module is missing stays unreadable.
    """
    made = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
    for name in [*_BUILT_IN, *(name for (name,) in made.fetchall())]:
        with suppress(sqlite3.OperationalError):
            connection.execute('SELECT * FROM "{}" LIMIT 0'.format(name.replace('"', '""')))


def _raw(connection: PoolProxiedConnection) -> sqlite3.Connection:
    raw = connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _only_reading(action: int, first: str | None, second: str | None, *_: Any) -> int:
    """Quarry's own statements: any SELECT. Full-text tables look at data_version by themselves."""
    if action in _READING or (action == sqlite3.SQLITE_PRAGMA and first == "data_version"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _only_harmless(action: int, first: str | None, second: str | None, *rest: Any) -> int:
    """Everyone else's: only tables that hold data, only functions that give a value back."""
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in listed()["sqlite_functions"]:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and is_system_of_sqlite(first or ""):
        return sqlite3.SQLITE_DENY
    return _only_reading(action, first, second)


def _take_signals() -> bool:
    """SQLite gives no way to Python in the midst of a statement but this; an interrupt cuts it off here."""
    return False


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
