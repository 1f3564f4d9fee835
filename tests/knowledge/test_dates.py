"""Date phrases, read on Friday 14 November 2025."""

from datetime import date

import pytest

from knowledge.dates import find_dates

TODAY = date(2025, 11, 14)
BEGINNING, END = "0001-01-01", "9999-12-31"


def found(text: str) -> list[tuple[str, str, str]]:
    return [(hit.text, str(hit.window.first), str(hit.window.last)) for hit in find_dates(text, TODAY)]


def windows(text: str) -> list[tuple[str, str]]:
    return [(first, last) for _, first, last in found(text)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2025-11-14", "2025-11-15"),
        ("yesterday", "2025-11-13", "2025-11-14"),
        ("the day before yesterday", "2025-11-12", "2025-11-13"),
        ("last week", "2025-11-03", "2025-11-10"),
        ("this week", "2025-11-10", "2025-11-17"),
        ("last weekend", "2025-11-08", "2025-11-10"),
        ("last saturday", "2025-11-08", "2025-11-09"),
        ("this month", "2025-11-01", "2025-12-01"),
        ("last month", "2025-10-01", "2025-11-01"),
        ("next month", "2025-12-01", "2026-01-01"),
        ("this quarter", "2025-10-01", "2026-01-01"),
        ("last quarter", "2025-07-01", "2025-10-01"),
        ("last year", "2024-01-01", "2025-01-01"),
        ("the year before last", "2023-01-01", "2024-01-01"),
        ("ytd", "2025-01-01", "2025-11-15"),
        ("year to date", "2025-01-01", "2025-11-15"),
        ("so far this month", "2025-11-01", "2025-11-15"),
        ("this quarter so far", "2025-10-01", "2025-11-15"),
        ("last 30 days", "2025-10-16", "2025-11-15"),
        ("past two weeks", "2025-11-01", "2025-11-15"),
        ("the past week", "2025-11-08", "2025-11-15"),
        ("last 12 months", "2024-11-01", "2025-11-01"),
        ("past year", "2024-11-01", "2025-11-01"),
        ("past three months", "2025-08-01", "2025-11-01"),
        ("3 days ago", "2025-11-11", "2025-11-12"),
        ("2 years ago", "2023-01-01", "2024-01-01"),
        ("in March", "2025-03-01", "2025-04-01"),
        ("december", "2024-12-01", "2025-01-01"),
        ("november", "2025-11-01", "2025-12-01"),
        ("last november", "2024-11-01", "2024-12-01"),
        ("march last year", "2024-03-01", "2024-04-01"),
        ("Mar 2024", "2024-03-01", "2024-04-01"),
        ("2024-03", "2024-03-01", "2024-04-01"),
        ("in 2024", "2024-01-01", "2025-01-01"),
        ("Q2", "2025-04-01", "2025-07-01"),
        ("q3 last year", "2024-07-01", "2024-10-01"),
        ("2024 Q4", "2024-10-01", "2025-01-01"),
        ("the last quarter of 2024", "2024-10-01", "2025-01-01"),
        ("H1", "2025-01-01", "2025-07-01"),
        ("first half of 2025", "2025-01-01", "2025-07-01"),
        ("last summer", "2025-06-01", "2025-09-01"),
        ("winter 2024", "2024-12-01", "2025-03-01"),
        ("on 3 May", "2025-05-03", "2025-05-04"),
        ("on Nov 28, 2024", "2024-11-28", "2024-11-29"),
        ("the 24th of december", "2024-12-24", "2024-12-25"),
        ("2025-03-04", "2025-03-04", "2025-03-05"),
        ("04.05.2025", "2025-05-04", "2025-05-05"),
        ("the last week of march", "2025-03-25", "2025-04-01"),
        ("the first 10 days of 2025", "2025-01-01", "2025-01-11"),
    ],
)
def test_a_period_is_read_against_today(text: str, first: str, last: str) -> None:
    assert windows(f"revenue {text} by country") == [(first, last)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("since January", "2025-01-01", END),
        ("since the beginning of the year", "2025-01-01", END),
        ("from march on", "2025-03-01", END),
        ("after March 15", "2025-03-16", END),
        ("before 2024", BEGINNING, "2024-01-01"),
        ("until last week", BEGINNING, "2025-11-10"),
        ("by the end of 2024", BEGINNING, "2025-01-01"),
        ("more than 7 days ago", BEGINNING, "2025-11-07"),
        ("over a month ago", BEGINNING, "2025-10-14"),
        ("older than a week", BEGINNING, "2025-11-07"),
        ("for more than 90 days", BEGINNING, "2025-08-16"),
    ],
)
def test_an_open_window_has_one_end(text: str, first: str, last: str) -> None:
    assert found(f"tickets {text}") == [(text, first, last)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("between 1 and 15 March", "2025-03-01", "2025-03-16"),
        ("from April to June", "2025-04-01", "2025-07-01"),
        ("from november to january", "2024-11-01", "2025-02-01"),
        ("between october 2024 and march 2025", "2024-10-01", "2025-04-01"),
        ("jan-mar 2024", "2024-01-01", "2024-04-01"),
        ("2023-2025", "2023-01-01", "2026-01-01"),
        ("q1 to q3 2024", "2024-01-01", "2024-10-01"),
        ("between 2025-01-01 and 2025-01-31", "2025-01-01", "2025-02-01"),
        ("from january 2025 to last month", "2025-01-01", "2025-11-01"),
    ],
)
def test_a_range_is_one_window_with_both_ends_inside(text: str, first: str, last: str) -> None:
    assert found(f"orders {text}") == [(text, first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "revenue by month",
        "orders per week, monthly, each quarter",
        "orders by day of the week",
        "growth year over year",
        "may I see the orders",
        "last ordered date",
        "what was sold recently",
        "average days to deliver",
        "more than 30 days of lead time",
        "over 2000 orders",
        "orders above 2024 euros",
        "black friday sales",
        "who likes spring rolls",
        "which orders were not delivered in 5 days",
        "Jan Muller",
        "sku 2024-55",
    ],
)
def test_grains_amounts_and_names_are_no_dates(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "negation", ["haven't ordered", "did not order", "without an order", "with no order"]
)
def test_a_time_of_silence_ends_with_today(negation: str) -> None:
    assert windows(f"customers who {negation} in 90 days") == [("2025-08-17", "2025-11-15")]
    assert windows(f"customers who {negation} in the last 6 months") == [("2025-05-15", "2025-11-15")]


