"""SQLite: opened with mode=ro, held to SELECT by an authorizer, cancelled from its progress handler."""

import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, NullPool, PoolProxiedConnection, QueuePool, create_engine, event

from knowledge.errors import QueryError, QueryTimeoutError
from knowledge.readonly.door import CONNECT_SECONDS, POOL, Rows, first_line, require_file

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_FORBIDDEN_FUNCTIONS = {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"}
_LONGEST_VALUE = 32 * 1024 * 1024
_STEPS_BETWEEN_LOOKS = 5_000


class SQLiteDoor:
    schemes = ("sqlite",)
    dialect = "sqlite"
    product = "SQLite"
    extra = ""

    def engine(self, url: URL) -> Engine:
        require_file(url)
        engine = create_engine("sqlite://", creator=lambda: _connect(url), poolclass=QueuePool, **POOL)

        @event.listens_for(engine, "connect")
        def shut(connection: sqlite3.Connection, _: Any) -> None:
            connection.set_authorizer(_allow)

        return engine

    def inspecting_engine(self, url: URL) -> Engine:
        require_file(url)
        return create_engine("sqlite://", creator=lambda: _connect(url), poolclass=NullPool)

    def fetch(
        self, connection: PoolProxiedConnection, sql: str, limit: int, seconds: float
    ) -> tuple[tuple[str, ...], Rows]:
        raw = connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        deadline = time.monotonic() + seconds
        raw.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        cursor = raw.cursor()
        try:
            cursor.execute(sql)
            rows = cursor.fetchmany(limit)
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
            if "interrupted" in str(error):
                raise QueryTimeoutError(f"the statement ran past {seconds:g} s and was cancelled") from error
            raise QueryError(first_line(error)) from error
        finally:
            cursor.close()
            raw.set_progress_handler(None, 0)
        return tuple(column[0] for column in cursor.description or ()), rows

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
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    return connection


def _allow(action: int, first: str | None, second: str | None, *_: Any) -> int:
    """Full-text tables look at data_version by themselves; every other PRAGMA is denied."""
    if action == sqlite3.SQLITE_FUNCTION and second in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action in _READING or (action == sqlite3.SQLITE_PRAGMA and first == "data_version"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
