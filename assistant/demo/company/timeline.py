"""The two years and ten months of Kestrel's life, and when in them things happen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

START = date(2023, 1, 1)
NOW = datetime(2025, 11, 14, 18, 0)
TODAY = NOW.date()
DAYS = (TODAY - START).days + 1

_MONTH = (1.0, 0.95, 0.99, 0.93, 0.9, 0.82, 0.75, 0.78, 0.96, 1.08, 1.32, 1.85)
_WEEKDAY = (1.16, 1.04, 1.0, 0.97, 0.88, 0.82, 1.13)
_HOUR = (6, 3, 2, 1, 2, 6, 18, 38, 52, 50, 46, 48, 56, 47, 42, 43, 48, 55, 68, 82, 88, 66, 36, 15)
_HOURS = tuple(accumulate(_HOUR))


def stamp(moment: datetime | None) -> str | None:
    """A timestamp as the database keeps it."""
    return None if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def day_weights(yearly_growth: float) -> list[float]:
    """How busy each day is: growth, season, weekday, Black Friday week and the quiet days after Christmas."""
    weights = []
    for offset in range(DAYS):
        day = START + timedelta(days=offset)
        weight = yearly_growth ** (offset / 365) * _MONTH[day.month - 1] * _WEEKDAY[day.weekday()]
        if day.month == 11 and 23 <= day.day <= 29:
            weight *= 1.7
        if day.month == 12 and day.day > 22:
            weight *= 0.4
        weights.append(weight)
    return weights


def moment_on(day: date, rng: Random) -> datetime:
    """A moment of that day, mostly in the evening, never in the future."""
    hour = rng.choices(range(24), cum_weights=_HOURS)[0]
    if day == TODAY and hour >= NOW.hour:
        hour = rng.randrange(7, NOW.hour)
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))


def office_moment(day: date, rng: Random) -> datetime:
    """A moment of that day in working hours."""
    return datetime.combine(day, time(rng.randrange(8, 17), rng.randrange(60), rng.randrange(60)))


def day_between(first: date, last: date, rng: Random) -> date:
    """A day of the closed span."""
    return first + timedelta(days=rng.randrange((last - first).days + 1))
