"""Periods of the fiscal calendar: 'FY25', 'last fiscal quarter', 'Q3 FY 2024/25', 'fiscal year to date'.

Only words that say so are fiscal: 'this year' and 'Q3' alone stay those of the calendar.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge import window as w
from knowledge.periods import OFFSETS, ORDINALS, WHICH, Period
from knowledge.window import Window


@dataclass(frozen=True)
class FiscalCalendar:
    """Fiscal years begin with the month `starts` (1 to 12) and are named after the year in which they end.

    >>> FiscalCalendar(7).year(2025)
    Window(first=datetime.date(2024, 7, 1), last=datetime.date(2025, 7, 1))
    """

    starts: int = 1

    def year(self, name: int) -> Window:
        return self.part(name, 1, 12)

    def part(self, name: int, number: int, size: int) -> Window:
        """The quarter (`size` 3) or half (6) of that number, from 1 on; it may lie outside of the year."""
        began = name if self.starts == 1 else name - 1
        return w.months(began, self.starts + (number - 1) * size, size)

    def name(self, day: date) -> int:
        """Of the fiscal year that holds the day."""
        return day.year + (self.starts > 1 and day.month >= self.starts)

    def around(self, day: date, size: int, offset: int) -> Window:
        """The fiscal year (`size` 12), half (6) or quarter (3) that holds the day, or one `offset` later."""
        name = self.name(day)
        number = ((day.month - self.starts) % 12) // size + 1
        return self.part(name, number + offset, size)


CALENDAR = FiscalCalendar()


def fiscal_at(text: str, start: int, today: date, fiscal: FiscalCalendar = CALENDAR) -> Period | None:
    """The fiscal period whose words begin at `start` of the lower-case text."""
    for pattern, read in _PATTERNS:
        if match := pattern.match(text, start):
            return read(match, today, fiscal)
    return None


def _year(match: re.Match[str], today: date, fiscal: FiscalCalendar) -> Period:
    name = _name(match, today, fiscal)
    return Period(fiscal.year(name), match.end(), "year")


def _part(match: re.Match[str], today: date, fiscal: FiscalCalendar) -> Period | None:
    """Without a year it is the latest one that has begun."""
    groups = match.groupdict()
    size = 6 if groups.get("half") else 3
    which = groups.get("nth") or ""
    number = 12 // size if which == "last" else int(groups.get("n") or ORDINALS[which])
    if number > 12 // size:
        return None
    name = _name(match, today, fiscal)
    window = fiscal.part(name, number, size)
    if not _is_named(match) and window.first > today:
        window = fiscal.part(name - 1, number, size)
    return Period(window, match.end(), "half" if size == 6 else "quarter")


def _around(match: re.Match[str], today: date, fiscal: FiscalCalendar) -> Period:
    unit = match["unit"] or "year"
    offset = OFFSETS[match["which"]] if match["which"] else 0
    return Period(fiscal.around(today, w.SPAN_MONTHS[unit], offset), match.end(), unit)


def _to_date(match: re.Match[str], today: date, fiscal: FiscalCalendar) -> Period:
    size = w.SPAN_MONTHS[match.groupdict().get("unit") or "year"]
    first = fiscal.around(today, size, 0).first
    return Period(Window(first, today + timedelta(days=1)), match.end(), "year")


def _is_named(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    return any(groups.get(key) for key in ("y", "whose"))


def _name(match: re.Match[str], today: date, fiscal: FiscalCalendar) -> int:
    groups = match.groupdict()
    if written := groups.get("y2") or groups.get("y"):
        digits = written.lstrip("'")
        return int(digits) if len(digits) == 4 else 2000 + int(digits)
    return fiscal.name(today) + (OFFSETS[groups["whose"]] if groups.get("whose") else 0)


_FISCAL = r"(?:fiscal|financial)"
_FY = rf"(?:fy|{_FISCAL}\s+year)"
_NUMBER = r"(?P<y>(?:19|20)\d\d|'?\d\d)(?:\s?[/\u2013-]\s?(?P<y2>(?:20)?\d\d))?(?![\w/-])"
_WHOSE = rf"(?:the\s+)?(?:(?P<whose>last|previous|prior|this|current|next)\s+)?{_FY}\b"
_OF = r"[\s,/-]*(?:of\s+|in\s+)?(?:the\s+)?"
_HALF = r"(?P<half>h)(?P<n>[12])\b"
_ORDINAL = rf"(?P<nth>{'|'.join(ORDINALS)}|last)"
_UNIT = r"(?P<unit>year|half|quarter)"

_Read = Callable[[re.Match[str], date, FiscalCalendar], Period | None]
_TABLE: tuple[tuple[str, _Read], ...] = (
    (r"fy\s?td\b", _to_date),
    (rf"(?:(?:this|the\s+current)\s+)?{_FISCAL}\s+{_UNIT}\s+(?:to\s+date|so\s+far)\b", _to_date),
    (rf"{_FISCAL}\s+ytd\b", _to_date),
    (rf"(?:{_FISCAL}\s+)?q\s?(?P<n>[1-4]){_OF}{_FY}[\s-]?\s*{_NUMBER}", _part),
    (rf"(?:{_FISCAL}\s+)?{_HALF}{_OF}{_FY}[\s-]?\s*{_NUMBER}", _part),
    (rf"{_FY}[\s-]?\s*(?P<y>(?:19|20)?\d\d)[\s,/-]*q\s?(?P<n>[1-4])\b", _part),
    (rf"{_FY}[\s-]?\s*(?P<y>(?:19|20)?\d\d)[\s,/-]*{_HALF}", _part),
    (rf"{_ORDINAL}\s+(?:{_FISCAL}\s+)?(?:quarter|(?P<half>half)){_OF}{_FY}[\s-]?\s*{_NUMBER}", _part),
    (rf"{_ORDINAL}\s+(?:{_FISCAL}\s+)?(?:quarter|(?P<half>half))\s+(?:of|in)\s+{_WHOSE}", _part),
    (rf"q\s?(?P<n>[1-4])\s+(?:of\s+|in\s+)?{_WHOSE}", _part),
    (rf"{_FISCAL}\s+(?:q\s?|quarter\s+)(?P<n>[1-4])\b(?:\s+(?P<y>(?:19|20)\d\d)\b)?", _part),
    (rf"{_FISCAL}\s+{_HALF}(?:\s+(?P<y>(?:19|20)\d\d)\b)?", _part),
    (rf"(?!last\b){_ORDINAL}\s+{_FISCAL}\s+(?:quarter|(?P<half>half))\b", _part),
    (rf"{_FY}[\s-]?\s*{_NUMBER}", _year),
    (rf"{_FISCAL}\s+(?P<y>(?:19|20)\d\d)\b", _year),
    (rf"(?:{WHICH}\s+)(?:fy|{_FISCAL}\s+{_UNIT})\b", _around),
    (rf"(?<!by\s)(?<!per\s)(?<!each\s)(?<!every\s)(?P<which>){_FISCAL}\s+{_UNIT}\b", _around),
)
_PATTERNS = tuple((re.compile(pattern), read) for pattern, read in _TABLE)
