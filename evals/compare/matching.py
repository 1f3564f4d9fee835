"""Whether two tables, column by column assigned, hold the same multiset of rows."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.compare.columns import ABSOLUTE, RELATIVE, Codes, Column, Flags, Floats, bag, close, mix

Pair = tuple[Column, Column]
_ODD = np.uint64(0x9E3779B97F4A7C15)
_LARGEST_GROUP = 3000


class OutOfTimeError(Exception):
    """The comparison took longer than its budget."""


@dataclass(frozen=True)
class Deadline:
    """Counts the time that the thread computes, so that a busy machine changes no verdict."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(time.thread_time() + seconds)

    def check(self) -> None:
        if time.thread_time() > self.at:
            raise OutOfTimeError


def same_rows(pairs: Sequence[Pair], blocks: npt.NDArray[np.int64] | None, deadline: Deadline) -> bool:
    """Whether the rows of the left columns and those of the right ones match one to one.

    With `blocks` (one number a row, rising where the sort key changes) a row must also stand in its block.
    """
    deadline.check()
    pairs = [(one.beside(other), other.beside(one)) for one, other in pairs]
    count = len(pairs[0][0].numbers)
    start = np.zeros(count, np.uint64) if blocks is None else mix(blocks.astype(np.uint64) + _ODD)
    if _same_keys(start, [(one.keys, other.keys) for one, other in pairs]):
        return True
    loose = [(one, other) for one, other in pairs if not (one.exact and other.exact)]
    if not loose:
        return False
    deadline.check()
    keys = [_clustered(*pair) if pair in loose else (pair[0].keys, pair[1].keys) for pair in pairs]
    left, right = _row_keys(start, [one for one, _ in keys]), _row_keys(start, [other for _, other in keys])
    return bag(left) == bag(right) and _verify(loose, left, right, deadline)


def _same_keys(start: Codes, keys: Sequence[tuple[Codes, Codes]]) -> bool:
    """Whether the rows agree to the bit; where they do not, numbers may still be near each other."""
    left = _row_keys(start, [one for one, _ in keys])
    return bag(left) == bag(_row_keys(start, [other for _, other in keys]))


def _row_keys(start: Codes, columns: Sequence[Codes]) -> Codes:
    """One hash a row."""
    row = start
    for keys in columns:
        row = mix(row * _ODD + keys)
    return row


def _clustered(one: Column, other: Column) -> tuple[Codes, Codes]:
    """Keys that are equal for all numbers within reach of each other (and, by chains, for a few more)."""
    pool = np.concatenate([one.numbers, other.numbers])
    order = np.argsort(pool, kind="stable")
    ranked = pool[order]
    lower, upper = ranked[:-1], ranked[1:]
    reach = 1.01 * np.maximum(RELATIVE * np.maximum(np.abs(lower), np.abs(upper)), ABSOLUTE)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.isfinite(lower) & np.isfinite(upper) & (upper - lower <= reach)
    apart = (lower != upper) & ~near
    cluster = np.empty(len(pool), np.uint64)
    cluster[order] = np.concatenate([[0], np.cumsum(apart)]).astype(np.uint64)
    keys = np.where(
        np.concatenate([one.is_number, other.is_number]),
        mix(cluster + np.uint64(1)),
        np.concatenate([one.codes, other.codes]),
    )
    return keys[: len(one.numbers)], keys[len(one.numbers) :]


def _verify(loose: Sequence[Pair], left: Codes, right: Codes, deadline: Deadline) -> bool:
    """Rows with equal keys are only candidates: match them by their true numbers."""
    left_order = np.lexsort((*(one.numbers for one, _ in loose), left))
    right_order = np.lexsort((*(other.numbers for _, other in loose), right))
    fits = np.ones(len(left), np.bool_)
    for one, other in loose:
        fits &= close(one.numbers[left_order], other.numbers[right_order])
    if fits.all():
        return True
    keys = left[left_order]
    for key in np.unique(keys[~fits]):
        members = keys == key
        one_side, other_side = left_order[members], right_order[members]
        if len(one_side) > _LARGEST_GROUP:
            raise OutOfTimeError
        if not _perfect(_edges(loose, one_side, other_side), deadline):
            return False
    return True


def _edges(loose: Sequence[Pair], lefts: npt.NDArray[np.int64], rights: npt.NDArray[np.int64]) -> Flags:
    edges = np.ones((len(lefts), len(rights)), np.bool_)
    for one, other in loose:
        edges &= close(_tall(one.numbers[lefts]), other.numbers[rights])
    return edges


def _tall(numbers: Floats) -> Floats:
    return numbers[:, np.newaxis]


def _perfect(edges: Flags, deadline: Deadline) -> bool:
    """Whether a perfect matching exists (augmenting paths, breadth first)."""
    size = len(edges)
    taken_by = np.full(size, -1, np.int64)
    for start in range(size):
        deadline.check()
        came_from = np.full(size, -1, np.int64)
        seen = np.zeros(size, np.bool_)
        queue, end = [start], -1
        while queue and end < 0:
            row = queue.pop(0)
            fresh = np.flatnonzero(edges[row] & ~seen)
            seen[fresh] = True
            came_from[fresh] = row
            free = fresh[taken_by[fresh] < 0]
            if len(free):
                end = int(free[0])
            queue.extend(int(taken_by[column]) for column in fresh if taken_by[column] >= 0)
        if end < 0:
            return False
        _augment(taken_by, came_from, end, start)
    return True


def _augment(taken_by: npt.NDArray[np.int64], came_from: npt.NDArray[np.int64], end: int, start: int) -> None:
    held = {int(row): column for column, row in enumerate(taken_by) if row >= 0}
    while True:
        row = int(came_from[end])
        taken_by[end] = row
        if row == start:
            return
        end = held[row]
