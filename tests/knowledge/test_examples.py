from pathlib import Path

import pytest

from knowledge.errors import SettingsError
from knowledge.examples import Example, load_examples
from tests.conftest import shop_schema

SCHEMA = shop_schema()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "examples.yaml"


def written(path: Path, *pairs: tuple[str, str]) -> Path:
    path.write_text("examples:\n" + "".join(f'  - question: {q}\n    sql: "{s}"\n' for q, s in pairs))
    return path


def refused(path: Path) -> str:
    with pytest.raises(SettingsError) as raised:
        load_examples(path, SCHEMA)
    return str(raised.value)


def test_examples_are_read_with_who_and_when(path: Path) -> None:
    path.write_text(
        """
examples:
  - question: How many orders are there?
    sql: SELECT COUNT(*) FROM orders o;
    by: ann
    on: 2025-11-01
  - question: Revenue by status
    sql: |
      SELECT o.status, SUM(o.amount) AS revenue
      FROM orders o
      GROUP BY 1
    origin: correction
"""
    )

    assert load_examples(path, SCHEMA) == (
        Example(
            "How many orders are there?", "SELECT COUNT(*) FROM orders o", "written", "ann", "2025-11-01"
        ),
        Example(
            "Revenue by status",
            "SELECT o.status, SUM(o.amount) AS revenue\nFROM orders o\nGROUP BY 1",
            origin="correction",
        ),
    )


def test_a_missing_file_has_no_examples(path: Path) -> None:
    assert load_examples(path, SCHEMA) == ()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT o.status, COUNT(*) AS n FROM orders o GROUP BY o.status ORDER BY n DESC",
        "WITH big AS (SELECT customer_id AS who FROM orders WHERE amount > 1) SELECT who, b.who FROM big b",
        "SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders WHERE customer_id = c.customer_id)",
        "SELECT t.total FROM (SELECT SUM(amount) AS total FROM orders) t",
        "SELECT name FROM customers UNION SELECT name FROM products",
        "SELECT * FROM orders",
        "SELECT o.* FROM orders AS o",
        "SELECT Name FROM Customers",
    ],
)
def test_good_sql_of_every_shape_is_taken(path: Path, sql: str) -> None:
    assert load_examples(written(path, ("q", sql)), SCHEMA)[0].sql == sql


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "SELECT o.stauts FROM orders o",
            "the table `orders` has no column `stauts`; did you mean `status`?",
        ),
        ("SELECT stauts FROM orders", "the table `orders` has no column `stauts`; did you mean `status`?"),
        ("SELECT 1 FROM ordres", "there is no table `ordres`; did you mean `orders`?"),
        ("SELECT x.status FROM orders o", "`x.status` uses `x`, which is not in the query"),
        ("SELECT status", "there is no column `status` without a table; add FROM"),
        ("SELECT status FROM", "this cannot be read as SQL"),
        ("DELETE FROM orders", "it must be exactly one SELECT; write one query"),
        ("SELECT 1; SELECT 2", "it must be exactly one SELECT; write one query"),
    ],
)
def test_sql_that_does_not_fit_the_schema_is_told(path: Path, sql: str, told: str) -> None:
    message = refused(written(path, ("q", sql)))

    assert told in message
    assert f"{path}, line 3: " in message


def test_the_same_question_twice_is_told(path: Path) -> None:
    told = refused(written(path, ("How many  orders", "SELECT 1"), ("how many orders", "SELECT 2")))

    assert told == f"{path}, line 4: the question 'how many orders' stands on line 2 already; remove one."


def test_an_unknown_origin_is_told(path: Path) -> None:
    path.write_text("examples:\n  - {question: q, sql: SELECT 1, origin: guessed}\n")

    assert "`origin` must be one of written, mined, correction" in refused(path)


def test_a_question_without_sql_is_told(path: Path) -> None:
    path.write_text("examples:\n  - question: How many?\n")

    assert refused(path) == f"{path}, line 2: `sql` is missing; add it."
