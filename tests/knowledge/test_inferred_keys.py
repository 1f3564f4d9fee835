"""Keys that nobody declared, found by names and values."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.database import Database
from knowledge.inferred_keys import infer_keys, load_keys, save_keys, with_keys
from knowledge.profile import profile
from knowledge.schema import ForeignKey


def found(path: Path, sql: str, joins: Iterable[tuple[str, str]] = ()) -> set[str]:
    with sqlite3.connect(path / "bare.sqlite") as connection:
        connection.executescript(sql)
    connection.close()
    database = Database.open(f"sqlite:///{path / 'bare.sqlite'}")
    schema = database.schema()
    keys = infer_keys(database, schema, profile(database, schema), joins)
    database.close()
    return {f"{k.table}.{k.columns[0]} > {k.to_table}.{k.to_columns[0]}" for k in keys}


PEOPLE = """
CREATE TABLE customers (id INTEGER, name TEXT);
INSERT INTO customers VALUES (1, 'Ada'), (2, 'Max'), (3, 'Zoe');
"""


@pytest.mark.parametrize("column", ["customer_id", "customerId", "cust_id", "CUSTOMERID"])
def test_a_column_with_the_tables_name_points_to_its_key(tmp_path: Path, column: str) -> None:
    sql = f"{PEOPLE} CREATE TABLE orders (nr INTEGER, {column} INTEGER);"
    sql += "INSERT INTO orders VALUES (7, 1), (8, 3);"
    expected = set() if column == "CUSTOMERID" else {f"orders.{column} > customers.id"}
    assert found(tmp_path, sql) == expected


def test_values_that_are_not_there_point_nowhere(tmp_path: Path) -> None:
    sql = f"{PEOPLE} CREATE TABLE orders (nr INTEGER, customer_id INTEGER);"
    sql += "INSERT INTO orders VALUES (7, 1), (8, 9);"
    assert found(tmp_path, sql) == set()


def test_an_id_of_ones_own_points_nowhere(tmp_path: Path) -> None:
    sql = f"{PEOPLE} CREATE TABLE shops (id INTEGER, name TEXT);"
    sql += "INSERT INTO shops VALUES (1, 'Ada'), (2, 'Max');"
    assert found(tmp_path, sql) == set()


def test_a_column_of_the_same_name_points_to_the_table_that_it_names(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE state (state_name TEXT, area REAL);
    CREATE TABLE highlow (state_name TEXT, high TEXT);
    INSERT INTO state VALUES ('ohio', 1.0), ('utah', 2.0);
    INSERT INTO highlow VALUES ('ohio', 'a'), ('utah', 'b');
    """
    assert found(tmp_path, sql) == {"highlow.state_name > state.state_name"}


def test_a_row_above_in_the_same_table(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE staff (staff_id INTEGER PRIMARY KEY, name TEXT, reports_to_id INTEGER);
    INSERT INTO staff VALUES (1, 'Ada', NULL), (2, 'Max', 1);
    """
    assert found(tmp_path, sql) == {"staff.reports_to_id > staff.staff_id"}


def test_many_texts_that_all_stand_elsewhere_tell_by_themselves(tmp_path: Path) -> None:
    names = ", ".join(f"('s{n}')" for n in range(12))
    sql = f"""
    CREATE TABLE state (state_name TEXT); INSERT INTO state VALUES {names};
    CREATE TABLE river (river TEXT, runs_through TEXT);
    INSERT INTO river SELECT 'r', state_name FROM state UNION ALL SELECT 'q', state_name FROM state;
    """
    assert found(tmp_path, sql) == {"river.runs_through > state.state_name"}


def test_a_table_that_declares_keys_is_taken_at_its_word(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE shops (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE orders (shop_id INTEGER REFERENCES shops (id), customer_id INTEGER);
    INSERT INTO customers VALUES (1, 'Ada'); INSERT INTO shops VALUES (1, 'Bo');
    INSERT INTO orders VALUES (1, 1);
    """
    assert found(tmp_path, sql) == set()


@pytest.mark.real
def test_the_demo_companys_keys_are_all_found_and_no_others(kestrel: Path) -> None:
    database = Database.open(f"sqlite:///{kestrel}")
    schema = database.schema()
    bare = replace(schema, foreign_keys=())
    keys = infer_keys(database, bare, profile(database, bare))
    database.close()
    assert {replace(key, inferred=False) for key in keys} == set(schema.foreign_keys)


def test_keys_are_kept_for_the_schema_that_they_were_found_in(tmp_path: Path, shop_path: Path) -> None:
    database = Database.open(f"sqlite:///{shop_path}")
    schema = database.schema()
    database.close()
    key = ForeignKey("orders", ("note",), "products", ("name",), inferred=True)
    save_keys(tmp_path / "keys.json", schema, (key,))
    assert load_keys(tmp_path / "keys.json", schema) == (key,)
    assert load_keys(tmp_path / "keys.json", replace(schema, tables=schema.tables[1:])) == ()
    assert load_keys(tmp_path / "none.json", schema) == ()
    (tmp_path / "keys.json").write_text("[]")
    assert load_keys(tmp_path / "keys.json", schema) == ()


def test_found_keys_do_not_change_the_fingerprint(shop_path: Path) -> None:
    database = Database.open(f"sqlite:///{shop_path}")
    schema = database.schema()
    database.close()
    more = with_keys(schema, (ForeignKey("orders", ("note",), "products", ("name",), inferred=True),))
    assert len(more.foreign_keys) == len(schema.foreign_keys) + 1
    assert more.fingerprint == schema.fingerprint


STATES = """
CREATE TABLE highlow (state_name TEXT, high TEXT);
CREATE TABLE state (state_name TEXT, area REAL);
CREATE TABLE river (river_name TEXT, traverse TEXT);
INSERT INTO state VALUES ('ohio', 1.0), ('utah', 2.0);
INSERT INTO highlow VALUES ('ohio', 'a'), ('utah', 'b');
INSERT INTO river VALUES ('green', 'utah'), ('ohio', 'ohio'), ('red', 'utah');
"""


def test_of_two_tables_that_queries_join_the_one_that_the_column_names_is_pointed_to(tmp_path: Path) -> None:
    joins = Counter({("highlow.state_name", "river.traverse"): 3, ("river.traverse", "state.state_name"): 3})
    assert "river.traverse > state.state_name" in found(tmp_path, STATES, joins)


def test_else_the_join_that_comes_more_often_counts(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE a (code TEXT, x TEXT); CREATE TABLE b (code TEXT, y TEXT);
    CREATE TABLE c (n INTEGER, ref TEXT);
    INSERT INTO a VALUES ('p', '1'), ('q', '2'); INSERT INTO b VALUES ('p', '3'), ('q', '4');
    INSERT INTO c VALUES (1, 'p'), (2, 'q'), (3, 'p');
    """
    joins = Counter({("a.code", "c.ref"): 2, ("b.code", "c.ref"): 9})
    assert "c.ref > b.code" in found(tmp_path, sql, joins)
