"""How columns and values are shown."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from assistant.render.columns import columns
from assistant.render.grid import grid
from assistant.render.headings import heading
from assistant.render.values import NULL, kinds, number, text
from knowledge.result import Result


def result(names: list[str], *rows: tuple[Any, ...]) -> Result:
    return Result(tuple(names), rows)


def texts(given: Result, rows: int) -> list[tuple[str, ...]]:
    return list(grid(given, columns(given), None, rows, 100).cells)


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("revenue", [1, 2.5, None], "number"),
        ("revenue", [Decimal("1.20")], "number"),
        ("month", ["2025-01", "2025-02"], "date"),
        ("quarter", ["2025-Q1", "2025-Q2"], "date"),
        ("day", ["2025-01-31", "2025-02-01 00:00:00"], "date"),
        ("ordered_at", ["2025-01-31 10:20:30"], "time"),
        ("ordered_at", [dt.datetime(2025, 1, 31)], "date"),
        ("year", [2024, 2025], "date"),
        ("orders", [2024, 2025], "number"),
        ("name", ["2025-01", "January"], "text"),
        ("is_open", [True, False], "bool"),
        ("nothing", [None, None], "other"),
    ],
)
def test_the_kind_of_a_column_comes_from_its_values(name: str, values: list[Any], kind: str) -> None:
    assert kinds(result([name], *((value,) for value in values))) == (kind,)


def test_numbers_of_a_column_share_their_decimals_and_have_thousands_separators() -> None:
    shown = texts(result(["revenue"], (1234567.5,), (2,), (None,)), 20)
    assert shown == [("1,234,567.50",), ("2.00",), (NULL,)]


def test_identifiers_and_years_have_no_thousands_separators() -> None:
    assert texts(result(["order_id", "year", "postcode"], (123456, 2025, 10115)), 20) == [
        ("123456", "2025", "10115")
    ]


def test_whole_numbers_have_no_decimals() -> None:
    assert texts(result(["orders"], (1200,), (3.0,)), 20) == [("1,200",), ("3",)]


def test_small_shares_keep_four_decimals() -> None:
    assert number(0.12345) == "0.1235"


def test_odd_floats_are_shown_and_not_raised() -> None:
    assert [number(v) for v in (float("nan"), float("inf"), float("-inf"))] == [NULL, "∞", "-∞"]
    assert texts(result(["x"], (float("nan"),), (1.5,)), 5) == [(NULL,), ("1.50",)]


def test_a_column_of_nan_alone_is_shown() -> None:
    assert texts(result(["x"], (float("nan"),)), 5) == [(NULL,)]


def test_text_is_kept_on_one_line_without_control_characters() -> None:
    assert text("two\nlines\x1b[31m") == "two lines [31m"


def test_a_midnight_timestamp_is_a_day() -> None:
    assert text("2025-11-14 00:00:00") == "2025-11-14"
    assert text(dt.datetime(2025, 11, 14)) == "2025-11-14"
    assert text(dt.datetime(2025, 11, 14, 9, 30)) == "2025-11-14 09:30:00"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("net_revenue", "net revenue"),
        ("SUM(o.net_amount)", "total net amount"),
        ("STRFTIME('%Y-%m', o.ordered_at)", "month"),
        ("JULIANDAY(o.paid_at)", "JULIANDAY(o.paid_at)"),
        ("COUNT(*)", "count"),
        ("COUNT(DISTINCT o.customer_id)", "count"),
        ("ROUND(SUM(x) / 2, 1)", "total x per 2"),
        ("STRFTIME('%Y', a) || '-Q' || ((STRFTIME('%m', a) + 2) / 3)", "quarter"),
        ("STRFTIME('%Y-%W', o.ordered_at)", "week"),
        ("AVG((JULIANDAY(a.closed_at) - JULIANDAY(a.opened_at)) * 24)", "average hours"),
        ("AVG(JULIANDAY(a.closed_at) - JULIANDAY(a.opened_at))", "average days"),
        ("SUM(oi.quantity * oi.unit_cost)", "total quantity x unit cost"),
        ("SUM(CASE WHEN s.status = 'active' THEN s.monthly_price ELSE 0 END)", "total monthly price"),
        ("COUNT(CASE WHEN DATE(s.delivered_at) > s.promised_on THEN 1 END)", "count"),
        ("SUM(CASE WHEN o.a >= '2025-01-01' THEN 1 ELSE 0 END)", "count"),
        ("100.0 * SUM(o.discount) / NULLIF(SUM(o.gross), 0)", "percent"),
        ("1.0 * COUNT(*) / COUNT(DISTINCT o.order_id)", "count per order"),
        ("100.0 * AVG(o.id IN (SELECT id FROM refunds))", "percent"),
        ("c.first_name || ' ' || c.last_name", "first name last name"),
        ("SUM(o.net) - SUM(o.cost)", "total net minus total cost"),
        ("TO_CHAR(o.ordered_at, 'YYYY-MM')", "month"),
        ("DATE_FORMAT(o.ordered_at, '%Y-%m')", "month"),
        ("f(a, (", "f(a, ("),
        ("COALESCE(SUM(a_very_long_name), 0) - COALESCE(SUM(another_very_long_name), 0)", "value"),
    ],
)
def test_headings_are_words(name: str, said: str) -> None:
    assert heading(name) == said


def test_an_empty_result_has_no_rows_to_show() -> None:
    assert texts(result(["a", "b"]), 20) == []
