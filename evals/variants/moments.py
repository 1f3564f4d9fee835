"""Dates and timestamps as a column spells them: read to a moment, moved, and written back alike."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SECOND = re.compile(r"\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d")
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Moments:
    """How one column spells its moments. `days` says that it holds whole days only."""

    days: bool
    text: bool
    between: str = " "
    aware: bool = False

    @property
    def step(self) -> dt.timedelta:
        """The smallest difference that the column shows."""
        return DAY if self.days else SECOND

    def read(self, value: Any) -> dt.datetime | None:
        """The moment (in UTC where the column knows zones); None for NULL."""
        if value is None:
            return None
        if isinstance(value, str):
            return dt.datetime.fromisoformat(value)
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        return dt.datetime(value.year, value.month, value.day)

    def write(self, moment: dt.datetime) -> Any:
        """
        >>> Moments(days=False, text=True).write(dt.datetime(2025, 1, 1))
        '2025-01-01 00:00:00'
        """
        if self.days:
            return moment.date().isoformat() if self.text else moment.date()
        if self.text:
            return moment.isoformat(sep=self.between, timespec="seconds")
        return moment.replace(tzinfo=dt.UTC) if self.aware else moment


def moments_of(values: Iterable[Any]) -> Moments | None:
    """How these values spell moments; None where one of them is no moment, or spelled differently."""
    kinds: set[Moments | None] = set()
    for value in values:
        if value is not None:
            kinds.add(_kind(value))
            if len(kinds) > 1 or None in kinds:
                return None
    return kinds.pop() if kinds else None


def _kind(value: Any) -> Moments | None:
    if isinstance(value, dt.datetime):
        return Moments(days=False, text=False, aware=value.tzinfo is not None)
    if isinstance(value, dt.date):
        return Moments(days=True, text=False)
    if not isinstance(value, str):
        return None
    if _DAY.fullmatch(value):
        kind = Moments(days=True, text=True)
    elif found := _SECOND.fullmatch(value):
        kind = Moments(days=False, text=True, between=found[1])
    else:
        return None
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return kind
