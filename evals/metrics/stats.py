"""The statistics of a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


def wilson(hits: int, trials: int, z: float = 1.959964) -> Interval:
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
    return Interval(0.0 if hits == 0 else low, 1.0 if hits == trials else high)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of all values do not exceed; None without values."""
    if not values:
        return None
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
