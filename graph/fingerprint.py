"""When are two results the same? Order of rows and of columns, and how a number is written, do not count."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from knowledge.result import Result


def fingerprint(result: Result) -> str:
    """A hash of the rows as a multiset, with the columns in an order that depends on their cells alone.

    >>> one = Result(("name", "n"), (("Berlin", 2), ("London", 3)))
    >>> other = Result(("count", "city"), ((3.0, "London"), (2.0, "Berlin")))
    >>> fingerprint(one) == fingerprint(other)
    True
    """
    rows = [[_cell(value) for value in row] for row in result.rows]
    columns = sorted(range(len(result.columns)), key=lambda place: sorted(row[place] for row in rows))
    lines = sorted("\x1f".join(row[place] for place in columns) for row in rows)
    return _hash([str(len(result.columns)), *lines])


def _cell(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"n{int(value)}"
    if isinstance(value, int | float | Decimal):
        return f"n{float(value):.10g}"
    if isinstance(value, dt.datetime):
        return "t" + value.isoformat(" ").removesuffix(" 00:00:00")
    return f"t{value}"


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
