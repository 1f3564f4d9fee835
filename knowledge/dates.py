"""Date phrases in a question, read against today.

Conventions: weeks begin on Monday. 'last week', 'last month', 'last year' are the whole calendar unit
before this one; 'this month' is the whole month. The last N days or weeks end with today. The last N months,
quarters or years are whole ones, without the one that has begun; only after a negation ('no orders in the
last 6 months') do they end with today. A month, quarter or day without a year is its latest occurrence that
has begun. What is said to be fiscal is of the fiscal calendar. Grains ('by month', 'per week', 'monthly') are
not dates.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from knowledge import window as w
from knowledge.fiscal import CALENDAR, FiscalCalendar, fiscal_at
from knowledge.numbers import small_number
from knowledge.periods import NUMBER, UNIT, Period, Setting, period_at
from knowledge.window import Window

__all__ = ["DateHit", "Window", "find_dates"]


@dataclass(frozen=True)
class DateHit:
    """The words of a date, with the preposition that belongs to them, and the days they mean."""

    start: int
    end: int
    text: str
    window: Window


_TRIGGER = re.compile(
    r"\d|day|week|month|quarter|year|td\b|\bfy|half\b|tomorrow|spring|summer|autumn|fall|winter|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_UNITS = {"yr": "year", "mth": "month", "wk": "week", "qtr": "quarter"}
_SHORT_UNIT = re.compile(r"\b(?P<short>yr|mth|wk|qtr)(?P<many>s?)\b")
_WORD = re.compile(r"(?<![\w.,:/'-])[a-z\d]|(?<!\w)'(?=\d\d\b)")
_BETWEEN = re.compile(r"(?P<word>between|from)\s+")
_SINCE = re.compile(
    r"(?P<word>since|after|starting(?:\s+(?:in|from|on))?|from)\s+(?:the\s+)?(?:(?:start|beginning)\s+of\s+)?"
)
_BEFORE = re.compile(
    r"(?P<word>(?:by|until|till|up\s+to|before)\s+(?:the\s+)?end\s+of|before|prior\s+to|earlier\s+than|until|till"
    r"|up\s+(?:to|until)|through|as\s+of)\s+"
)
_SWALLOWED = re.compile(r"(?:in|on|during|for|from|within|throughout|over|across)\s+")
_THE_UNIT = re.compile(r"the\s+(?:current\s+)?(?P<unit>week|month|quarter|year)\b")
_THE = re.compile(r"the\s+")
_TO = re.compile(r"\s*(?:up\s+to|to|until|till|through|thru|[-\u2013])\s*(?:the\s+)?(?:end\s+of\s+)?")
_AND = re.compile(r"\s+(?:and|to)\s+")
_ONWARDS = re.compile(r"\s+(?:onwards?|and\s+later|on(?!\s+(?:the|our|a|an|this)\b))(?!\w)")
_CHANGE = re.compile(
    r"\b(?:grow\w*|grew|chang\w*|increas\w*|decreas\w*|rise|rose|drop\w*|fell|fall|differ\w*|compar\w*)\b"
)
_NEIGHBOUR = re.compile(
    r"(?:\s*,)?\s*(?:(?:and|or|vs\.?|versus|to|against|with|than|over)\s+)?(?:the\s+|in\s+)*", re.IGNORECASE
)
_CONTEXT = re.compile(r"\b(?:of|by|than|vs\.?|versus|to|with|against)\s+$")
_AMOUNT = re.compile(
    r"(?:\b(?:over|under|above|below|least|most|top|exactly|(?:more|less|fewer|greater) than)|[€$£#])\s*$"
)
_NEGATION = re.compile(r"\b(?:not|no|never|without|nobody|nothing|none)\b|n['\u2019]?t\b")
_POSSESSIVE = re.compile(r"['\u2019]s?(?!\w)")
_AGES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:more\s+than|over|longer\s+than)\s+(?P<count>{NUMBER})\s+{UNIT}s?\s+(?:ago|old)\b",
        rf"older\s+than\s+(?P<count>{NUMBER})\s+{UNIT}s?\b",
        rf"for\s+(?:more\s+than|over|longer\s+than)\s+(?P<count>{NUMBER})\s+{UNIT}s?\b",
    )
)
_STILL_AFTER = re.compile(rf"after\s+(?:more\s+than|over)\s+(?P<count>{NUMBER})\s+{UNIT}s?\b")
_STILL = re.compile(r"\b(?:still|yet)\b")
_YOUTHS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:less\s+than|under|within)\s+(?P<count>{NUMBER})\s+{UNIT}s?\s+(?:ago|old)\b",
        rf"(?:newer|younger)\s+than\s+(?P<count>{NUMBER})\s+{UNIT}s?\b",
    )
)
_IDLE = re.compile(
    rf"(?:in|for)\s+(?:(?:over|more\s+than|at\s+least)\s+)?(?:(?:the\s+)?(?P<last>last|past)\s+)?"
    rf"(?:(?P<count>{NUMBER})\s+)?{UNIT}s?\b(?!\s+(?:of|after|before|from|to|ago)\b)"
)
_SHORT_IDLE_DAYS = 14


def find_dates(text: str, today: date, fiscal: FiscalCalendar = CALENDAR) -> list[DateHit]:
    """The date phrases of a text, from left to right, without overlaps.

    >>> [hit.text for hit in find_dates("Orders by month since January, and last year", date(2025, 11, 14))]
    ['since January', 'last year']
    """
    lower = text.lower()
    if len(lower) != len(text):
        return []
    lower, places = _in_full(lower)
    if not _TRIGGER.search(lower):
        return []
    finder = _Finder(lower, today, fiscal)
    finder.run()
    return [
        DateHit(places[hit.start], places[hit.end], text[places[hit.start] : places[hit.end]], hit.window)
        for hit in finder.found
    ]


def _in_full(text: str) -> tuple[str, list[int]]:
    """The text with its short units written out ('this yr'), and where each character stood."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in _SHORT_UNIT.finditer(text):
        word = _UNITS[match["short"]] + match["many"]
        pieces += [text[at : match.start()], word]
        places += [*range(at, match.start()), *[match.start()] * len(word)]
        at = match.end()
    return "".join([*pieces, text[at:]]), [*places, *range(at, len(text) + 1)]


