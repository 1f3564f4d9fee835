"""Spans of days as people say them."""

import datetime as dt

import pytest
from sqlglot import exp, parse_one

from graph.explain.windows import moment, said, span


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "end", "words"),
    [
        ("2025-01-01", "2026-01-01", "in 2025"),
        ("2024-01-01", "2026-01-01", "from 2024 to 2025"),
        ("2025-10-01", "2025-11-01", "in October 2025"),
        ("2025-12-01", "2026-01-01", "in December 2025"),
        ("2025-07-01", "2025-10-01", "in the third quarter of 2025 (1 July to 30 September 2025)"),
        ("2025-05-01", "2025-11-01", "from May to October 2025"),
        ("2024-11-01", "2025-02-01", "from November 2024 to January 2025"),
        ("2025-11-14", "2025-11-15", "on 14 November 2025"),
        ("2025-11-03", "2025-11-10", "from 3 to 9 November 2025"),
        ("2025-10-27", "2025-11-03", "from 27 October to 2 November 2025"),
        ("2024-12-30", "2025-01-06", "from 30 December 2024 to 5 January 2025"),
        ("2025-02-01", "2025-01-01", "from 1 February 2025 on and before 1 January 2025, which is never"),
    ],
)
def test_a_span_is_called_by_its_calendar_name(first: str, end: str, words: str) -> None:
    assert span(day(first), day(end)) == words


def test_a_moment_is_read_through_casts_and_nothing_else_is_one() -> None:
    assert moment(parse_one("CAST('2025-11-14' AS DATE)")) == day("2025-11-14")
    assert moment(parse_one("'2025-11-14 10:30:00'")) == dt.datetime(2025, 11, 14, 10, 30)
    assert moment(exp.Literal.string("2025-13-45")) is None
    assert moment(exp.Literal.string("2025-11")) is None
    assert moment(parse_one("x")) is None


def test_a_time_of_day_is_said_where_there_is_one() -> None:
    assert said(dt.datetime(2025, 11, 14, 10, 5)) == "14 November 2025, 10:05"
    assert said(dt.datetime(2025, 11, 14)) == "14 November 2025"
