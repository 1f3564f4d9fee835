"""What it costs to answer more: the share of wrong answers against the share of cases answered.

Source: El-Yaniv and Wiener, On the Foundations of Noise-free Selective Classification, 2010; the area as in
Geifman and El-Yaniv, Selective Classification for Deep Neural Networks, 2017.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any


@dataclass(frozen=True)
class Point:
    """Were only answers of at least this `confidence` given: `coverage` is the share of all cases that got
    one, `risk` the share of wrong ones among these.
    """

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True)
class RiskCurve:
    """One point for each confidence that occurred, from the highest down, so that coverage rises."""

    points: tuple[Point, ...] = ()

    @property
    def area(self) -> float | None:
        """The area under the curve over the coverage it reaches: the mean risk, lower is better.

        It is divided by that coverage, so that answering less does not look like erring less.
        """
        if not self.points:
            return None
        starts = (0.0, *(point.coverage for point in self.points))
        steps = zip(self.points, starts, strict=False)
        return sum(point.risk * (point.coverage - start) for point, start in steps) / starts[-1]

    def at_risk(self, most: float) -> Point | None:
        """The point that answers most cases with at most this risk; None where even the surest one errs."""
        return next((point for point in reversed(self.points) if point.risk <= most), None)

    def to_json(self) -> dict[str, Any]:
        return {"area": self.area, "points": [asdict(point) for point in self.points]}


def risk_curve(answers: Sequence[tuple[float | None, bool]]) -> RiskCurve:
    """The curve of (confidence, right) pairs; without a confidence a case was not answered.

    Answers of one confidence stand or fall together: no threshold can part them.

    >>> curve = risk_curve([(0.9, True), (0.8, True), (0.8, False), (None, False)])
    >>> [(point.confidence, point.coverage, round(point.risk, 2)) for point in curve.points]
    [(0.9, 0.25, 0.0), (0.8, 0.75, 0.33)]
    >>> curve.at_risk(0.1)
    Point(confidence=0.9, coverage=0.25, risk=0.0)
    """
    given = [(confidence, right) for confidence, right in answers if confidence is not None]
    given.sort(key=lambda answer: answer[0], reverse=True)
    points = []
    answered = wrong = 0
    for confidence, block in groupby(given, key=lambda answer: answer[0]):
        outcomes = [right for _, right in block]
        answered += len(outcomes)
        wrong += outcomes.count(False)
        points.append(Point(confidence, answered / len(answers), wrong / answered))
    return RiskCurve(tuple(points))
