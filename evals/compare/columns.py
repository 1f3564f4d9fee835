"""Columns of a result as arrays, so that ten thousand rows are compared in milliseconds.

A cell is either a number or a code: the hash of its canonical text. Codes are compared exactly; numbers
exactly where both are whole, else within a tolerance.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evals.compare.cells import LARGEST_EXACT

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

RELATIVE = 1e-6
ABSOLUTE = 1e-9
_NUMBER = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_SOME = 256


@dataclass(frozen=True, eq=False)
class Column:
    """`numbers` is 0 where `is_number` is false, `codes` 0 where it is true.

    `big` says that some codes are integers beyond 2**53; then numbers as large are codes too.
    """

    numbers: Floats
    codes: Codes
    is_number: Flags
    big: bool = False

    @cached_property
    def exact(self) -> bool:
        """Whether equality needs no tolerance."""
        return not self.count or bool(is_whole(self.numbers).all())

    @cached_property
    def count(self) -> int:
        """How many cells are numbers."""
        return int(np.count_nonzero(self.is_number))

    @cached_property
    def keys(self) -> Codes:
        """One hash a cell, the same for the same text or the same number to the bit."""
        if not self.count:
            return self.codes
        hashed = mix(self.numbers.view(np.uint64) + _NUMBER)
        return hashed if self.count == len(hashed) else np.where(self.is_number, hashed, self.codes)

    @cached_property
    def bag(self) -> tuple[int, int]:
        """The cells without their order: equal for columns that hold the same keys equally often."""
        return bag(self.keys)

    @cached_property
    def rest(self) -> tuple[int, int]:
        """The cells that are no numbers, without their order."""
        return (0, 0) if self.count == len(self.codes) else bag(self.codes)

    @cached_property
    def ranked(self) -> Floats:
        return np.sort(self.numbers if self.count == len(self.numbers) else self.numbers[self.is_number])

    @cached_property
    def ends(self) -> Floats:
        """The lowest and the highest cell, numbers or 0."""
        return np.array([self.numbers.min(), self.numbers.max()])

    def beside(self, other: "Column") -> "Column":
        """The column as it is to be compared with `other`.

        Where that holds integers beyond 2**53, numbers as large are integers here too: 10**17 equals 1e17,
        but 9007199254740993 does not equal 9007199254740992.0.
        """
        return self._with_big if other.big and not self.big else self

    @cached_property
    def _with_big(self) -> "Column":
        large = np.isfinite(self.numbers) & (np.abs(self.numbers) > LARGEST_EXACT)
        codes = self.codes.copy()
        codes.view(np.int64)[large] = [integer_code(number) for number in self.numbers[large].tolist()]
        return Column(np.where(large, 0.0, self.numbers), codes, self.is_number & ~large, True)

    def may_hold(self, few: "Column") -> bool:
        """Whether each of a few cells is near one of the column's; False is certain, True is not quite."""
        if self.big or few.big:
            return True
        numbers = few.numbers[few.is_number]
        if len(numbers) and not self.count:
            return False
        if len(numbers):
            place = np.searchsorted(self.ranked, numbers)
            below = self.ranked[np.maximum(place - 1, 0)]
            above = self.ranked[np.minimum(place, self.count - 1)]
            if not (near(below, numbers) | near(above, numbers)).all():
                return False
        return bool(np.isin(few.codes[~few.is_number], self.codes).all())

    def is_round(self, decimals: int) -> bool:
        """Whether rounding leaves the column as it is."""
        some = self.numbers[:_SOME]
        return np.array_equal(_round(some, decimals), some) and (
            self.exact or np.array_equal(_round(self.numbers, decimals), self.numbers)
        )

    def rounded(self, decimals: int) -> "Column":
        return Column(_round(self.numbers, decimals) + 0.0, self.codes, self.is_number, self.big)

    def same_cells(self, other: "Column") -> bool:
        """Whether both hold the same cells row by row."""
        return self.bag == other.bag and np.array_equal(self.keys, other.keys)


def _round(numbers: Floats, decimals: int) -> Floats:
    """Numbers that have no decimals stay as they are; numpy would make the largest infinite."""
    small = np.abs(numbers) < LARGEST_EXACT
    return np.where(small, np.round(np.where(small, numbers, 0.0), decimals), numbers)


def integer_code(number: float) -> int:
    """The code of a whole number that is beyond what a float holds."""
    return hash(f"\0int {int(number):x}")


def mix(codes: Codes) -> Codes:
    """Spread the bits (the finaliser of splitmix64)."""
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return codes ^ (codes >> np.uint64(31))


def bag(keys: Codes) -> tuple[int, int]:
    """A multiset of hashes as 128 bits: two sums, in which no order counts.

    >>> bag(np.array([1, 2, 2], np.uint64)) == bag(np.array([2, 1, 2], np.uint64))
    True
    """
    mixed = mix(keys)
    return int(mixed.sum()), int((mixed * (mixed >> _HALF)).sum())


def is_whole(numbers: Floats) -> Flags:
    return np.asarray((np.floor(numbers) == numbers) & (np.abs(numbers) <= LARGEST_EXACT))


def near(left: Floats, right: Floats) -> Flags:
    """Elementwise: equal, or both finite and within the tolerance."""
    with np.errstate(invalid="ignore", over="ignore"):
        tolerance = np.maximum(RELATIVE * np.maximum(np.abs(left), np.abs(right)), ABSOLUTE)
        within = np.abs(left - right) <= tolerance
    return np.asarray((left == right) | (within & np.isfinite(left) & np.isfinite(right)))


def close(left: Floats, right: Floats) -> Flags:
    """Elementwise: whole numbers exactly, others within the tolerance.

    >>> close(np.array([1e6, 0.3]), np.array([1e6 + 1, 0.1 + 0.2])).tolist()
    [False, True]
    """
    both_whole = is_whole(left) & is_whole(right)
    return np.asarray(near(left, right) & ((left == right) | ~both_whole))


def may_match(left: Column, right: Column) -> bool:
    """Whether the two may hold the same multiset of cells; False is certain, True is not quite.

    (Ranked neighbours are the best partners under `near`, but not always under `close`.)
    """
    left, right = left.beside(right), right.beside(left)
    if left.count != right.count or left.rest != right.rest:
        return False
    if left.bag == right.bag:
        return True
    if not near(left.ends, right.ends).all() or (left.exact and right.exact):
        return False
    return bool(near(left.ranked, right.ranked).all())
