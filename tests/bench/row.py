"""One figure of the bench, with the goal it is held against."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """`value` is a median where `p95` is given too; it should be at most `goal`."""

    what: str
    value: float
    unit: str = "s"
    p95: float | None = None
    goal: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else self.value <= self.goal

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"met": self.met}


def of_series(
    what: str, values: Sequence[float], unit: str = "s", goal: float | None = None, note: str = ""
) -> Row:
    """Median and 95th percentile of what was measured several times."""
    return Row(what, statistics.median(values), unit, percentile_95(values), goal, note)


def percentile_95(values: Sequence[float]) -> float:
    """
    >>> percentile_95([7.0])
    7.0
    >>> percentile_95([float(n) for n in range(101)])
    95.0
    """
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def told(value: float | None, unit: str) -> str:
    """A figure as people read it.

    >>> told(0.0421, "s"), told(7.26, "s"), told(485.0, "tokens"), told(6.2e8, "bytes"), told(None, "s")
    ('42 ms', '7.3 s', '485', '0.62 GB', '')
    """
    if value is None:
        return ""
    if unit == "s":
        return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"
    if unit == "bytes":
        return f"{value / 10**9:.2f} GB"
    return f"{value:.0f}" if unit == "tokens" else f"{value:.1f} {unit}"
