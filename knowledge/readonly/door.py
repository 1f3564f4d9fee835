"""What each database's way in has to offer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Engine, PoolProxiedConnection

from knowledge.errors import DatabaseError
from knowledge.explain import Estimate
from knowledge.readonly.running import Running, too_large

CONNECT_SECONDS = 10
POOL: dict[str, Any] = {"pool_size": 4, "max_overflow": 4, "pool_timeout": 30}

Row = Sequence[Any]


@dataclass(frozen=True)
class Limits:
    """At most `rows` rows are fetched, whose texts take at most `bytes` (0: no limit), within `seconds`."""

    rows: int
    bytes: int
    seconds: float


@dataclass(frozen=True)
class Fetched:
    """`cut` says that rows were left out because of their size."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    cut: bool = False


class Door(Protocol):
    """`schemes` are the first words of the URLs it takes; `dialect` is sqlglot's name; `extra` is pip's.

    `probe` is a statement that fails where the database cannot be read.
    """

    @property
    def schemes(self) -> tuple[str, ...]: ...

    @property
    def dialect(self) -> str: ...

    @property
    def product(self) -> str: ...

    @property
    def extra(self) -> str: ...

    @property
    def probe(self) -> str: ...

    def engine(self, url: URL) -> Engine:
        """An engine whose connections can only read."""
        ...

    def inspecting_engine(self, url: URL) -> Engine:
        """An engine for reading the catalogue."""
        ...

    def require_harmless(self, connection: PoolProxiedConnection, sql: str) -> None:
        """Raise QueryError where a statement has parts that no question needs, in the database's own reading.

        That is all but SELECT, the system's catalogue, and functions that wait, lock, reach for files, for
        the network or for settings.
        """
        ...

    def estimate(
        self, connection: PoolProxiedConnection, sql: str, limits: Limits, sizes: Mapping[str, int]
    ) -> Estimate | None:
        """What the database expects a statement to read; None where it cannot say.

        `sizes` are the numbers of rows of tables, where they are known. Raises QueryError.
        """
        ...

    def running(self, connection: PoolProxiedConnection, limits: Limits, url: URL) -> Running:
        """The watch over a statement of this connection."""
        ...

    def fetch(self, connection: PoolProxiedConnection, sql: str, limits: Limits) -> Fetched:
        """The columns and rows of one statement, which is asked to end in the database at its limits.

        Raises QueryError in the database's own words, EndedError, or DatabaseError where it is gone.
        """
        ...

    def excess(self, connection: PoolProxiedConnection) -> tuple[str, ...]:
        """Rights of the account beyond reading its tables, each a sentence with its remedy."""
        ...

    def trouble(self, error: BaseException, url: URL) -> str:
        """Why the database cannot be opened or reached, as one sentence with its remedy."""
        ...


def gather(rows: Iterable[Row], limits: Limits) -> tuple[list[Row], bool]:
    """The rows within the limits, and whether some were left out because of their size.

    Raises QueryTooLargeError where not even the first one fits.
    """
    kept: list[Row] = []
    size = 0
    for row in rows:
        size += size_of(row)
        if size > limits.bytes > 0:
            if not kept:
                raise too_large(limits.bytes)
            return kept, True
        kept.append(row)
        if len(kept) >= limits.rows:
            break
    return kept, False


def size_of(row: Row) -> int:
    """Bytes of the texts of a row, about."""
    return sum(len(value) for value in row if isinstance(value, str | bytes))


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
