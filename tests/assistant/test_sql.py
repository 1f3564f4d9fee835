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


def test_a_short_statement_or_one_with_lines_of_its_own_is_left_alone() -> None:
    for sql in ("SELECT 1 FROM a", f"{LONG}\nFROM orders WHERE a = 1"):
        assert readable(sql) == sql


def test_what_cannot_be_read_is_shown_as_it_is() -> None:
    broken = "SELECT 'unclosed FROM " + "x " * 60
    assert readable(broken) == broken.strip()
