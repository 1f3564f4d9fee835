"""The numbers in a column of a result."""

from collections.abc import Iterator
from decimal import Decimal

from knowledge.result import Result


def numbers(result: Result, place: int) -> Iterator[float]:
    """The finite numbers of one column; whatever else stands there is passed over."""
    for row in result.rows:
        cell = row[place]
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            number = float(cell)
            if number - number == 0:
                yield number
