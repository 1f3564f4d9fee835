"""Limits of the door: cancelled from elsewhere, in memory, in what a statement may read, in rights."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.database import Database
from knowledge.errors import (
    DatabaseError,
    QueryCancelledError,
    QueryError,
    QueryTimeoutError,
    QueryTooLargeError,
)
from knowledge.readonly import Cancellation
from knowledge.readonly.mysql import MySQLDoor
from knowledge.readonly.postgres import PostgresDoor
from tests.graph.hostile import DIALECTS
from tests.knowledge.conftest import shop_url
from tests.knowledge.test_database import SLOW
from tests.servers.process import Server

pytestmark = pytest.mark.real

LONG = {
    "sqlite": "SELECT printf('%2000000d', value) FROM json_each('[1,2,3,4,5,6,7,8,9,10]')",
    "postgres": "SELECT repeat('x', 2000000) FROM generate_series(1, 10)",
    "mysql": "SELECT REPEAT('x', 2000000) FROM seq_1_to_10",
    "duckdb": "SELECT repeat('x', 1000000) || repeat('x', 1000000) FROM range(10)",
}


def after(seconds: float, act: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(seconds, act)
    timer.start()
    return timer


def run_long(database: Database) -> None:
    """The signal may arrive a little after the driver has noticed it."""
    database.run(SLOW[database.dialect])
    time.sleep(5)


# --- cancelling


def test_a_running_statement_is_cancelled_from_another_thread(shop: Database) -> None:
    timer = after(0.3, shop.cancel)
    started = time.monotonic()

    with pytest.raises(QueryCancelledError, match="was cancelled"):
        shop.run(SLOW[shop.dialect])

    timer.join()
    assert time.monotonic() - started < 10
    assert shop.run("SELECT COUNT(*) FROM customers").rows == ((3,),)


def test_one_statement_is_cancelled_and_another_goes_on(shop: Database) -> None:
    cancellation = Cancellation()
    raised: list[BaseException] = []

    def other() -> None:
        with pytest.raises(QueryTimeoutError) as error:
            shop.run(SLOW[shop.dialect], timeout_s=1.5)
        raised.append(error.value)

    thread = threading.Thread(target=other)
    thread.start()
    timer = after(0.3, cancellation.cancel)
    with pytest.raises(QueryCancelledError):
        shop.run(SLOW[shop.dialect], cancellation=cancellation)

    timer.join()
    assert not raised
    thread.join()
    assert len(raised) == 1


def test_what_was_cancelled_before_is_not_started(shop: Database) -> None:
    cancellation = Cancellation()
    cancellation.cancel()

    with pytest.raises(QueryCancelledError):
        shop.run("SELECT 1", cancellation=cancellation)


def test_a_cancel_that_comes_too_late_harms_nobody(shop: Database) -> None:
    cancellation = Cancellation()
    assert shop.run("SELECT 1", cancellation=cancellation).rows == ((1,),)

    cancellation.cancel()
    shop.cancel()

    assert [shop.run("SELECT 1").rows for _ in range(20)] == [((1,),)] * 20


def test_ctrl_c_ends_the_statement_and_goes_on_as_ctrl_c(shop: Database) -> None:
    timer = after(0.4, lambda: os.kill(os.getpid(), signal.SIGINT))
    started = time.monotonic()

    with pytest.raises(KeyboardInterrupt):
        run_long(shop)

    timer.join()
    assert time.monotonic() - started < 10
    assert shop.run("SELECT COUNT(*) FROM customers").rows == ((3,),)


@pytest.mark.parametrize("name", ["postgres_server", "mariadb"])
def test_nothing_runs_on_in_the_server_after_ctrl_c(request: pytest.FixtureRequest, name: str) -> None:
    server: Server = request.getfixturevalue(name)
    database = Database.open(server.url)
    timer = after(0.4, lambda: os.kill(os.getpid(), signal.SIGINT))

    with pytest.raises(KeyboardInterrupt):
        run_long(database)

    timer.join()
    deadline = time.monotonic() + 5
    while (left := _running(server)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def _running(server: Server) -> list[Any]:
    if server.scheme == "mysql":
        from tests.servers.mariadb import connect

        with connect(server) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT info FROM information_schema.processlist WHERE info LIKE '%% 7 = 1'")
            return list(cursor.fetchall())
    import psycopg

    with psycopg.connect(server.url) as connection:
        return connection.execute(
            "SELECT query FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
            " AND query LIKE '%generate_series(1, 1000%'"
        ).fetchall()


# --- memory


@pytest.fixture(params=DIALECTS)
def tight(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The shop, with room for five million characters."""
    database = Database.open(shop_url(request), timeout_s=20, max_bytes=5_000_000)
    yield database
    database.close()


def test_rows_that_take_too_much_memory_are_left_out_and_told(tight: Database) -> None:
    result = tight.run(LONG[tight.dialect])

    assert [len(row[0]) for row in result.rows] == [2_000_000] * 2
    assert result.truncated


