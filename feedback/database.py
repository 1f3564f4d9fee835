"""The feedback database: opened by its SQLAlchemy URL, brought up to date, written in whole transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from knowledge.errors import QuarryError

MIGRATIONS = Path(__file__).with_name("migrations")
LATEST = "0003"
READING: dict[str, Any] = {"quarry_reads": True}
_ONE_AT_A_TIME = 7_236_001  # the number of PostgreSQL's advisory lock for migrations


class FeedbackError(QuarryError):
    """The feedback database cannot be opened or written."""


class FeedbackDatabase:
    """SQLite or PostgreSQL. Opening it makes and migrates its tables; several processes may do so at once."""

    def __init__(self, url: str) -> None:
        try:
            self.engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
            raise FeedbackError(
                f"The feedback database's address cannot be used ({_cause(error)}); write sqlite:///FILE or "
                "postgresql+psycopg://USER@HOST/NAME."
            ) from None
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_at_once)
        with self._told("opened"):
            self._migrate()

    @classmethod
    def in_file(cls, path: Path) -> "FeedbackDatabase":
        return cls(f"sqlite:///{path}")

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: all of it, or nothing. Raises FeedbackError."""
        with self._told("written"), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Raises FeedbackError."""
        with self._told("read"), self.engine.connect() as connection:
            yield connection.execution_options(**READING)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            raise FeedbackError(
                f"The feedback database could not be {what} ({_cause(error)}); check that {self.engine.url} "
                "can be reached and written."
            ) from None

    def _migrate(self) -> None:
        with self.engine.connect().execution_options(**READING) as connection:
            if _version(connection) == LATEST:
                return
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
            if _version(connection) != LATEST:
                _upgrade(connection)


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: sa.Connection) -> str:
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or "")


def _prepare_sqlite(connection: Any, _: Any) -> None:
    """Keep a turn within a few milliseconds; a killed process loses nothing, a power cut the last turns.

    Python's driver would commit before a table is made; so transactions begin and end by us alone.
    """
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA busy_timeout = 20000")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_at_once(connection: sa.Connection) -> None:
    """Who will write takes the lock at the beginning: one that reads first may be turned away later."""
    reads = connection.get_execution_options().get("quarry_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _cause(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
