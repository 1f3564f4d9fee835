"""How soon a running statement ends in the database when another thread asks for it, once in each of them."""

import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from knowledge.database import Database
from knowledge.errors import QueryCancelledError
from tests.bench.row import Row
from tests.servers.mariadb import mariadb
from tests.servers.postgres import postgres

TITLE = "Cancel latency of a running statement"
_MOST = 0.5
_TIMES = 7
_RUNNING = 0.4
_SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
    "duckdb": "SELECT COUNT(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 1",
    "postgres": "SELECT COUNT(*) FROM generate_series(1, 1000000000) a",
    "mysql": "SELECT COUNT(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b WHERE (a.seq * b.seq) % 7 = 1",
}
_NOTE = (
    f"Median and worst of {_TIMES}: from `Database.cancel()` to the error where rows are waited for, after "
    "0.4 s of running. PostgreSQL and MariaDB are servers on this machine."
)


def measure(folder: Path) -> list[Row]:
    with ExitStack() as servers, tempfile.TemporaryDirectory() as place:
        rows = []
        for name, url in _places(servers, Path(place)):
            database = Database.open(url, timeout_s=60)
            took = [_latency(database) for _ in range(_TIMES)]
            database.close()
            rows += [
                Row(f"cancel latency, {name}, median", statistics.median(took), goal=_MOST),
                Row(f"cancel latency, {name}, worst", max(took), goal=_MOST),
            ]
    last = rows[-1]
    return [*rows[:-1], Row(last.what, last.value, goal=last.goal, note=_NOTE)]


def _places(servers: ExitStack, folder: Path) -> Iterator[tuple[str, str]]:
    import duckdb

    sqlite3.connect(folder / "empty.sqlite").execute("CREATE TABLE t (i)").connection.close()
    yield "SQLite", f"sqlite:///{folder / 'empty.sqlite'}"
    duckdb.connect(str(folder / "empty.duckdb")).close()
    yield "DuckDB", f"duckdb:///{folder / 'empty.duckdb'}"
    yield "PostgreSQL", servers.enter_context(postgres()).url
    yield "MariaDB", servers.enter_context(mariadb()).url


def _latency(database: Database) -> float:
    asked: list[float] = []

    def cancel() -> None:
        asked.append(time.perf_counter())
        database.cancel()

    timer = threading.Timer(_RUNNING, cancel)
    timer.start()
    try:
        database.run(_SLOW[database.dialect])
    except QueryCancelledError:
        return time.perf_counter() - asked[0]
    raise RuntimeError(f"{database.dialect}: the statement ended before it was cancelled")
