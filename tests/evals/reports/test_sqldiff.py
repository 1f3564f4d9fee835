"""Statements side by side."""

import doctest

import pytest

from evals.reports import highlight, sqldiff, wording
from evals.reports.sqldiff import Line, diff, laid_out, same


def marked(lines: tuple[Line, ...], side: str) -> list[str]:
    found = [getattr(line, side) or () for line in lines if not line.same]
    return [span.text.strip() for spans in found for span in spans if span.differs and span.text.strip()]


@pytest.mark.parametrize("module", [sqldiff, wording, highlight])
def test_the_examples_of_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_equal_statements_differ_nowhere_whatever_their_layout() -> None:
    assert same(diff("select a,b from t where x=1", "SELECT a, b\nFROM t WHERE x = 1"))


def test_only_the_words_that_differ_are_marked() -> None:
    lines = diff("SELECT COUNT(*) FROM t", "SELECT COUNT(DISTINCT a) FROM t")
    assert marked(lines, "left") == ["*"]
    assert marked(lines, "right") == ["DISTINCT a"]


def test_a_condition_more_is_a_line_of_one_side_alone() -> None:
    lines = diff("SELECT a FROM t WHERE b = 1 AND d = 2", "SELECT a FROM t WHERE b = 1 AND c = 3 AND d = 2")
    assert [line.left for line in lines if not line.same] == [None]
    assert marked(lines, "right") == ["AND c = 3"]


def test_like_lines_stand_beside_each_other() -> None:
    left = "SELECT a FROM t WHERE x = 1 AND day >= '2024-01-01'"
    right = "SELECT a FROM t WHERE x = 1 AND status <> 'X' AND day >= '2025-01-01'"
    lines = diff(left, right)
    assert marked(lines, "left") == ["2024"]
    assert marked(lines, "right") == ["AND status <> 'X'", "2025"]


def test_and_within_between_or_brackets_or_texts_begins_no_line() -> None:
    sql = "SELECT a FROM t WHERE b BETWEEN 1 AND 2 AND f(x AND y) AND c = ' AND '"
    wheres = laid_out(sql).partition("WHERE\n")[2].splitlines()
    assert wheres == ["  b BETWEEN 1 AND 2", "  AND F(x AND y)", "  AND c = ' AND '"]


@pytest.mark.parametrize("broken", ["SELECT FROM WHERE (", "not sql at all", "", "'"])
def test_what_cannot_be_parsed_is_shown_as_it_is(broken: str) -> None:
    assert "".join(diff(broken, "SELECT 1")[0].left[0].text if broken else "") in broken  # type: ignore[index]
    assert diff(broken, broken) == () if not broken else same(diff(broken, broken))


def test_every_word_of_both_sides_is_kept() -> None:
    left, right = "SELECT a, b FROM t WHERE x IN (1, 2)", "SELECT b, c FROM u JOIN v ON u.i = v.i"
    lines = diff(left, right)
    for sql, side in ((left, "left"), (right, "right")):
        text = "\n".join(
            "".join(s.text for s in getattr(line, side)) for line in lines if getattr(line, side)
        )
        assert text == laid_out(sql)


def test_a_very_long_line_is_marked_as_a_whole() -> None:
    left = "SELECT f(" + ", ".join(f"'{n}' || 'x'" for n in range(200)) + ") FROM"
    lines = diff(left, left + " (")
    assert not same(lines)
