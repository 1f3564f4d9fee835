"""Numbers in questions."""

import pytest

from knowledge.numbers import find_numbers


def numbers(text: str) -> list[float]:
    return [hit.number for hit in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("top five", 5),
        ("5 best", 5),
        ("over 1,000", 1000),
        ("1.000.000 units", 1_000_000),
        ("2.5k", 2500),
        ("1.5 million", 1_500_000),
        ("20%", 20),
        ("4.5 stars", 4.5),
        ("a dozen", 12),
        ("a hundred", 100),
        ("two hundred", 200),
        ("twenty-five thousand", 25_000),
        ("roast level 3", 3),
        ("every 2-week interval", 2),
        ("top 5.", 5),
        ("order #1042", 1042),
    ],
)
def test_a_number_is_read(text: str, value: float) -> None:
    assert numbers(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "the 3rd order",
        "first order",
        "sku KC-1042",
        "V60",
        "q3",
        "24/7",
        "at 9:30",
        "no one",
        "the one order",
    ],
)
def test_ordinals_codes_and_times_are_no_numbers(text: str) -> None:
    assert numbers(text) == []


def test_the_currency_belongs_to_the_span_and_the_percent_sign_does_not() -> None:
    assert [hit.text for hit in find_numbers("over €50, 60 €, $7 and 20%")] == ["€50", "60 €", "$7", "20"]


def test_whole_numbers_are_integers() -> None:
    assert all(isinstance(value, int) for value in numbers("2.5k and 10 and 3.0"))


def test_spans_point_into_the_text() -> None:
    text = "Top Ten over 2.5K"
    assert [text[hit.start : hit.end] for hit in find_numbers(text)] == ["Ten", "2.5K"]
