"""One small shop in each of the databases that Quarry reads."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.database import Database
from tests.servers import mariadb as mariadb_server
from tests.servers.postgres import postgres
from tests.servers.process import Server

DIALECTS = ("sqlite", "postgres", "mysql", "duckdb")

STATEMENTS = (
    "CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, note TEXT)",
    "CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, amount DECIMAL(10, 2),"
    " ordered_at TIMESTAMP NULL, FOREIGN KEY (customer_id) REFERENCES customers (customer_id))",
    "CREATE VIEW large_orders AS SELECT order_id, amount FROM orders WHERE amount > 10",
    "INSERT INTO customers VALUES (1, 'Ada', '100% sure: yes'), (2, 'Grace', NULL), (3, 'Zoë', 'it''s')",
    "INSERT INTO orders VALUES (1, 1, 12.50, '2025-11-01 10:00:00'), (2, 1, 3.00, '2025-11-02 10:00:00'),"
    " (3, 2, 99.99, NULL)",
)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    import psycopg

    with postgres() as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            for statement in STATEMENTS:
                connection.execute(statement)
            connection.execute("COMMENT ON TABLE customers IS 'Who buys'")
            connection.execute("COMMENT ON COLUMN customers.note IS 'What they said'")
        yield server


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with mariadb_server.mariadb() as server:
        connection = mariadb_server.connect(server)
        with connection.cursor() as cursor:
            for statement in STATEMENTS:
                cursor.execute(statement)
        connection.close()
        yield server


@pytest.fixture(scope="session")
def sqlite_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "little shop.sqlite"
    connection = sqlite3.connect(path)
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


@pytest.fixture(scope="session")
def duckdb_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path_factory.mktemp("duckdb") / "shop.duckdb"
    connection = duckdb.connect(str(path))
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.execute("COMMENT ON COLUMN customers.note IS 'What they said'")
    connection.close()
    return path


@pytest.fixture(params=DIALECTS)
def shop(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The shop, opened through Quarry's door, once in each database."""
    database = Database.open(shop_url(request), timeout_s=20)
    yield database
    database.close()


def shop_url(request: pytest.FixtureRequest) -> str:
    given: Any
    if request.param in {"sqlite", "duckdb"}:
        given = request.getfixturevalue(f"{request.param}_shop")
        return f"{request.param}:///{given}"
    given = request.getfixturevalue("postgres_server" if request.param == "postgres" else "mariadb")
    return str(given.url)
