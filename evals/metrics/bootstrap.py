"""The bootstrap: how far a figure may be off, seen by drawing the cases again with replacement."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from evals.metrics.stats import Interval

Numbers = npt.NDArray[np.float64]
_CELLS = 2_000_000


def resamples(counts: Sequence[int], *, seed: int = 0, draws: int = 10_000) -> Iterator[Numbers]:
    """How often each kind of case is drawn, one row a draw, in chunks that fit in memory.

    `counts` says how many cases are of each kind. Drawing sum(counts) cases with replacement and counting
    the kinds is one multinomial draw: the same distribution, without the cases themselves.
    """
    total = sum(counts)
    shares = np.asarray(counts, np.float64) / total
    generator = np.random.default_rng(seed)
    chunk = max(1, _CELLS // len(counts))
    for start in range(0, draws, chunk):
        yield generator.multinomial(total, shares, size=min(chunk, draws - start)).astype(np.float64)


def mean_interval(
    values: Sequence[float],
    *,
    seed: int = 0,
    draws: int = 10_000,
    level: float = 0.95,
    one_sided: bool = False,
) -> Interval | None:
    """The percentile interval of the mean of one value a case; None without values.

    >>> mean_interval([1.0] * 80 + [0.0] * 20)
    Interval(low=0.72, high=0.88)
    """
    if not len(values):
        return None
    kinds, counts = np.unique(np.asarray(values, np.float64), return_counts=True)
    means = [chunk @ kinds for chunk in resamples(counts.tolist(), seed=seed, draws=draws)]
    return quantiles(np.concatenate(means) / len(values), level, one_sided=one_sided)


def quantiles(estimates: Numbers, level: float, *, one_sided: bool = False) -> Interval:
    """Between the two ends lies `level` of the estimates; `one_sided`: beyond each end alone, 1 - level."""
    tail = (1 - level) if one_sided else (1 - level) / 2
    low, high = np.quantile(estimates, (tail, 1 - tail))
    return Interval(float(low), float(high))
