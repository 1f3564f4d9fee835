import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.database import Database
from knowledge.errors import DatabaseError
from knowledge.schema import ForeignKey, Schema
from tests.servers.process import Server


def opened(folder: Path, script: str) -> Schema:
    with closing(sqlite3.connect(folder / "made.sqlite")) as connection:
        connection.executescript(script)
    return Database.open("made.sqlite", folder=folder).schema()


def test_tables_and_views_come_in_the_order_of_their_names(shop: Database) -> None:
    assert [table.name for table in shop.schema().tables] == ["customers", "large_orders", "orders"]


def test_columns_keep_their_order_and_whether_they_may_be_empty(shop: Database) -> None:
    columns = shop.schema().by_name["customers"].columns

    assert [column.name for column in columns] == ["customer_id", "name", "note"]
    assert [column.nullable for column in columns][1:] == [False, True]


def test_types_are_upper_case_without_length(shop: Database) -> None:
    schema = shop.schema()

    assert schema.by_name["customers"].by_name["name"].type == "VARCHAR"
    assert schema.by_name["orders"].by_name["amount"].type in {"DECIMAL", "NUMERIC"}
    assert schema.by_name["orders"].by_name["ordered_at"].type == "TIMESTAMP"
    assert schema.by_name["large_orders"].by_name["amount"].is_number


def test_keys_are_found(shop: Database) -> None:
    schema = shop.schema()

    assert schema.by_name["orders"].primary_key == ("order_id",)
    assert schema.foreign_keys == (ForeignKey("orders", ("customer_id",), "customers", ("customer_id",)),)


def test_the_fingerprint_is_the_same_at_each_reading(shop: Database) -> None:
    assert shop.schema().fingerprint == shop.schema().fingerprint


def test_the_dialect_is_the_databases(shop: Database) -> None:
    assert shop.schema().dialect == shop.dialect


def test_tables_and_columns_can_be_left_out(shop: Database) -> None:
    schema = shop.schema(exclude=["large_*", "customers.no*"])

    assert [table.name for table in schema.tables] == ["customers", "orders"]
    assert [column.name for column in schema.by_name["customers"].columns] == ["customer_id", "name"]
    assert shop.schema(exclude=["customers"]).foreign_keys == ()


def test_a_database_that_shows_no_tables_is_told(shop: Database) -> None:
    with pytest.raises(DatabaseError, match=r"shows no tables; correct `database` .*, or grant"):
        shop.schema(exclude=["*"])


def test_comments_of_the_database_are_kept(postgres_server: Server) -> None:
    customers = Database.open(postgres_server.url).schema().by_name["customers"]

    assert customers.comment == "Who buys"
    assert customers.by_name["note"].comment == "What they said"


def test_comments_of_duckdb_are_kept(duckdb_shop: Path) -> None:
    customers = Database.open(f"duckdb:///{duckdb_shop}").schema().by_name["customers"]

    assert customers.by_name["note"].comment == "What they said"


@pytest.fixture
def reader(postgres_server: Server) -> Iterator[str]:
    import psycopg

    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
        connection.execute("GRANT SELECT ON orders TO guest")
        yield postgres_server.url.replace(f"owner:{postgres_server.password}", "guest:guest")
        connection.execute("DROP OWNED BY guest")
        connection.execute("DROP ROLE guest")


def test_a_table_that_the_user_may_not_read_is_not_shown(reader: str) -> None:
    database = Database.open(reader)

    assert [table.name for table in database.schema().tables] == ["orders"]
    database.close()


def test_a_key_without_its_target_column_points_to_the_primary_key(tmp_path: Path) -> None:
    schema = opened(
        tmp_path, "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (a_x INTEGER REFERENCES a);"
    )

    assert schema.foreign_keys == (ForeignKey("b", ("a_x",), "a", ("x",)),)


def test_a_key_to_a_table_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    assert opened(tmp_path, "CREATE TABLE b (a_x INTEGER REFERENCES gone (x));").foreign_keys == ()


def test_a_key_of_several_columns_keeps_their_order(tmp_path: Path) -> None:
    schema = opened(
        tmp_path,
        "CREATE TABLE a (x INTEGER, y INTEGER, PRIMARY KEY (x, y));"
        "CREATE TABLE b (r INTEGER, s INTEGER, FOREIGN KEY (s, r) REFERENCES a (x, y));",
    )

    assert schema.by_name["a"].primary_key == ("x", "y")
    assert schema.foreign_keys == (ForeignKey("b", ("s", "r"), "a", ("x", "y")),)


def test_a_broken_view_does_not_hide_the_rest(tmp_path: Path) -> None:
    schema = opened(
        tmp_path,
        "CREATE TABLE a (x INTEGER); CREATE VIEW good AS SELECT x FROM a;"
        "CREATE VIEW broken AS SELECT x FROM gone;",
    )

    assert [table.name for table in schema.tables] == ["a", "good"]


def test_a_column_without_a_type_is_read(tmp_path: Path) -> None:
    assert opened(tmp_path, "CREATE TABLE a (x);").by_name["a"].by_name["x"].type == "ANY"


def test_names_that_need_quotes_are_kept(tmp_path: Path) -> None:
    schema = opened(tmp_path, 'CREATE TABLE "Order Lines" ("Größe in m²" TEXT, "group" INTEGER);')

    assert [column.name for column in schema.by_name["Order Lines"].columns] == ["Größe in m²", "group"]
