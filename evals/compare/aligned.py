"""Rows that are equal as they stand, or once a key has brought them into one order.

These are the usual right answers; comparing them so costs a few milliseconds for ten thousand rows.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.compare.assigning import Names
from evals.compare.reading import Cells, cells_of


def row_by_row(wanted: Sequence[Cells], given: Sequence[Cells], names: Names) -> tuple[int | None, ...]:
    """For each gold column a column of the answer that is equal as it stands, None where there is none."""
    if len(wanted) == len(given) and _alike(wanted[0].rows, given[0].rows):
        return tuple(range(len(wanted)))
    places: list[int | None] = []
    for index, cells in enumerate(wanted):
        free = (place for place in names.preferred(index) if place not in places)
        places.append(next((place for place in free if _equal(cells, given[place])), None))
    return tuple(places)


def by_key(
    wanted: Sequence[Cells], given: Sequence[Cells], names: Names, equal: Sequence[int | None]
) -> tuple[int | None, ...]:
    """`row_by_row` after the answer was sorted as the gold is, by the first column of different numbers.

    `equal` is what `row_by_row` has found: where it names that column, or more than half of all, the rows
    are in one order already.
    """
    if sum(place is not None for place in equal) > len(equal) / 2:
        return tuple(equal)
    for index, key in enumerate(wanted):
        order = _order(key)
        if order is None:
            continue
        if equal[index] is not None:
            return tuple(equal)
        ranked = key.column.numbers[order]
        for place in names.preferred(index):
            other = given[place]
            if (theirs := _order(other)) is not None and np.array_equal(other.column.numbers[theirs], ranked):
                rows = itemgetter(*_moved(order, theirs), 0)(other.rows)[:-1]
                return row_by_row(wanted, cells_of(rows, len(given)), names)
        break
    return tuple(equal)


def _order(cells: Cells) -> npt.NDArray[np.int64] | None:
    """The order that sorts a column of numbers; None where it is none, or where two are the same."""
    if not cells.all_numbers:
        return None
    order = np.argsort(cells.column.numbers)
    ranked = cells.column.numbers[order]
    return None if (ranked[1:] == ranked[:-1]).any() else order


def _moved(to: npt.NDArray[np.int64], order: npt.NDArray[np.int64]) -> list[int]:
    """Where the rows come from that are at `order` and belong to `to`.

    >>> _moved(np.array([2, 0, 1]), np.array([0, 1, 2]))
    [1, 2, 0]
    """
    places = np.empty_like(to)
    places[to] = order
    return list(places.tolist())


def _equal(one: Cells, other: Cells) -> bool:
    return _alike(one.sample, other.sample) and _alike(one.values, other.values)


def _alike(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Equal to Python; what Python cannot compare is left to others."""
    try:
        return bool(one == other)
    except (TypeError, ValueError, ArithmeticError):
        return False
