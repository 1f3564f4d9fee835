"""What each database's way in has to offer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Engine, PoolProxiedConnection

from knowledge.errors import DatabaseError

CONNECT_SECONDS = 10
POOL: dict[str, Any] = {"pool_size": 4, "max_overflow": 4, "pool_timeout": 30}

Rows = Sequence[Sequence[Any]]


class Door(Protocol):
    """`schemes` are the first words of the URLs it takes; `dialect` is sqlglot's name; `extra` is pip's."""

    @property
    def schemes(self) -> tuple[str, ...]: ...

    @property
    def dialect(self) -> str: ...

    @property
    def product(self) -> str: ...

    @property
    def extra(self) -> str: ...

    def engine(self, url: URL) -> Engine:
        """An engine whose connections can only read."""
        ...

    def inspecting_engine(self, url: URL) -> Engine:
        """An engine for reading the catalogue."""
        ...

    def fetch(
        self, connection: PoolProxiedConnection, sql: str, limit: int, seconds: float
    ) -> tuple[tuple[str, ...], Rows]:
        """The columns and at most `limit` rows of one statement, cancelled in the database after `seconds`.

        Raises QueryError in the database's own words, QueryTimeoutError, or DatabaseError where it is gone.
        """
        ...

    def trouble(self, error: BaseException, url: URL) -> str:
        """Why the database cannot be opened or reached, as one sentence with its remedy."""
        ...


def resolve(url: URL, folder: Path | None) -> URL:
    """The URL of a file database with its path made absolute from `folder`."""
    if not url.database:
        return url
    path = Path(url.database).expanduser()
    if not path.is_absolute():
        path = (folder or Path.cwd()) / path
    return url.set(database=str(path))


def require_file(url: URL) -> None:
    """Raise DatabaseError unless the URL names a file that exists; opening must never create one."""
    if not url.database or ":memory:" in url.database:
        raise DatabaseError(f"{url.render_as_string()} names no file; correct `database` in quarry.toml.")
    path = Path(url.database)
    if path.is_dir():
        raise DatabaseError(f"{path} is a folder, not a database; correct `database` in quarry.toml.")
    if not path.exists():
        raise DatabaseError(
            f"There is no database at {path}; run quarry init --demo, or correct `database` in quarry.toml."
        )


def first_line(error: BaseException) -> str:
    """The driver's own words, without what follows its first line."""
    words = str(error.args[-1] if error.args else error).strip()
    return words.splitlines()[0].strip() if words else type(error).__name__
