"""Two models on the same cases: is one better, by how much, and could the suite have shown it?

McNemar's test and the power of it look only at the discordant cases, those that one model alone gets right.
Sources: McNemar 1947; Holm 1979; Efron and Tibshirani, An Introduction to the Bootstrap, 1993.
"""

from collections.abc import Sequence
from math import ceil
from typing import Literal

import numpy as np

from evals.metrics.bootstrap import mean_interval
from evals.metrics.stats import Interval

Alternative = Literal["less", "greater", "two-sided"]


def mcnemar(won: int, lost: int, alternative: Alternative = "two-sided") -> float:
    """The exact p-value of McNemar's test.

    `won` are the cases that the candidate alone got right, `lost` those that the other model alone did. If
    both were equally good, `won` would be as heads among won + lost tosses of a coin. 'less' asks whether the
    candidate is worse: a small p says that it is. 'greater' asks whether it is better. Without discordant
    cases p is 1.

    >>> mcnemar(1, 9, "less"), round(mcnemar(1, 9), 6), mcnemar(0, 0)
    (0.0107421875, 0.021484, 1.0)
    """
    from scipy.stats import binomtest  # type: ignore[import-untyped]

    if won + lost == 0:
        return 1.0
    return float(binomtest(won, won + lost, 0.5, alternative=alternative).pvalue)


def paired_bootstrap(
    left: Sequence[float],
    right: Sequence[float],
    *,
    seed: int = 0,
    draws: int = 10_000,
    level: float = 0.95,
    one_sided: bool = False,
) -> Interval:
    """The percentile interval of mean(left - right), the cases drawn again with replacement.

    `left` and `right` hold one value in 0..1 a case, in the same order; a case with repeats counts with its
    mean. With `one_sided` each end alone holds at `level`: `low` is the lower bound that a gate asks for.
    Without cases everything is possible. Where no case differs the interval has no width, however few the
    cases: ask `detectable` whether a difference could have been seen at all. Small suites make the bound
    bold: simulated, with 5% discordant, that of a candidate 3 points worse lay above -3 points in 7% of the
    suites of 314 cases, 8% of 210 and 13% of 80, where 5% were meant.

    Raises ValueError where the two are not of one length.

    >>> paired_bootstrap([1.0] * 50 + [0.0] * 50, [1.0] * 40 + [0.0] * 60)
    Interval(low=0.05, high=0.16)
    """
    if len(left) != len(right):
        raise ValueError(f"{len(left)} cases cannot be paired with {len(right)}")
    differences = [a - b for a, b in zip(left, right, strict=True)]
    found = mean_interval(differences, seed=seed, draws=draws, level=level, one_sided=one_sided)
    return found or Interval(-1.0, 1.0)


def holm(ps: Sequence[float]) -> list[float]:
    """P-values corrected for having looked so many times, in the order given.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(ps)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(1.0, (len(ps) - rank) * ps[place]))
        corrected[place] = least
    return corrected


def chance_to_see(n: int, difference: float, discordant: float, *, level: float = 0.95) -> float:
    """The chance that McNemar's exact test, two-sided at 1 - level, sees a true `difference` in `n` cases.

    `discordant` is the share of cases that one model alone gets right; it is at least the difference. Exact:
    the number of discordant cases is binomial, and given it the number won is.
    """
    from scipy.stats import binom

    discordant = max(discordant, abs(difference))
    if n < 1 or discordant == 0:
        return 0.0
    reach = 10 * (n * discordant * (1 - discordant)) ** 0.5
    middle = n * discordant
    counts = np.arange(max(0, int(middle - reach)), min(n, ceil(middle + reach)) + 1)
    tail = (1 - level) / 2
    most = binom.ppf(tail, counts, 0.5)
    most = np.where(binom.cdf(most, counts, 0.5) <= tail, most, most - 1)
    lost = (1 - abs(difference) / discordant) / 2
    return float(np.sum(binom.pmf(counts, n, discordant) * binom.cdf(most, counts, lost)))


def detectable(n: int, discordant: float, *, power: float = 0.8, level: float = 0.95) -> float:
    """The least difference of two scores that `n` cases show with the given power, as a share.

    The test is two-sided at 1 - level; a gate that asks for the one-sided bound at 95% passes level=0.9.
    A difference above `discordant` is taken to have as large a share of discordant cases. It is 1.0 where
    nothing smaller would be seen.

    >>> [round(100 * detectable(314, share), 1) for share in (0.05, 0.1, 0.2)]
    [3.6, 5.2, 7.3]
    """
    low, high = 0.0, 1.0
    while high - low > 1e-5:
        middle = (low + high) / 2
        if chance_to_see(n, middle, discordant, level=level) >= power:
            high = middle
        else:
            low = middle
    return high


def needed(difference: float, discordant: float, *, power: float = 0.8, level: float = 0.95) -> int:
    """How many cases it takes to see a difference with the given power; the other way round of `detectable`.

    True to a few cases: the power of an exact test rises with n in small teeth.
    Raises ValueError where the difference is not within 0.0001 and 1.

    >>> needed(0.03, 0.1)
    920
    """
    if not 1e-4 <= difference <= 1:
        raise ValueError(f"a difference of {difference} cannot be seen; take a share within 0.0001 and 1")
    low, high = 1, 2
    while chance_to_see(high, difference, discordant, level=level) < power:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if chance_to_see(middle, difference, discordant, level=level) >= power:
            high = middle
        else:
            low = middle
    return high
