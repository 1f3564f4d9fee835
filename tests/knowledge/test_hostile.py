"""The second wall alone: every hostile statement straight to the door, with no gate before it."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from graph.checks import gate
from knowledge.database import Database
from knowledge.errors import QueryError
from tests.graph.hostile import DIALECTS, Hostile, hostile
from tests.graph.test_functions import HONEST
from tests.graph.test_gate import context, statements
from tests.knowledge import hostile_shops
from tests.knowledge.hostile_shops import LOOT, Shop

pytestmark = pytest.mark.real

LIMIT_S = 0.5
MOST_BYTES = 16 * 2**20
MOST_MEMORY = 3 * 2**30


@pytest.fixture(scope="session")
def shops(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Database, Shop]]]:
    """Each shop is opened when it is first asked for, by a user who may write."""
    opened: dict[str, tuple[Database, Shop]] = _Shops(request, tmp_path_factory)
    yield opened
    for database, _ in opened.values():
        database.close()


class _Shops(dict[str, tuple[Database, Shop]]):
    def __init__(self, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> None:
        super().__init__()
        self._request = request
        self._folders = folders

    def __missing__(self, dialect: str) -> tuple[Database, Shop]:
        shop = self._made(dialect)
        self[dialect] = Database.open(shop.url, timeout_s=LIMIT_S, max_bytes=MOST_BYTES), shop
        return self[dialect]

    def _made(self, dialect: str) -> Shop:
        if dialect == "sqlite":
            return hostile_shops.in_sqlite(self._folders.mktemp("hostile-sqlite"))
        if dialect == "duckdb":
            pytest.importorskip("duckdb")
            return hostile_shops.in_duckdb(self._folders.mktemp("hostile-duckdb"))
        server = self._request.getfixturevalue("postgres_server" if dialect == "postgres" else "mariadb")
        make = hostile_shops.in_postgres if dialect == "postgres" else hostile_shops.in_mariadb
        return make(server)


@pytest.mark.parametrize("statement", [one for one in hostile() if not one.is_bomb], ids=lambda one: one.id)
def test_the_door_refuses_it_and_nothing_has_changed(
    statement: Hostile,
    shops: dict[str, tuple[Database, Shop]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    database, shop = shops[statement.dialect]
    before = shop.snapshot()

    with pytest.raises(QueryError) as raised:
        print(database.run(statement.sql).rows[:3])

    assert shop.snapshot() == before
    assert not list(tmp_path.iterdir())
    assert not list(Path("/tmp").glob(f"{LOOT}*"))
    assert str(raised.value)


@pytest.mark.parametrize("statement", [one for one in hostile() if one.is_bomb], ids=lambda one: one.id)
def test_the_door_holds_a_bomb_to_its_limits(
    statement: Hostile, shops: dict[str, tuple[Database, Shop]]
) -> None:
    database, shop = shops[statement.dialect]
    before = shop.snapshot()
    started = time.monotonic()

    with _Memory() as memory, suppress(QueryError):
        result = database.run(statement.sql, max_rows=100)
        assert len(result.rows) <= 100
        assert sum(len(cell) for row in result.rows for cell in row if isinstance(cell, str)) <= MOST_BYTES

    assert time.monotonic() - started < LIMIT_S + 20
    assert memory.grown < MOST_MEMORY
    assert shop.snapshot() == before
    assert database.run("SELECT COUNT(*) FROM customers").rows == ((4,),)


GOOD = [(dialect, sql) for dialect, _, sql in statements("good.sql")]
HONEST_ONES = [(dialect, sql) for dialect, many in HONEST.items() for sql in many]


@pytest.mark.parametrize(("dialect", "sql"), GOOD + HONEST_ONES)
def test_what_passes_the_gate_passes_the_door(
    dialect: str, sql: str, shops: dict[str, tuple[Database, Shop]]
) -> None:
    passed = gate(sql, context(dialect, ())).sql
    assert passed is not None

    assert shops[dialect][0].run(passed, timeout_s=20).columns


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_session_is_as_it_was_after_all_of_them(
    dialect: str, shops: dict[str, tuple[Database, Shop]]
) -> None:
    database, _ = shops[dialect]
    for statement in hostile(dialect):
        if not statement.is_bomb:
            with suppress(QueryError):
                database.run(statement.sql)

    for _ in range(10):
        with pytest.raises(QueryError):
            database.run("DELETE FROM orders", own=True)
    assert database.run("SELECT COUNT(*) FROM orders").rows == ((6,),)


class _Memory:
    """The most memory that this process takes on meanwhile."""

    def __enter__(self) -> "_Memory":
        self._process = psutil.Process()
        self._before = self._most = self._process.memory_info().rss
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        self._thread.join()

    @property
    def grown(self) -> int:
        return self._most - self._before

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            self._most = max(self._most, self._process.memory_info().rss)


def test_a_wide_row_of_sqlite_cannot_fill_the_memory(sqlite_shop: Path) -> None:
    wide = ", ".join(["printf('%30000000d', 1)"] * 100)

    with _Memory() as memory, pytest.raises(QueryError, match="take more than"):
        Database.open(str(sqlite_shop)).run(f"SELECT {wide}")

    assert memory.grown < MOST_MEMORY
