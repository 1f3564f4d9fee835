"""What a gold query gives: its rows, its ties, and the faults that are the suite's own."""

import pytest
import sqlglot
from sqlglot import exp

from evals.compare.order import blocks_of, with_keys
from evals.runs.expected import GoldError, expected
from graph.checks import CheckContext
from knowledge.database import Database


def keyed_sql(sql: str) -> tuple[str, tuple[int, ...]]:
    tree = sqlglot.parse_one(sql, dialect="sqlite")
    assert isinstance(tree, exp.Query)
    keyed = with_keys(tree)
    return keyed.tree.sql(dialect="sqlite"), keyed.keys


@pytest.mark.parametrize(
    ("sql", "keys"),
    [
        ("SELECT name, pay FROM staff ORDER BY 2 DESC", (1,)),
        ("SELECT name, SUM(pay) AS total FROM staff GROUP BY name ORDER BY total DESC, name", (1, 0)),
        ("SELECT name, SUM(pay) FROM staff GROUP BY name ORDER BY SUM(pay)", (1,)),
        ("SELECT s.name, s.pay FROM staff AS s ORDER BY s.pay", (1,)),
        ("SELECT name FROM staff UNION SELECT city FROM teams ORDER BY name", (0,)),
    ],
)
def test_keys_that_are_shown_are_found_where_they_stand(sql: str, keys: tuple[int, ...]) -> None:
    assert keyed_sql(sql) == (sql, keys)


def test_keys_that_are_not_shown_are_added_at_the_end() -> None:
    assert keyed_sql("SELECT name, pay FROM staff ORDER BY team, pay, id DESC") == (
        "SELECT name, pay, team AS quarry_key_1, id AS quarry_key_2 FROM staff ORDER BY team, pay, id DESC",
        (-2, 1, -1),
    )
    assert keyed_sql("SELECT * FROM staff ORDER BY pay")[1] == (-1,)


def test_an_alias_within_a_key_is_spelled_out() -> None:
    sql, keys = keyed_sql("SELECT team, SUM(pay) AS total FROM staff GROUP BY team ORDER BY -total")
    assert sql.startswith("SELECT team, SUM(pay) AS total, -(SUM(pay)) AS quarry_key_1 FROM")
    assert keys == (-1,)


def test_blocks_rise_where_a_key_changes() -> None:
    assert blocks_of([("a", None, 1.0), ("b", None, 1.0 + 1e-12), ("c", 0, 1.0)], [1, 2]) == (0, 0, 1)
    assert blocks_of([], [0]) == ()


def test_a_gold_that_sorts_by_a_hidden_column_still_has_blocks(
    database: Database, context: CheckContext
) -> None:
    wanted = expected("SELECT name FROM staff ORDER BY pay", database, context, ordered=True)
    assert wanted.result.columns == ("name",)
    assert wanted.result.rows[0] == ("Ann",)
    assert wanted.blocks == (0, 1, 1, 2, 3)
    assert not wanted.cuts_tie


def test_order_is_left_out_where_the_case_does_not_ask_for_it(
    database: Database, context: CheckContext
) -> None:
    assert expected("SELECT name FROM staff ORDER BY pay", database, context).blocks is None


@pytest.mark.parametrize(
    ("sql", "cuts"),
    [
        ("SELECT name FROM staff ORDER BY pay LIMIT 2", True),
        ("SELECT name FROM staff ORDER BY pay LIMIT 3", False),
        ("SELECT name FROM staff ORDER BY pay, id LIMIT 2", False),
        ("SELECT pay FROM staff ORDER BY pay LIMIT 2", False),
        ("SELECT name FROM staff ORDER BY pay LIMIT 50", False),
        ("SELECT name FROM staff LIMIT 2", True),
        ("SELECT MAX(pay) FROM staff LIMIT 1", False),
    ],
)
def test_a_limit_that_cuts_a_tie_is_seen(
    sql: str, cuts: bool, database: Database, context: CheckContext
) -> None:
    wanted = expected(sql, database, context, ordered=True)
    assert wanted.cuts_tie is cuts
    assert wanted.result.rows == database.run(sql).rows


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT nope FROM staff", "does not pass the checks"),
        ("DELETE FROM staff", "does not pass the checks"),
        ("SELECT ABS(-9223372036854775807 - 1) FROM staff", "the gold fails: "),
    ],
)
def test_a_gold_that_fails_is_a_fault_of_the_suite(
    sql: str, why: str, database: Database, context: CheckContext
) -> None:
    with pytest.raises(GoldError, match=why):
        expected(sql, database, context)
