"""Rows as a driver gave them, read into columns: a column of one type at once, others cell by cell."""

from array import array
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from math import isfinite
from operator import itemgetter
from typing import Any

import numpy as np

from evals.compare.cells import LARGEST_EXACT, canonical, text
from evals.compare.columns import Codes, Column, Floats, integer_code

NULL = np.int64(hash("\0null")).view(np.uint64)

Values = Sequence[Any]
Rows = Sequence[Sequence[Any]]


class Cells:
    """The cells of one column, taken out of their rows and read into a `Column` where that is asked for.

    With `decimals` the numbers are rounded.
    """

    def __init__(self, rows: Rows, place: int, decimals: int | None = None) -> None:
        self.rows, self.place, self._decimals = rows, place, decimals

    @cached_property
    def values(self) -> Values:
        return list(map(itemgetter(self.place), self.rows))

    @property
    def sample(self) -> Values:
        """The first cell, one from the middle and the last."""
        return tuple(self.rows[row][self.place] for row in (0, len(self.rows) // 2, -1))

    @cached_property
    def joined(self) -> str | None:
        """All texts in one, each with a NUL behind it; None where not every cell is a text."""
        try:
            return "\0".join(self.values) + "\0" if isinstance(self.rows[0][self.place], str) else None
        except TypeError:
            return None

    @cached_property
    def column(self) -> Column:
        if self.joined is not None:
            return _of_codes(_hashes(_folded(self.values, self.joined)))
        return self._rounded(read(self.values))

    @property
    def few(self) -> Column:
        """A few of the cells, the same for every column of the same rows."""
        return self._rounded(read(self.sample))

    @property
    def exact(self) -> bool:
        """Whether equality needs no tolerance."""
        return self.joined is not None or self.column.exact

    @property
    def all_numbers(self) -> bool:
        return self.joined is None and self.column.count == len(self.rows)

    def is_round(self, decimals: int) -> bool:
        """Whether rounding leaves the cells as they are."""
        return self.exact or self.column.is_round(decimals)

    def rounded(self, decimals: int) -> "Cells":
        return Cells(self.rows, self.place, decimals)

    def _rounded(self, column: Column) -> Column:
        return column if self._decimals is None else column.rounded(self._decimals)


def cells_of(rows: Rows, width: int) -> list[Cells]:
    """The cells of rows column by column."""
    return [Cells(rows, place) for place in range(width)]


def read(values: Values) -> Column:
    """Read one column, which has one cell at least."""
    first = values[0]
    try:
        if isinstance(first, str):
            return _of_codes(_hashes(_folded(values, "\0".join(values) + "\0")))
        if isinstance(first, int | float | Decimal) and (found := _numeric(values)):
            return found
    except (TypeError, ValueError, OverflowError):
        pass
    kinds = set(map(type, values))
    if kinds == {date}:
        return _of_codes(_hashes(list(map(str, values))))
    if kinds == {datetime}:
        return _of_codes(_hashes(_moments(values)))
    return _with_nulls(values) if type(None) in kinds else _slowly(values)


def _numeric(values: Values) -> Column | None:
    """None where an integer is beyond what a float holds; raises TypeError where a value is no number."""
    numbers = _floats(values)
    codes, is_number = np.zeros(len(numbers), np.uint64), np.ones(len(numbers), np.bool_)
    if np.isnan(numbers.max()):
        missing = np.isnan(numbers)
        numbers[missing], codes[missing], is_number[missing] = 0.0, NULL, False
    highest = max(numbers.max(), -numbers.min())
    if highest >= LARGEST_EXACT and not all(isinstance(value, float) for value in values):
        return None
    return Column(numbers, codes, is_number)


def _floats(values: Values) -> Floats:
    if type(values[0]) is int:
        try:
            return np.frombuffer(array("q", values), np.int64).astype(np.float64)
        except TypeError:
            pass
    return np.frombuffer(array("d", values), np.float64) + 0.0


def _with_nulls(values: Values) -> Column:
    count = len(values)
    numbers, codes, is_number = np.zeros(count), np.full(count, NULL), np.zeros(count, np.bool_)
    if known := tuple(value for value in values if value is not None):
        inner = read(known)
        there = np.fromiter((value is not None for value in values), np.bool_, count)
        numbers[there], codes[there], is_number[there] = inner.numbers, inner.codes, inner.is_number
        return Column(numbers, codes, is_number, inner.big)
    return Column(numbers, codes, is_number)


def _of_codes(codes: Codes) -> Column:
    return Column(np.zeros(len(codes)), codes, np.zeros(len(codes), np.bool_))


def _hashes(texts: Sequence[str]) -> Codes:
    return np.fromiter(map(hash, texts), np.int64, len(texts)).view(np.uint64)


def _folded(values: Sequence[str], joined: str) -> Sequence[str]:
    """The canonical texts; most columns hold nothing that could be spelled otherwise."""
    if not joined.isascii() or "[" in joined or "{" in joined or (" " in joined and " \0" in joined):
        return list(map(text, values))
    if ":" not in joined:
        return values
    if _all_timestamps(joined, len(values)):
        return _without_midnights(values, joined)
    return list(map(text, values))


def _moments(values: Sequence[datetime]) -> Sequence[str]:
    texts = list(map(str, values))
    joined = "\0".join(texts) + "\0"
    if _all_timestamps(joined, len(texts)):
        return _without_midnights(texts, joined)
    return [str(canonical(value)) for value in values]


def _without_midnights(values: Sequence[str], joined: str) -> Sequence[str]:
    if " 00:00:00\0" not in joined:
        return values
    return [value[:10] if value.endswith(" 00:00:00") else value for value in values]


def _all_timestamps(joined: str, count: int) -> bool:
    """Whether each text has the length of 2024-01-31 10:30:00, and its signs in their places."""
    return len(joined) == 20 * count and all(joined[place::20] == sign * count for place, sign in _SIGNS)


_SIGNS = ((19, "\0"), (4, "-"), (7, "-"), (10, " "), (13, ":"), (16, ":"))


def _slowly(values: Values) -> Column:
    count = len(values)
    cells = list(map(canonical, values))
    numbers: Floats = np.zeros(count)
    codes, is_number = np.zeros(count, np.int64), np.zeros(count, np.bool_)
    big = any(type(cell) is int and abs(cell) > LARGEST_EXACT for cell in cells)
    for place, cell in enumerate(cells):
        if cell is None:
            codes[place] = NULL.view(np.int64)
        elif isinstance(cell, str):
            codes[place] = hash(cell)
        elif big and abs(cell) > LARGEST_EXACT and (type(cell) is int or isfinite(cell)):
            codes[place] = integer_code(cell)
        else:
            numbers[place] = cell
            is_number[place] = True
    return Column(numbers + 0.0, codes.view(np.uint64), is_number, big)
