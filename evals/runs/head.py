"""The first rows of a result, in a form that every report can show and JSON can hold."""

import math
from typing import Any

from knowledge.result import Result

HEAD = 20
LONGEST_CELL = 200
MOST_COLUMNS = 50


def head(result: Result) -> tuple[tuple[Any, ...], ...]:
    """At most HEAD rows of MOST_COLUMNS cells; numbers and truth values stay what they are.

    >>> head(Result(("a", "b"), ((1, float("nan")), (True, b"\\x00\\xff"))))
    ((1, 'nan'), (True, '0x00ff'))
    """
    return tuple(tuple(_cell(cell) for cell in row[:MOST_COLUMNS]) for row in result.rows[:HEAD])


def names(result: Result) -> tuple[str, ...]:
    """The names of the columns that `head` shows."""
    return tuple(_cut(name) for name in result.columns[:MOST_COLUMNS])


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return _cut("0x" + bytes(value[:LONGEST_CELL]).hex())
    return _cut(value if isinstance(value, str) else str(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
