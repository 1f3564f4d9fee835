"""Shares with their intervals, and percentiles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil, fsum, sqrt
from typing import Any


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True)
class Share:
    """`hits` of `cases`. A case that was asked several times counts with the mean of its repeats, so that
    `hits` need not be whole; the interval is then a little wider than it had to be.

    >>> Share(8, 10).value, Share(0, 0).value
    (0.8, None)
    """

    hits: float
    cases: int

    @property
    def value(self) -> float | None:
        return self.hits / self.cases if self.cases else None

    @property
    def interval(self) -> Interval:
        """Wilson's, at 95%."""
        return wilson(self.hits, self.cases)

    def to_json(self) -> dict[str, Any]:
        interval = [self.interval.low, self.interval.high]
        return {"hits": self.hits, "cases": self.cases, "share": self.value, "interval": interval}


def mean_share(cases: Collection[Sequence[bool]]) -> Share:
    """The share of hits over cases, each given by its repeats.

    >>> mean_share([[True], [True, False]])
    Share(hits=1.5, cases=2)
    """
    hits = fsum(sum(repeats) / len(repeats) for repeats in cases)
    return Share(int(hits) if hits.is_integer() else hits, len(cases))


def wilson(hits: float, trials: int, z: float = 1.959964) -> Interval:
    """The Wilson score interval of a share (95% by default); everything is possible without trials.

    >>> interval = wilson(8, 10)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.49, 0.943)
    """
    if trials == 0:
        return Interval(0.0, 1.0)
    share, spread = hits / trials, z * z / trials
    centre = share + spread / 2
    reach = z * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    low, high = (centre - reach) / (1 + spread), (centre + reach) / (1 + spread)
    return Interval(0.0 if hits == 0 else max(0.0, low), 1.0 if hits == trials else min(1.0, high))


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of all values do not exceed; None without values."""
    if not values:
        return None
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
