"""What gold queries give, remembered between runs and shared by all workers."""

import hashlib
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from evals.runs.cells import UnknownCellError, pack, unpack
from evals.runs.expected import Expected, GoldError, GoldQuery, read_gold, run_gold
from graph.checks import CheckContext
from knowledge.database import Database

VERSION = 1
LARGEST = 16 * 1024 * 1024
_WAIT_SECONDS = 30


class Golds:
    """Runs each gold once for a database's fingerprint. Without a `path`, or without a fingerprint, it runs
    them every time.

    The file is SQLite's and may be used by several processes at once. It is only a cache: what cannot be
    read or written there is computed. Each entry belongs to the checked text of a gold, thus to the rules
    and to the day that hold for it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._failures: dict[str, str] = {}

    def expected(
        self,
        sql: str,
        database: Database,
        context: CheckContext,
        *,
        ordered: bool = False,
        fingerprint: str = "",
    ) -> Expected:
        """What a gold gives. Raises GoldError, DatabaseError where the database is gone."""
        gold = read_gold(sql, context)
        if self._path is None or not fingerprint:
            return run_gold(gold, database, ordered=ordered)
        key = _key(gold, ordered, fingerprint)
        if key in self._failures:
            raise GoldError(self._failures[key])
        known = self._read(key, sql)
        if known is not None:
            return known
        try:
            found = run_gold(gold, database, ordered=ordered)
        except GoldError as error:
            self._failures[key] = str(error)
            raise
        self._write(key, found)
        return found

    def _read(self, key: str, sql: str) -> Expected | None:
        with suppress(OSError, sqlite3.Error, ValueError), closing(self._open()) as connection:
            row = connection.execute("SELECT data FROM golds WHERE key = ?", (key,)).fetchone()
            return unpack(row[0], sql) if row else None
        return None

    def _write(self, key: str, found: Expected) -> None:
        with suppress(OSError, sqlite3.Error, UnknownCellError):
            data = pack(found)
            if len(data) <= LARGEST:
                with closing(self._open()) as connection, connection:
                    connection.execute("INSERT OR REPLACE INTO golds VALUES (?, ?)", (key, data))

    def _open(self) -> sqlite3.Connection:
        assert self._path is not None
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS)
        connection.execute("CREATE TABLE IF NOT EXISTS golds (key TEXT PRIMARY KEY, data BLOB NOT NULL)")
        return connection


def variant_fingerprint(fingerprint: str, number: int, database: Database) -> str:
    """What stands for the data of a database variant: its file as it is now; empty for one on a server."""
    scheme, _, path = database.url.partition(":///")
    file = Path(path)
    if not fingerprint or scheme.split("+")[0] not in {"sqlite", "duckdb"} or not file.is_file():
        return ""
    facts = [fingerprint, str(number), str(file)]
    for part in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}.wal")):
        if part.is_file():
            facts += [str(part.stat().st_size), str(part.stat().st_mtime_ns)]
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()


def _key(gold: GoldQuery, ordered: bool, fingerprint: str) -> str:
    facts = [str(VERSION), gold.dialect, gold.runs, str(ordered), fingerprint]
    return hashlib.sha256("\0".join(facts).encode(errors="surrogatepass")).hexdigest()
