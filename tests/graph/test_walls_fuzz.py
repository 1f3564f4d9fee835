"""No statement that the gate lets through changes a database that would let it.

The databases here are open for writing, as the tests' own user has them: the gate alone stands before them.
QUARRY_FUZZ sets how many statements are tried in each (300 where it is not set).
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from graph.checks import gate
from tests.conftest import SHOP_SQL
from tests.graph.fuzz import mutants
from tests.graph.test_gate import context
from tests.servers.mariadb import connect
from tests.servers.mariadb import mariadb as mariadb_server
from tests.servers.postgres import postgres as postgres_server

BUDGET = int(os.environ.get("QUARRY_FUZZ", "300"))
LIMIT_S = 0.5
Run = Callable[[str], None]

thorough = settings(
    max_examples=BUDGET,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def passed(dialect: str, sql: str) -> str | None:
    found = gate(sql, context(dialect, ())).sql
    event("let through" if found else "refused")
    return found


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    path = tmp_path_factory.mktemp("fuzz-sqlite") / "shop.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(SHOP_SQL)
    whole = connection.serialize()
    ends = [0.0]
    connection.set_progress_handler(lambda: time.monotonic() > ends[0], 1000)

    def run(sql: str) -> None:
        ends[0] = time.monotonic() + LIMIT_S
        with suppress(sqlite3.Error, sqlite3.Warning, OverflowError, ValueError):
            connection.execute(sql).fetchmany(50)
        ends[0] = time.monotonic() + 60
        assert connection.serialize() == whole, sql
        assert not connection.in_transaction, sql
        assert [row[1] for row in connection.execute("PRAGMA database_list")] == ["main"], sql

    yield run
    connection.close()


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Run]:
    driver = pytest.importorskip("duckdb")
    connection = driver.connect()
    connection.execute(SHOP_SQL)
    connection.execute("CREATE SEQUENCE numbers")
    state = """SELECT (SELECT md5(string_agg(o::VARCHAR, '|' ORDER BY order_id)) FROM orders o),
        (SELECT md5(string_agg(c::VARCHAR, '|' ORDER BY customer_id)) FROM customers c),
        (SELECT md5(string_agg(p::VARCHAR, '|' ORDER BY product_id)) FROM products p),
        (SELECT count(*) FROM duckdb_tables()), (SELECT count(*) FROM duckdb_views() WHERE NOT internal),
        (SELECT count(*) FROM duckdb_databases()), (SELECT count(*) FROM duckdb_secrets()),
        (SELECT count(*) FROM duckdb_functions() WHERE NOT internal),
        (SELECT count(*) FROM duckdb_variables()),
        (SELECT last_value FROM duckdb_sequences()), (SELECT count(*) FROM duckdb_extensions() WHERE loaded),
        (SELECT md5(string_agg(name || coalesce(value, ''), '|' ORDER BY name)) FROM duckdb_settings())"""
    before = connection.execute(state).fetchall()

    def run(sql: str) -> None:
        timer = threading.Timer(LIMIT_S, connection.interrupt)
        timer.start()
        with suppress(driver.Error):
            connection.execute(sql).fetchmany(50)
        timer.cancel()
        timer.join()
        assert connection.execute(state).fetchall() == before, sql

    yield run
    connection.close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Run]:
    import psycopg

    with postgres_server() as server:
        connection = psycopg.connect(server.url)
        connection.execute(SHOP_SQL.encode())
        connection.commit()

        def run(sql: str) -> None:
            connection.execute(f"SET LOCAL statement_timeout = {int(LIMIT_S * 1000)}")
            with (
                suppress(psycopg.Error, UnicodeEncodeError),
                connection.transaction(),
                connection.cursor(name="fuzz") as cursor,
            ):
                cursor.execute(sql.encode())
                cursor.fetchmany(50)
                assert _untouched(connection), sql
            assert _untouched(connection), sql
            connection.rollback()

        yield run
        connection.close()


@pytest.fixture(scope="module")
def mariadb() -> Iterator[Run]:
    import pymysql

    with mariadb_server() as server:
        connection = connect(server)
        cursor = connection.cursor()
        for statement in SHOP_SQL.split(";"):
            if statement.strip():
                cursor.execute(statement)
        cursor.execute("CREATE SEQUENCE numbers")
        cursor.execute(f"SET SESSION max_statement_time = {LIMIT_S}, SESSION sql_select_limit = 50")
        state = (
            "CHECKSUM TABLE orders, customers, products, numbers",
            "SELECT table_name, table_type FROM information_schema.tables"
            " WHERE table_schema = 'shop' ORDER BY 1",
            "SELECT @@autocommit, @@sql_mode, @@max_statement_time, @@in_transaction, IS_FREE_LOCK('x')",
        )

        def told() -> list[Any]:
            found = []
            for statement in state:
                cursor.execute(statement)
                found.append(cursor.fetchall())
            return found

        before = told()

        def run(sql: str) -> None:
            with suppress(pymysql.MySQLError, UnicodeEncodeError):
                cursor.execute(sql)
                cursor.fetchmany(50)
            assert told() == before, sql

        yield run
        connection.close()


def _untouched(connection: Any) -> bool:
    """No transaction number was taken, as the first write would, and no lock outlives the statement."""
    return bool(
        connection.execute(
            "SELECT pg_current_xact_id_if_assigned() IS NULL"
            " AND current_setting('search_path') = '\"$user\", public'"
            " AND NOT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory')"
        ).fetchone()[0]
    )


@pytest.mark.real
@thorough
@given(sql=mutants("sqlite"))
def test_nothing_that_passes_changes_sqlite(sqlite: Run, sql: str) -> None:
    if found := passed("sqlite", sql):
        sqlite(found)


@pytest.mark.real
@thorough
@given(sql=mutants("duckdb"))
def test_nothing_that_passes_changes_duckdb(duckdb: Run, sql: str) -> None:
    if found := passed("duckdb", sql):
        duckdb(found)


@pytest.mark.real
@thorough
@given(sql=mutants("postgres"))
def test_nothing_that_passes_changes_postgres(postgres: Run, sql: str) -> None:
    if found := passed("postgres", sql):
        postgres(found)


@pytest.mark.real
@thorough
@given(sql=mutants("mysql"))
def test_nothing_that_passes_changes_mariadb(mariadb: Run, sql: str) -> None:
    if found := passed("mysql", sql):
        mariadb(found)


def test_no_file_was_left_behind() -> None:
    assert not list(Path().glob("quarry_loot*"))