@dataclass
class _Found:
    start: int
    end: int
    window: Window
    period: Period | None = None


class _Finder:
    """Walks over the words of one lower-case text; later phrases may lean on earlier ones."""

    def __init__(self, text: str, today: date, fiscal: FiscalCalendar) -> None:
        self.text = text
        self.today = today
        self.fiscal = fiscal
        self.found: list[_Found] = []

    def run(self) -> None:
        position = 0
        while match := _WORD.search(self.text, position):
            start = match.start()
            hit = self._age(start) or self._open(start) or self._range(start) or self._plain(start)
            if hit and hit.window.first < hit.window.last:
                possessive = _POSSESSIVE.match(self.text, hit.end)
                hit.end = possessive.end() if possessive else hit.end
                self.found.append(hit)
                self._lend_year()
                position = hit.end
            else:
                position = match.end()

    def _age(self, start: int) -> _Found | None:
        """'more than 30 days ago', 'newer than a week', 'not ... for 6 months': lengths that end today."""
        tomorrow = self.today + timedelta(days=1)
        idle = _IDLE.match(self.text, start)
        if idle and (idle["count"] or idle["last"]) and _NEGATION.search(self.text, 0, start):
            count = small_number(idle["count"] or "one")
            if idle["last"] or idle["unit"] != "day" or count >= _SHORT_IDLE_DAYS:
                return _Found(start, idle.end(), Window(w.add(tomorrow, -count, idle["unit"]), tomorrow))
        lasting = _STILL_AFTER.match(self.text, start)
        if lasting and _STILL.search(self.text):
            return _Found(start, lasting.end(), Window(w.BEGINNING, self._back(lasting, self.today)))
        for pattern in _AGES:
            if match := pattern.match(self.text, start):
                return _Found(start, match.end(), Window(w.BEGINNING, self._back(match, self.today)))
        for pattern in _YOUTHS:
            if match := pattern.match(self.text, start):
                return _Found(start, match.end(), Window(self._back(match, tomorrow), tomorrow))
        return None

    def _back(self, match: re.Match[str], day: date) -> date:
        return w.add(day, -small_number(match["count"]), match["unit"])

    def _open(self, start: int) -> _Found | None:
        """'since january', 'from march on', 'before 2024', 'until last week'."""
        if lead := _SINCE.match(self.text, start):
            period = self._period(lead.end(), led=True) or self._edge(lead)
            onwards = period and _ONWARDS.match(self.text, period.end)
            if period and (lead["word"] != "from" or onwards):
                first = period.window.last if lead["word"] == "after" else period.window.first
                return _Found(start, onwards.end() if onwards else period.end, Window(first, w.END), period)
        if lead := _BEFORE.match(self.text, start):
            period = self._period(lead.end(), led=True) or self._edge(lead)
            if period:
                excluded = lead["word"] in ("before", "earlier than") or lead["word"].startswith("prior")
                last = period.window.first if excluded else period.window.last
                return _Found(start, period.end, Window(w.BEGINNING, last))
        return None

    def _edge(self, lead: re.Match[str]) -> Period | None:
        """'since the start of the year', 'by the end of the month'."""
        match = _THE_UNIT.match(self.text, lead.end()) if lead[0].rstrip().endswith(" of") else None
        return Period(w.unit_around(self.today, match["unit"]), match.end(), match["unit"]) if match else None

    def _range(self, start: int) -> _Found | None:
        """'between march and june', 'from april to june 2024', 'jan - mar'."""
        lead = _BETWEEN.match(self.text, start)
        first = self._period(lead.end() if lead else start, led=True)
        if not first:
            return None
        if lead and first.grain == "days":
            return _Found(start, first.end, first.window, first)
        joint = (_AND if lead and lead["word"] == "between" else _TO).match(self.text, first.end)
        second = self._period(joint.end(), led=True, after=first) if joint else None
        if not joint or not second:
            return None
        alike = first.grain == second.grain
        if not (lead or alike) or (alike and self._compares(start) and (lead or "-" not in joint[0])):
            return None
        return _Found(start, second.end, _span(first, second), second)

    def _compares(self, start: int) -> bool:
        """'how did sales change from q1 to q2' names two periods, not one."""
        return bool(_CHANGE.search(self.text, 0, start))

    def _plain(self, start: int) -> _Found | None:
        lead = _SWALLOWED.match(self.text, start)
        period = self._period(lead.end() if lead else start, led=bool(lead))
        if period:
            return _Found(start, period.end, period.window, period)
        return self._last_one(start)

    def _last_one(self, start: int) -> _Found | None:
        """'this month vs last': the unit is left out."""
        before = self._before(start)
        if before and before.period and self.text[start : start + 5].rstrip() == "last":
            window, grain = before.period.window, before.period.grain
            if grain in ("week", "month", "quarter", "year") and window == w.unit_around(self.today, grain):
                return _Found(start, start + 4, w.shift(window, -1, grain))
        return None

    def _period(self, start: int, *, led: bool, after: Period | None = None) -> Period | None:
        the = _THE.match(self.text, start)
        begin = the.end() if the else start
        previous = after.window if after else self.found[-1].window if self.found else None
        period = fiscal_at(self.text, begin, self.today, self.fiscal)
        period = period or period_at(self.text, begin, Setting(self.today, previous))
        if not period:
            return None
        if period.weak and not led and not self._before(start) and not _CONTEXT.search(self.text, 0, start):
            return None
        if period.grain == "year" and self.text[begin].isdigit() and _AMOUNT.search(self.text, 0, begin):
            return None
        return period

    def _before(self, start: int) -> _Found | None:
        """The hit that this place is joined to by no more than 'and', 'vs' or a comma."""
        if self.found and _NEIGHBOUR.fullmatch(self.text, self.found[-1].end, start):
            return self.found[-1]
        return None

    def _lend_year(self) -> None:
        """In 'march and april 2024' the year stands for both."""
        for earlier, later in zip(self.found[-2::-1], self.found[:0:-1], strict=False):
            year = later.period.year if later.period else None
            if year is None or not earlier.period or not earlier.period.in_year:
                return
            if later.period and later.period.grain == "year":
                return
            if not _NEIGHBOUR.fullmatch(self.text, earlier.end, later.start):
                return
            if earlier.window == earlier.period.window:
                earlier.window = earlier.period.in_year(year)
                earlier.period = replace(earlier.period, window=earlier.window, in_year=None, year=year)


def _span(first: Period, second: Period) -> Window:
    """From the first to the second; a missing year is the other's, so that the span runs forward."""
    start, end = first.window, second.window
    if first.in_year and second.year is not None:
        start = first.in_year(second.year)
        if start.first > end.first:
            start = first.in_year(second.year - 1)
    elif second.in_year and first.year is not None:
        end = second.in_year(first.year)
        if start.first > end.first:
            end = second.in_year(first.year + 1)
    elif first.in_year and start.first > end.first:
        start = first.in_year(start.first.year - 1)
    return start.to(end)
