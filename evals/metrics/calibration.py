"""Does a confidence of 0.8 mean right in 8 of 10 cases?

Sources: Brier 1950; expected calibration error with bins of equal mass: Nguyen and O'Connor 2015.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evals.metrics.bootstrap import Numbers, quantiles, resamples
from evals.metrics.stats import Interval, Share, mean_share

MOST_BINS = 10
BIN_CASES = 10


@dataclass(frozen=True)
class Answer:
    """One answer; those to one case, asked again, share its `case`."""

    case: str
    confidence: float
    right: bool


@dataclass(frozen=True)
class Bin:
    """Answers of like confidence, from `low` to `high`, which both occurred; `confidence` is their mean."""

    low: float
    high: float
    confidence: float
    right: Share

    def to_json(self) -> dict[str, Any]:
        return {
            "low": self.low,
            "high": self.high,
            "confidence": self.confidence,
            "right": self.right.to_json(),
        }


@dataclass(frozen=True)
class Calibration:
    """`error` is the expected calibration error: how far the confidence is from the share of right answers,
    on average over the bins; `interval` holds it at 95%. It is never quite 0 for few answers, however honest
    the confidence. `brier` is the mean squared distance of the confidence from 1 (right) or 0 (wrong).
    All are None without answers.
    """

    answers: int = 0
    bins: tuple[Bin, ...] = ()
    error: float | None = None
    interval: Interval | None = None
    brier: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "answers": self.answers,
            "error": self.error,
            "interval": [self.interval.low, self.interval.high] if self.interval else None,
            "brier": self.brier,
            "bins": [one.to_json() for one in self.bins],
        }


def calibration(answers: Sequence[Answer], *, seed: int = 0, draws: int = 2_000) -> Calibration:
    """Bin the answers by confidence: as many in each bin, at most 10 bins, about 10 answers or more in each.

    Answers of one confidence are never parted. The interval draws whole cases again and keeps the bins.

    >>> sure = [Answer(str(number), 0.75, number % 4 > 0) for number in range(20)]
    >>> found = calibration(sure)
    >>> found.error, found.brier, found.bins[0].right
    (0.0, 0.1875, Share(hits=15, cases=20))
    """
    if not answers:
        return Calibration()
    groups = list(_groups(sorted(answers, key=lambda answer: answer.confidence)))
    gaps, counts = _gaps(groups)
    chunks = resamples([1] * len(counts), seed=seed, draws=draws)
    drawn = np.concatenate([_errors(weights, gaps, counts) for weights in chunks])
    return Calibration(
        answers=len(answers),
        bins=tuple(map(_bin, groups)),
        error=float(_errors(np.ones((1, len(counts))), gaps, counts)[0]),
        interval=quantiles(drawn, 0.95),
        brier=sum((answer.confidence - answer.right) ** 2 for answer in answers) / len(answers),
    )


def _groups(ranked: Sequence[Answer]) -> Iterator[Sequence[Answer]]:
    """Parts of about one size, each cut moved on to where the confidence changes."""
    bins = max(1, min(MOST_BINS, len(ranked) // BIN_CASES))
    start = 0
    for number in range(1, bins + 1):
        end = round(len(ranked) * number / bins)
        while start < end < len(ranked) and ranked[end].confidence == ranked[end - 1].confidence:
            end += 1
        if end > start:
            yield ranked[start:end]
            start = end


def _bin(answers: Sequence[Answer]) -> Bin:
    cases: dict[str, list[bool]] = {}
    for answer in answers:
        cases.setdefault(answer.case, []).append(answer.right)
    return Bin(
        low=answers[0].confidence,
        high=answers[-1].confidence,
        confidence=sum(answer.confidence for answer in answers) / len(answers),
        right=mean_share(cases.values()),
    )


def _gaps(groups: Sequence[Sequence[Answer]]) -> tuple[Numbers, Numbers]:
    """For each case how far its confidence is above its outcome, summed by bin; and its number of answers."""
    places: dict[str, int] = {}
    for answers in groups:
        for answer in answers:
            places.setdefault(answer.case, len(places))
    gaps, counts = np.zeros((len(places), len(groups))), np.zeros(len(places))
    for number, answers in enumerate(groups):
        for answer in answers:
            gaps[places[answer.case], number] += answer.confidence - answer.right
            counts[places[answer.case]] += 1
    return gaps, counts


def _errors(weights: Numbers, gaps: Numbers, counts: Numbers) -> Numbers:
    """The calibration error of each row of weights, one weight a case."""
    errors: Numbers = np.abs(weights @ gaps).sum(axis=1) / (weights @ counts)
    return errors
