"""Logistic regression with a ridge, weights of rows and an offset, by Newton's method."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_STEPS = 30


def fit(
    rows: Numbers, right: Numbers, *, weight: Numbers, offset: Numbers, ridge: float
) -> tuple[float, Numbers]:
    """(bias, coefficients) for rows of features (n, k); the ridge holds for standardised features alone.

    >>> rows, right = np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([0.0, 0.0, 1.0, 1.0])
    >>> bias, coefficients = fit(rows, right, weight=np.ones(4), offset=np.zeros(4), ridge=1.0)
    >>> bool(bias < 0 < coefficients[0])
    True
    """
    scale = rows.std(axis=0)
    scale[scale == 0] = 1.0
    design = np.column_stack([np.ones(len(rows)), rows / scale])
    penalty = np.diag([1e-9, *[ridge] * rows.shape[1]])
    weight = weight * len(weight) / weight.sum()
    found = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(design @ found + offset)))
        slope = design.T @ (weight * (right - chance)) - penalty @ found
        curve = (design * (weight * chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.solve(curve, slope)
        found += step
        if np.abs(step).max() < 1e-8:
            break
    return float(found[0]), found[1:] / scale
