"""Another stretch of time: 'and last year?', 'in q2', 'the year before', 'and the one before?'."""

import re
from dataclasses import dataclass

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.statement import Statement
from graph.followup.whole import Whole
from graph.followup.words import PREPOSITIONS
from knowledge import window as w
from knowledge.window import Window

_YEAR_BEFORE = frozenset(("last year", "previous year", "prior year", "the last year"))
_AFTER = frozenset(("next", "after", "later", "following"))
_ABSOLUTE = re.compile(r"q\d|h\d|\d{4}\b(?!-)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
_UNITS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Period:
    words: str
    window: Window

    def text(self, whole: Whole) -> Whole:
        if whole.dates:
            return whole.put(whole.dates[0], self.words)
        return whole.append(self.words)

    def tree(self, statement: Statement) -> None:
        statement.within(self.window)


def read(match: Match, was: Whole) -> Edit | None:
    """A date is read beside the one before: 'the year before' is a year before that one."""
    item = match.one("date")
    if len(was.dates) > 1:
        return None
    old = was.dates[0].window if was.dates else None
    if item is None:
        if old is None or old.is_open:
            return None
        return _made(neighbour(old, 1 if _AFTER.intersection(match.words) else -1))
    assert item.window is not None
    if old is None or old.is_open:
        return Period(item.text, item.window)
    if _bare(item.text) in _YEAR_BEFORE and not _is_year(old):
        return _made(w.shift(old, -1, "year"))
    beside = was.find_dates(f"{say(old)} vs {_bare(item.text)}")[1:]
    if beside and beside[0].window != item.window:
        return _made(beside[0].window)
    return _same_year(item, old, was) or Period(_led(item.text), item.window)


def _same_year(item: Item, old: Window, was: Whole) -> Period | None:
    """'and in q2?' after a question about q3 2024 is q2 2024."""
    found = was.find_dates(f"{item.text} {old.first.year}")
    if (
        len(found) != 1
        or found[0].window == item.window
        or found[0].window.first > was.today
        or _is_year(old)
    ):
        return None
    return _made(found[0].window)


def _bare(text: str) -> str:
    words = text.lower().split()
    return " ".join(words[1:] if words[0] in PREPOSITIONS else words)


def _led(text: str) -> str:
    """'q3' as 'in q3'; what needs no preposition keeps none."""
    return f"in {text}" if _ABSOLUTE.match(text.lower()) else text


def _made(window: Window) -> Period:
    return Period(say(window), window)


def _is_year(window: Window) -> bool:
    return (window.last - window.first).days > 360


def neighbour(window: Window, count: int) -> Window:
    """The window of the same kind before (-1) or after (1): the month before a month."""
    for unit in _UNITS:
        if window == w.unit_around(window.first, unit):
            return w.unit_around(window.first, unit, count)
    days = (window.last - window.first).days
    return w.shift(window, count * days, "day")


def say(window: Window) -> str:
    """A window in words that the linker reads as the same window."""
    first = window.first
    if window == w.unit_around(first, "year"):
        return f"in {first.year}"
    if window == w.unit_around(first, "quarter"):
        return f"in q{(first.month + 2) // 3} {first.year}"
    if window == w.unit_around(first, "month"):
        return f"in {first:%B} {first.year}"
    last = w.shift(window, -1, "day").last
    if last == first:
        return f"on {first.isoformat()}"
    return f"from {first.isoformat()} to {last.isoformat()}"


KIND = Kind(
    "period",
    read,
    patterns(
        "<date>",
        "the? one|period|time before|prior|earlier",
        "the? previous|prior|preceding one|period",
        "before that",
        "the? next|following one|period",
        "the? one|period after|later",
    ),
)
