"""Databases as they come: without rows, with one table, with names in other scripts or that need quotes."""

import sqlite3
from itertools import islice
from pathlib import Path

import pytest

from knowledge.errors import TrainingError
from tests.conftest import TODAY
from training.material import Material, Source
from training.synthesis import Row


def material(folder: Path, sql: str) -> Material:
    with sqlite3.connect(folder / "odd.sqlite") as connection:
        connection.executescript(sql)
    connection.close()
    return Material(Source(f"sqlite:///{folder / 'odd.sqlite'}", folder, folder, TODAY, folder))


def rows(folder: Path, sql: str, count: int = 60) -> list[Row]:
    return list(islice(material(folder, sql).synthesiser(1).rows(), count))


def test_without_rows_nothing_can_be_asked(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="hold no rows"):
        material(tmp_path, "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT);")


def test_one_small_table_is_enough(tmp_path: Path) -> None:
    sql = "CREATE TABLE people (name TEXT, age INTEGER); INSERT INTO people VALUES ('Ada', 36), ('Max', 89);"
    made = rows(tmp_path, sql)
    assert len(made) == 60
    assert any("FROM people p" in row.target for row in made)


def test_names_in_other_scripts_are_names(tmp_path: Path) -> None:
    values = ", ".join(f"({n}, 'Город{n % 20}', {n}.5)" for n in range(60))
    sql = "CREATE TABLE заказы (номер INTEGER PRIMARY KEY, город TEXT, сумма REAL);"
    made = rows(tmp_path, f"{sql} INSERT INTO заказы VALUES {values};")
    assert any("сумма" in row.question and ".сумма" in row.target for row in made)


def test_names_that_need_quotes_are_left_out_and_told(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE "order" (id INTEGER PRIMARY KEY, price REAL); INSERT INTO "order" VALUES (1, 2.5), (2, 3.5);
    CREATE TABLE item (id INTEGER PRIMARY KEY, "unit price" REAL, weight REAL, "select" TEXT);
    INSERT INTO item VALUES (1, 2.5, 1.5, 'a'), (2, 3.5, 2.5, 'b');
    """
    found = material(tmp_path, sql)
    assert found.left_out == ("order", "item.unit price", "item.select")
    made = list(islice(found.synthesiser(1).rows(), 60))
    assert all("order i" not in row.target and "unit" not in row.target for row in made)
    assert any("weight" in row.target for row in made)


def test_hundreds_of_tables_are_no_trouble(tmp_path: Path) -> None:
    sql = "".join(
        f"CREATE TABLE t{n}_cust (id INTEGER PRIMARY KEY, name TEXT, amt REAL,"
        f" t{max(0, n - 1)}_id INTEGER REFERENCES t{max(0, n - 1)}_cust (id));"
        f"INSERT INTO t{n}_cust VALUES (1, 'n{n}', 2.5, 1), (2, 'm{n}', 3.5, 1);"
        for n in range(200)
    )
    made = rows(tmp_path, sql)
    assert len({row.target.partition(" FROM ")[2].split()[0] for row in made}) > 20
