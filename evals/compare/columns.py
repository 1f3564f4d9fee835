"""Columns of a result as arrays, so that ten thousand rows are compared in milliseconds.

A cell is either a number or a code: the hash of its canonical text. Codes are compared exactly; numbers
exactly where both are whole, else within a tolerance.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.compare.cells import LARGEST_EXACT, canonical, text

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

RELATIVE = 1e-6
ABSOLUTE = 1e-9
_NULL = hash("\0null")
_NEEDS_FOLDING = re.compile(r"[ T]00:00|\dT\d|:\d\d[.Z+-]| \d\d:\d\d\0")
_NUMBER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Column:
    """`numbers` is 0 where `is_number` is false, `codes` 0 where it is true."""

    numbers: Floats
    codes: Codes
    is_number: Flags

    @cached_property
    def whole(self) -> Flags:
        return _is_whole(self.numbers)

    @cached_property
    def exact(self) -> bool:
        """Whether equality needs no tolerance."""
        return bool(self.whole.all())

    @cached_property
    def keys(self) -> Codes:
        """One hash a cell; equal cells of `exact` columns have equal keys."""
        return np.where(self.is_number, mix(self.numbers.view(np.uint64) + _NUMBER), self.codes)

    @cached_property
    def signature(self) -> tuple[Codes, Floats]:
        """The column without the order of its rows."""
        return np.sort(self.codes[~self.is_number]), np.sort(self.numbers[self.is_number])

    def rounded(self, decimals: int) -> "Column":
        return Column(np.round(self.numbers, decimals) + 0.0, self.codes, self.is_number)


def mix(codes: Codes) -> Codes:
    """Spread the bits (the finaliser of splitmix64)."""
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return codes ^ (codes >> np.uint64(31))


def near(left: Floats, right: Floats) -> Flags:
    """Elementwise: equal, or both finite and within the tolerance."""
    with np.errstate(invalid="ignore"):
        tolerance = np.maximum(RELATIVE * np.maximum(np.abs(left), np.abs(right)), ABSOLUTE)
        within = np.abs(left - right) <= tolerance
    return np.asarray((left == right) | (within & np.isfinite(left) & np.isfinite(right)))


def close(left: Floats, right: Floats) -> Flags:
    """Elementwise: whole numbers exactly, others within the tolerance.

    >>> close(np.array([1e6, 0.3]), np.array([1e6 + 1, 0.1 + 0.2])).tolist()
    [False, True]
    """
    both_whole = _is_whole(left) & _is_whole(right)
    return np.asarray(near(left, right) & ((left == right) | ~both_whole))


def may_match(left: Column, right: Column) -> bool:
    """Whether the two may hold the same multiset of cells; False is certain, True is not quite.

    (Sorted neighbours are the best partners under `near`, but not always under `close`.)
    """
    left_codes, left_numbers = left.signature
    right_codes, right_numbers = right.signature
    if len(left_codes) != len(right_codes) or not np.array_equal(left_codes, right_codes):
        return False
    if left.exact and right.exact:
        return np.array_equal(left_numbers, right_numbers)
    return bool(near(left_numbers, right_numbers).all())


def columns_of(rows: Sequence[Sequence[Any]], *, big: bool = False) -> list[Column]:
    """The columns of `rows`, of which there is one at least.

    `big` says that integers beyond 2**53 are about: then floats that large are taken as integers too, so
    that 10**17 equals 1e17, but 9007199254740993 does not equal 9007199254740992.0.
    """
    return [_column(values, big) for values in zip(*rows, strict=True)]


def has_big_integers(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether any integer is beyond what a float can hold."""
    return any(_any_big(values) for values in zip(*rows, strict=True))


def _is_whole(numbers: Floats) -> Flags:
    return np.asarray((np.floor(numbers) == numbers) & (np.abs(numbers) <= LARGEST_EXACT))


def _any_big(values: Sequence[Any]) -> bool:
    kinds = set(map(type, values))
    if kinds == {int}:
        return bool(max(values) > LARGEST_EXACT or min(values) < -LARGEST_EXACT)
    if not any(issubclass(kind, int | Decimal) or hasattr(kind, "item") for kind in kinds):
        return False
    return any(type(cell) is int and abs(cell) > LARGEST_EXACT for cell in map(canonical, values))


def _column(values: Sequence[Any], big: bool) -> Column:
    kinds = set(map(type, values))
    count = len(values)
    if kinds <= {int, float} and not big:
        numbers = np.fromiter(values, np.float64, count) + 0.0
        if not np.isnan(numbers).any():
            return Column(numbers, np.zeros(count, np.uint64), np.ones(count, np.bool_))
    if kinds == {str}:
        codes = np.fromiter(map(hash, _texts(values)), np.int64, count).view(np.uint64)
        return Column(np.zeros(count), codes, np.zeros(count, np.bool_))
    return _mixed(values, big)


def _texts(values: Sequence[str]) -> Sequence[str]:
    joined = "\0".join(values) + "\0"
    plain = joined.isascii() and " \0" not in joined and not _NEEDS_FOLDING.search(joined)
    return values if plain else [text(value) for value in values]


def _mixed(values: Sequence[Any], big: bool) -> Column:
    count = len(values)
    numbers, codes = np.zeros(count), np.zeros(count, np.int64)
    is_number = np.zeros(count, np.bool_)
    for place, value in enumerate(values):
        cell = canonical(value)
        if cell is None:
            codes[place] = _NULL
        elif isinstance(cell, str):
            codes[place] = hash(cell)
        elif abs(cell) > LARGEST_EXACT and (type(cell) is int or (big and isfinite(cell))):
            codes[place] = hash(f"\0int {int(cell)}")
        else:
            numbers[place] = cell
            is_number[place] = True
    return Column(numbers + 0.0, codes.view(np.uint64), is_number)
