"""SQL as people read it."""

import doctest

import pytest

import assistant.render.sql
from assistant.render.sql import readable

LONG = "SELECT STRFTIME('%Y', o.ordered_at) AS year, SUM(o.net_amount) AS revenue"


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(assistant.render.sql).attempted == 2
    assert doctest.testmod(assistant.render.sql).failed == 0


@pytest.mark.parametrize(
    ("clauses", "lines"),
    [
        (" FROM orders AS o GROUP BY 1 ORDER BY 2 DESC LIMIT 5", 5),
        (" FROM orders AS o LEFT OUTER JOIN x ON x.a = o.a JOIN y ON y.a = o.a", 4),
        (" FROM orders AS o WHERE o.a IN (SELECT a FROM b WHERE c = 'x FROM y') AND o.d = ' WHERE '", 3),
        (" FROM orders AS o UNION ALL SELECT year, revenue FROM old_orders", 5),
    ],
)
def test_a_long_statement_has_a_line_for_each_clause(clauses: str, lines: int) -> None:
    laid_out = readable(LONG + clauses, "sqlite")
    assert len(laid_out.splitlines()) == lines
    assert laid_out.replace("\n", " ") == LONG + clauses


def test_a_long_clause_has_a_line_for_each_of_its_parts() -> None:
    days = "o.ordered_at BETWEEN '2025-10-01' AND '2025-11-01'"
    choice = "CASE WHEN o.a = 1 AND o.b = 2 THEN 1 ELSE 2 END = 1"
    sql = (
        f"SELECT o.a, o.b FROM orders AS o WHERE {days} AND (o.a = 1 AND o.b = 2) AND {choice} ORDER BY 1, 2"
    )
    assert readable(sql, "sqlite").splitlines() == [
        "SELECT o.a, o.b",
        "FROM orders AS o",
        f"WHERE {days}",
        "  AND (o.a = 1 AND o.b = 2)",
        f"  AND {choice}",
        "ORDER BY 1, 2",
    ]
    columns = [f"SUM(o.amount_number_{n}) AS amount_{n}" for n in range(4)]
    laid_out = readable(f"SELECT {', '.join(columns)} FROM orders AS o", "sqlite")
    assert laid_out == f"SELECT {',NEWLINE  '.join(columns)}NEWLINEFROM orders AS o".replace("NEWLINE", "\n")


def test_a_short_statement_or_one_with_lines_of_its_own_is_left_alone() -> None:
    for sql in ("SELECT 1 FROM a", f"{LONG}\nFROM orders WHERE a = 1"):
        assert readable(sql) == sql


def test_what_cannot_be_read_is_shown_as_it_is() -> None:
    broken = "SELECT 'unclosed FROM " + "x " * 60
    assert readable(broken) == broken.strip()
