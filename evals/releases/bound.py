"""How much worse a candidate may truly be, also where few cases differ.

The bootstrap draws from the cases that were seen: where none of 20 differs, it says that none ever will.
Tango's score interval says what 20 cases can say.
Source: Tango, Equivalence test and confidence interval for the difference in proportions for the
paired-sample design, Statistics in Medicine 17, 1998.
"""

from math import sqrt

Z_ONE_SIDED = 1.6448536269514722  # 95%, one-sided


def score_lower(won: float, lost: float, cases: int, z: float = Z_ONE_SIDED) -> float:
    """The one-sided lower bound of the difference of two shares of the same cases, by Tango's score.

    `won` and `lost` are the sums of what single cases gained and lost; without repeats, their counts.
    Everything is possible without cases.

    >>> round(score_lower(0, 0, 20), 3), round(score_lower(0, 0, 200), 3), round(score_lower(3, 12, 300), 3)
    (-0.119, -0.013, -0.054)
    """
    if cases == 0:
        return -1.0
    low, high = -1.0, (won - lost) / cases
    for _ in range(60):
        middle = (low + high) / 2
        if _score(won, lost, cases, middle) > z:
            low = middle
        else:
            high = middle
    return high


def _score(won: float, lost: float, cases: int, difference: float) -> float:
    """How many standard errors the difference that was seen lies above `difference`."""
    spread = difference * (1 - difference)
    linear = (2 * cases - won + lost) * difference - won - lost
    root = sqrt(max(0.0, linear * linear + 8 * cases * lost * spread))
    lost_share = (root - linear) / (4 * cases)
    variance = cases * (2 * lost_share + spread)
    distance = won - lost - cases * difference
    return distance / sqrt(variance) if variance > 0 else (0.0 if distance <= 0 else float("inf"))