def test_the_last_months_without_a_negation_are_whole_months() -> None:
    assert windows("customers who ordered in the last 6 months") == [("2025-05-01", "2025-11-01")]


def test_what_is_still_so_after_a_time_began_before_it() -> None:
    assert windows("orders still unpaid after more than 60 days") == [(BEGINNING, "2025-09-15")]
    assert windows("orders delivered after more than 60 days") == []


def test_may_needs_a_neighbour_to_be_a_month() -> None:
    assert windows("sales in may") == [("2025-05-01", "2025-06-01")]
    assert windows("compare june to may") == [("2025-06-01", "2025-07-01"), ("2025-05-01", "2025-06-01")]
    assert windows("may it be") == []


def test_compared_periods_are_two_windows() -> None:
    assert windows("2025 vs 2024") == [("2025-01-01", "2026-01-01"), ("2024-01-01", "2025-01-01")]
    assert windows("how did revenue change from Q1 to Q2") == [
        ("2025-01-01", "2025-04-01"),
        ("2025-04-01", "2025-07-01"),
    ]


def test_a_shared_year_stands_for_both_months() -> None:
    assert windows("march and april 2024") == [("2024-03-01", "2024-04-01"), ("2024-04-01", "2024-05-01")]


def test_the_period_before_leans_on_the_one_just_named() -> None:
    assert windows("2024 vs the year before")[1] == ("2023-01-01", "2024-01-01")
    assert windows("october compared to the month before")[1] == ("2025-09-01", "2025-10-01")
    assert windows("december vs the same month last year")[1] == ("2023-12-01", "2024-01-01")
    assert windows("this month vs last")[1] == ("2025-10-01", "2025-11-01")


def test_the_preposition_and_the_possessive_belong_to_the_date() -> None:
    assert [text for text, _, _ in found("orders in October, during Q1 and over the last 7 days")] == [
        "in October",
        "during Q1",
        "over the last 7 days",
    ]
    assert [text for text, _, _ in found("last year's revenue")] == ["last year's"]


def test_a_month_without_a_year_that_has_not_begun_is_last_years() -> None:
    assert windows("since december") == [("2024-12-01", END)]


def test_days_that_do_not_exist_are_no_dates() -> None:
    assert windows("2025-02-30") == []
    assert windows("45.13.2025") == []


def test_the_last_day_of_a_short_month_is_reached_by_counting_back() -> None:
    assert [str(hit.window.last) for hit in find_dates("over a month ago", date(2025, 3, 31))] == [
        "2025-02-28"
    ]


def test_a_leap_day_is_a_day() -> None:
    assert windows("29 february 2024") == [("2024-02-29", "2024-03-01")]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("lost parcels this yr", "this year"),
        ("orders last qtr, by web", "last quarter"),
        ("past 2 wks only", "past 2 weeks"),
    ],
)
def test_short_units_are_read_and_keep_their_place(said: str, meant: str) -> None:
    (hit,) = find_dates(said, date(2025, 11, 14))
    (full,) = find_dates(meant, date(2025, 11, 14))
    assert hit.window == full.window
    assert said[hit.start : hit.end] == hit.text
    assert hit.text.split()[-1] in ("yr", "qtr", "wks")


@pytest.mark.parametrize(
    "said",
    [
        "9999-12-31",
        "until 9999-12-31",
        "in 9999",
        "in the last 9999 years",
        "99999999 days ago",
        "31.12.9999",
        "2025-02-30",
    ],
)
def test_days_that_there_are_not_are_no_dates(said: str) -> None:
    assert find_dates(f"orders {said}", TODAY) == []
