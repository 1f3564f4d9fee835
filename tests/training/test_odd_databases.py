"""Databases as they come: without rows, with one table, with names in other scripts or that need quotes."""

import sqlite3
from itertools import islice
from pathlib import Path

import pytest

from graph.constraint import constraint_for
from graph.specialist import SLOTS, fill, prompt_text
from knowledge.errors import TrainingError
from knowledge.examples import Example
from tests.conftest import TODAY
from tests.graph.held import refused
from training.material import Material, Source
from training.synthesis import Row
from training.taught import Taught


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
    assert any("сумма" in row.question and '."сумма"' in row.target for row in made)


NORTHWIND = """
CREATE TABLE "Order" ("Order ID" INTEGER PRIMARY KEY, "Customer Name" TEXT, "Order Date" DATE, "select" TEXT);
CREATE TABLE "Order Details" (id INTEGER PRIMARY KEY, "Unit Price" REAL, "Qty." INTEGER, Заметка TEXT,
    "Order ID" INTEGER REFERENCES "Order" ("Order ID"));
"""


def with_orders(sql: str) -> str:
    orders = ", ".join(
        f"({n}, 'Customer {n % 15}', '2025-{n % 12 + 1:02d}-{n % 27 + 1:02d}', '{'abc'[n % 3]}')"
        for n in range(1, 80)
    )
    lines = ", ".join(f"({n}, {n}.5, {n % 7}, 'x{n % 4}', {n % 79 + 1})" for n in range(1, 300))
    return f'{sql} INSERT INTO "Order" VALUES {orders}; INSERT INTO "Order Details" VALUES {lines};'


def test_names_that_need_quotes_are_asked_about_and_can_be_written(tmp_path: Path) -> None:
    found = material(tmp_path, with_orders(NORTHWIND))
    made = list(islice(found.synthesiser(1).rows(), 400))
    targets = " ".join(row.target for row in made)
    for piece in (
        'FROM "Order Details" od',
        'od."Unit Price"',
        'od."Заметка"',
        'o."Customer Name" = <v1>',
        'o."select"',
    ):
        assert piece in targets, piece
    assert refused(constraint_for(found.schema, slots=SLOTS), (row.target for row in made)) == []


def test_a_row_of_such_names_is_filled_and_runs(tmp_path: Path) -> None:
    found = material(tmp_path, with_orders(NORTHWIND))
    for row in islice(found.synthesiser(2).rows(), 200):
        linked = found.linker.link(row.question)
        found.database.run(fill(row.target, linked, found.schema))
        assert prompt_text(linked, found.schema) == row.prompt


def test_examples_of_such_names_are_taught_in_the_same_words(tmp_path: Path) -> None:
    found = material(tmp_path, with_orders(NORTHWIND))
    said = Example("units per order", 'select "Order ID", sum(id) from "Order Details" group by "Order ID"')
    [row, *_] = Taught(found, [said], 1).rows(1)
    assert row.target == 'SELECT od."Order ID", SUM(od.id) FROM "Order Details" od GROUP BY 1'


def test_names_with_marks_that_mean_something_else_are_left_out_and_told(tmp_path: Path) -> None:
    found = material(tmp_path, with_orders(NORTHWIND))
    assert found.left_out == ("Order Details.Qty.",)
    made = list(islice(found.synthesiser(1).rows(), 60))
    assert all("Qty" not in row.target for row in made)


def test_hundreds_of_tables_are_no_trouble(tmp_path: Path) -> None:
    sql = "".join(
        f"CREATE TABLE t{n}_cust (id INTEGER PRIMARY KEY, name TEXT, amt REAL,"
        f" t{max(0, n - 1)}_id INTEGER REFERENCES t{max(0, n - 1)}_cust (id));"
        f"INSERT INTO t{n}_cust VALUES (1, 'n{n}', 2.5, 1), (2, 'm{n}', 3.5, 1);"
        for n in range(200)
    )
    made = rows(tmp_path, sql)
    assert len({row.target.partition(" FROM ")[2].split()[0] for row in made}) > 20