def test_a_row_that_does_not_fit_is_an_error_that_says_what_to_do(tight: Database) -> None:
    thrice = f"SELECT t.a, t.a AS b, t.a AS c FROM ({LONG[tight.dialect].replace(' FROM', ' AS a FROM')}) t"

    with pytest.raises(QueryTooLargeError, match="ask for fewer or shorter columns"):
        tight.run(thrice)
    assert tight.run("SELECT COUNT(*) FROM customers").rows == ((3,),)


def test_quarrys_own_statements_are_read_whole(tight: Database) -> None:
    assert len(tight.run(LONG[tight.dialect], own=True).rows) == 10


def test_after_an_explicit_limit_the_rest_is_not_read(shop: Database) -> None:
    if shop.dialect != "mysql":
        pytest.skip("the others keep the rest in the server")
    assert shop.run("SELECT seq FROM seq_1_to_1000000000 LIMIT 900000000", max_rows=2).truncated
    assert shop.run("SELECT 1").rows == ((1,),)


# --- words


@pytest.mark.parametrize("sql", ["SELECT 1\0", "\0", "SELECT '\0'"])
def test_a_null_character_never_reaches_a_database(shop: Database, sql: str) -> None:
    with pytest.raises(QueryError, match="null character"):
        shop.run(sql)


def test_the_catalogue_is_for_quarry_alone(shop: Database) -> None:
    catalogue = {
        "sqlite": "SELECT COUNT(*) FROM sqlite_master",
        "postgres": "SELECT COUNT(*) FROM pg_catalog.pg_class",
        "mysql": "SELECT COUNT(*) FROM information_schema.tables",
        "duckdb": "SELECT COUNT(*) FROM duckdb_tables()",
    }[shop.dialect]

    with pytest.raises(QueryError):
        shop.run(catalogue)
    assert shop.run(catalogue, own=True).rows[0][0] > 0
    with pytest.raises(QueryError):
        shop.run(catalogue)


@pytest.mark.parametrize("module", ["fts5", "fts4", "rtree"])
def test_the_virtual_tables_of_sqlite_can_be_read(tmp_path: Path, module: str) -> None:
    path = tmp_path / "notes.sqlite"
    with sqlite3.connect(path) as connection:
        columns = "id, low, high" if module == "rtree" else "body"
        connection.execute(f"CREATE VIRTUAL TABLE notes USING {module}({columns})")
        row = "(1, 2, 3)" if module == "rtree" else "('the quick fox')"
        connection.execute(f"INSERT INTO notes VALUES {row}")
    where = "low < 3" if module == "rtree" else "notes MATCH 'quick'"

    assert len(Database.open(str(path)).run(f"SELECT * FROM notes WHERE {where}").rows) == 1


# --- rights


@pytest.mark.parametrize(("name", "word"), [("postgres_server", "superuser"), ("mariadb", "ALL PRIVILEGES")])
def test_an_account_that_may_write_is_told_of(request: pytest.FixtureRequest, name: str, word: str) -> None:
    server: Server = request.getfixturevalue(name)

    (told,) = Database.open(server.url).excess_rights()

    assert word in told
    assert "SELECT" in told


def test_an_account_that_only_reads_is_told_nothing(postgres_server: Server) -> None:
    import psycopg

    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'r' IN ROLE pg_read_all_data")
    url = postgres_server.url.replace(f"{postgres_server.user}:{postgres_server.password}", "reader:r")

    database = Database.open(url)

    assert database.excess_rights() == ()
    assert database.run("SELECT COUNT(*) FROM orders").rows == ((3,),)


def test_files_have_no_accounts(sqlite_shop: Path, duckdb_shop: Path) -> None:
    assert Database.open(str(sqlite_shop)).excess_rights() == ()
    assert Database.open(str(duckdb_shop)).excess_rights() == ()


def test_a_database_that_is_gone_is_told_and_not_taken_for_cancelled(mariadb: Server) -> None:
    from tests.servers.mariadb import connect

    database = Database.open(mariadb.url, timeout_s=20)

    def end_it() -> None:
        with connect(mariadb) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT id FROM information_schema.processlist WHERE info LIKE '%% 7 = 1'")
            for (number,) in cursor.fetchall():
                cursor.execute(f"KILL CONNECTION {number}")

    timer = after(0.5, end_it)
    with pytest.raises((DatabaseError, QueryError)):
        database.run(SLOW["mysql"])
    timer.join()
    assert database.run("SELECT 1").rows == ((1,),)


@pytest.mark.parametrize(("name", "door"), [("postgres_server", PostgresDoor), ("mariadb", MySQLDoor)])
def test_a_connection_cut_between_two_steps_is_told(
    request: pytest.FixtureRequest, name: str, door: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: Server = request.getfixturevalue(name)
    database = Database.open(server.url)
    monkeypatch.setattr(door, "require_harmless", lambda _, connection, sql: connection.invalidate())

    with pytest.raises(DatabaseError, match="closed the connection; check that the server runs"):
        database.run("SELECT COUNT(*) FROM orders")

    monkeypatch.undo()
    assert database.run("SELECT COUNT(*) FROM orders").rows == ((3,),)
