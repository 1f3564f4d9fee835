"""Dates, numbers and values as people write them, each with the marker that stands for it in the SQL.

A marker is `⟦v:table.column:value⟧`, `⟦n:5⟧` or `⟦da:today⟧` / `⟦db:today⟧` (its first day, the day after).
The linker's slots replace the markers later; so a pair is kept only if the linker understands its question.
"""

import random
from dataclasses import dataclass

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_SHORT = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec")
_WORDS = {
    2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 10: "ten",
    12: "twelve",
}  # fmt: skip  # fmt: skip


@dataclass(frozen=True)
class When:
    """A date phrase: 'last month', 'since May'."""

    text: str

    def within(self, column: str) -> str:
        return f"{column} >= ⟦da:{self.text}⟧ AND {column} < ⟦db:{self.text}⟧"


def date_phrase(rng: random.Random, years: tuple[int, int]) -> When:
    """A stretch of time, from yesterday to a year; what people say most comes most."""
    year = rng.randint(*years)
    month = rng.choice(MONTHS)
    number = rng.choice([2, 3, 6, 7, 10, 12, 14, 30, 60, 90])
    unit = rng.choice(["days", "weeks", "months"])
    told = rng.choice([str(number), _WORDS.get(number, str(number))])
    quarter = rng.randint(1, 4)
    common = [
        "last month", "this month", "last week", "this week", "yesterday", "today", "this year",
        "last year", "last quarter", "this quarter", "year to date", "ytd", "so far this year",
        "in the last 30 days", "in the past week", "over the last 12 months", "in the last 7 days",
        "this yr", "last 30 days", "past 90 days",
    ]  # fmt: skip
    calendar = [
        f"in {month}", f"{month}", f"in {month} {year}", f"{month} {year}", f"in {rng.choice(_SHORT)}",
        f"last {month}", f"in {year}", f"{year}", f"in Q{quarter}", f"Q{quarter} {year}", f"q{quarter}",
        f"in q{quarter} {year}", f"in the {rng.choice(['first', 'second'])} half of {year}",
        f"{year} only", f"Q{quarter} this year", f"Q{quarter} last year", f"during {month}",
        f"for {year}", f"h{rng.randint(1, 2)} {year}", f"{rng.choice(_SHORT)} {year}",
        f"in {month} this year", f"in {month} last year", "last summer", "this summer",
    ]  # fmt: skip
    open_ended = [
        f"since {month}", f"since {month} {year}", f"since {year}", f"before {year}",
        f"after {month} {year}", f"until {month} {year}", f"up to {month} {year}", "since last month",
        "since the start of the year", f"since {month} {rng.randint(1, 28)}", f"before {month} {year}",
        "since yesterday", f"from {month} onwards",
    ]  # fmt: skip
    spans = [
        f"in the last {told} {unit}", f"over the past {told} {unit}", f"last {told} {unit}",
        f"past {told} {unit}", f"between {month} and {rng.choice(MONTHS)} {year}",
        f"from {month} to {rng.choice(MONTHS)}", f"{month} through {rng.choice(MONTHS)} {year}",
        f"between {rng.randint(1, 14)} and {rng.randint(15, 28)} {month}",
        f"on {rng.randint(1, 28)} {month}", f"on {month} {rng.randint(1, 28)}",
        f"on {year}-{rng.randint(1, 9):02d}-{rng.randint(10, 28)}", f"in the previous {unit[:-1]}",
    ]  # fmt: skip
    pool = rng.choices([common, calendar, open_ended, spans], weights=[40, 35, 10, 15])[0]
    return When(rng.choice(pool))


def long_ago(rng: random.Random) -> When:
    """Open at the start: 'more than 30 days ago'."""
    number = rng.choice([2, 3, 5, 7, 10, 14, 30, 60, 90])
    unit = rng.choice(["days", "weeks", "months"])
    return When(
        rng.choice([f"more than {number} {unit} ago", f"over {number} {unit} ago", f"over a {unit[:-1]} ago"])
    )


def number_phrase(rng: random.Random, numbers: tuple[int, ...] | list[int]) -> tuple[str, str]:
    """(how it is said, its marker)."""
    number = rng.choice(list(numbers))
    said = _WORDS.get(number) if rng.random() < 0.25 else None
    if said is None and number >= 1000 and number % 1000 == 0:
        said = rng.choice([f"{number:,}", f"{number // 1000}k", str(number)])
    return said or str(number), f"⟦n:{number}⟧"


def value_marker(column: str, value: str) -> str:
    return f"⟦v:{column}:{value}⟧"
