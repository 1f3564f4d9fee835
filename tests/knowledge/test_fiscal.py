import datetime as dt

import pytest

from knowledge.dates import find_dates
from knowledge.fiscal import FiscalCalendar

TODAY = dt.date(2025, 11, 14)
JULY, JANUARY, FEBRUARY = FiscalCalendar(7), FiscalCalendar(), FiscalCalendar(2)


def spans(text: str, fiscal: FiscalCalendar, today: dt.date = TODAY) -> list[tuple[str, str]]:
    found = find_dates(text, today, fiscal)
    return [(hit.window.first.isoformat(), hit.window.last.isoformat()) for hit in found]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("revenue in FY25", "2024-07-01", "2025-07-01"),
        ("revenue in FY 2025", "2024-07-01", "2025-07-01"),
        ("revenue FY'25", "2024-07-01", "2025-07-01"),
        ("revenue in FY2024/25", "2024-07-01", "2025-07-01"),
        ("revenue in FY 24/25", "2024-07-01", "2025-07-01"),
        ("revenue in fiscal year 2025", "2024-07-01", "2025-07-01"),
        ("revenue in fiscal 2025", "2024-07-01", "2025-07-01"),
        ("revenue in the financial year 2024-25", "2024-07-01", "2025-07-01"),
        ("revenue this fiscal year", "2025-07-01", "2026-07-01"),
        ("revenue in the current financial year", "2025-07-01", "2026-07-01"),
        ("revenue of the fiscal year", "2025-07-01", "2026-07-01"),
        ("revenue last fiscal year", "2024-07-01", "2025-07-01"),
        ("revenue last FY", "2024-07-01", "2025-07-01"),
        ("revenue next FY", "2026-07-01", "2027-07-01"),
        ("orders last fiscal quarter", "2025-07-01", "2025-10-01"),
        ("orders this fiscal quarter", "2025-10-01", "2026-01-01"),
        ("orders in fiscal Q1", "2025-07-01", "2025-10-01"),
        ("orders in fiscal Q3", "2025-01-01", "2025-04-01"),
        ("orders in fiscal quarter 2", "2025-10-01", "2026-01-01"),
        ("orders in Q2 FY26", "2025-10-01", "2026-01-01"),
        ("orders in Q2 of FY 2026", "2025-10-01", "2026-01-01"),
        ("orders in FY26 Q1", "2025-07-01", "2025-10-01"),
        ("orders in FY26Q1", "2025-07-01", "2025-10-01"),
        ("orders in the first half of FY25", "2024-07-01", "2025-01-01"),
        ("orders in H2 FY25", "2025-01-01", "2025-07-01"),
        ("orders in the last quarter of last fiscal year", "2025-04-01", "2025-07-01"),
        ("orders in the third quarter of this fiscal year", "2026-01-01", "2026-04-01"),
        ("Q4 of last FY", "2025-04-01", "2025-07-01"),
        ("orders in the first fiscal quarter", "2025-07-01", "2025-10-01"),
        ("revenue fiscal year to date", "2025-07-01", "2025-11-15"),
        ("revenue FYTD", "2025-07-01", "2025-11-15"),
        ("revenue this fiscal year so far", "2025-07-01", "2025-11-15"),
        ("orders since last fiscal year", "2024-07-01", "9999-12-31"),
        ("orders before FY25", "0001-01-01", "2024-07-01"),
        ("orders until the end of FY25", "0001-01-01", "2025-07-01"),
    ],
)
def test_what_is_said_to_be_fiscal_is_of_the_fiscal_calendar(text: str, first: str, last: str) -> None:
    assert spans(text, JULY) == [(first, last)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("revenue in Q3", "2025-07-01", "2025-10-01"),
        ("revenue this year", "2025-01-01", "2026-01-01"),
        ("revenue last quarter", "2025-07-01", "2025-10-01"),
        ("revenue in 2024", "2024-01-01", "2025-01-01"),
    ],
)
def test_plain_words_stay_those_of_the_calendar(text: str, first: str, last: str) -> None:
    assert spans(text, JULY) == [(first, last)]


def test_two_fiscal_years_are_compared() -> None:
    assert spans("revenue FY25 vs FY24", JULY) == [("2024-07-01", "2025-07-01"), ("2023-07-01", "2024-07-01")]


@pytest.mark.parametrize("text", ["FY25", "this fiscal year", "fiscal Q1"])
def test_a_fiscal_year_that_begins_in_january_is_the_calendar_year(text: str) -> None:
    assert spans(text, JANUARY)[0][0] == "2025-01-01"


def test_the_last_fiscal_quarter_may_lie_in_the_year_before() -> None:
    assert spans("last fiscal quarter", JULY, dt.date(2025, 8, 1)) == [("2025-04-01", "2025-07-01")]


def test_a_quarter_that_begins_in_february_ends_with_april() -> None:
    assert spans("Q1 FY24", FEBRUARY) == [("2023-02-01", "2023-05-01")]
    assert spans("this fiscal quarter", FEBRUARY, dt.date(2024, 2, 29)) == [("2024-02-01", "2024-05-01")]


@pytest.mark.parametrize("text", ["by fiscal year", "per fiscal quarter", "fyi: orders", "the fyr"])
def test_other_words_are_no_fiscal_period(text: str) -> None:
    assert spans(text, JULY) == []
