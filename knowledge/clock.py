"""Today, as a thing that is handed in: tests and the demo company stand still, everyone else does not."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    def today(self) -> dt.date: ...


class SystemClock:
    """The day of the machine that Quarry runs on."""

    def today(self) -> dt.date:
        return dt.date.today()


@dataclass(frozen=True)
class FrozenClock:
    """Always `day`: a workspace whose data ends on a known day, and tests."""

    day: dt.date

    def today(self) -> dt.date:
        return self.day
