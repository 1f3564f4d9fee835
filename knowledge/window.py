"""Half-open spans of days, and the calendar arithmetic that makes them."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

BEGINNING = date.min
END = date.max
SPAN_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Window:
    """The days from `first` up to, but without, `last`. Open ends are `date.min` and `date.max`."""

    first: date
    last: date

    @property
    def is_open(self) -> bool:
        return self.first == BEGINNING or self.last == END

    def to(self, other: "Window") -> "Window":
        return Window(self.first, other.last)


def days(first: date, count: int = 1) -> Window:
    return Window(first, first + timedelta(days=count))


def months(year: int, month: int, count: int = 1) -> Window:
    """`count` calendar months from that month on; the month may lie outside 1 to 12."""
    return Window(_month_start(year, month), _month_start(year, month + count))


def year_of(year: int) -> Window:
    return months(year, 1, 12)


def add_months(day: date, count: int) -> date:
    """The same day of another month, or that month's last day where it is shorter."""
    start = _month_start(day.year, day.month + count)
    return start.replace(day=min(day.day, calendar.monthrange(start.year, start.month)[1]))


def add(day: date, count: int, unit: str) -> date:
    """`count` days, weeks, months, quarters or years later."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    return add_months(day, count * SPAN_MONTHS[unit])


def unit_around(day: date, unit: str, offset: int = 0) -> Window:
    """The whole calendar unit that holds `day`, moved by `offset` units. Weeks begin on Monday."""
    if unit == "day":
        return days(day + timedelta(days=offset))
    if unit == "week":
        return days(day - timedelta(days=day.weekday()) + timedelta(weeks=offset), 7)
    if unit == "weekend":
        return days(day - timedelta(days=day.weekday()) + timedelta(weeks=offset, days=5), 2)
    size = SPAN_MONTHS[unit]
    return months(day.year, (day.month - 1) // size * size + 1 + offset * size, size)


def shift(window: Window, count: int, unit: str) -> Window:
    """The same window some units later. Whole months stay whole months."""
    return Window(
        window.first if window.first == BEGINNING else add(window.first, count, unit),
        window.last if window.last == END else add(window.last, count, unit),
    )


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
