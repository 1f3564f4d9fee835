"""Columns and values of a result, as people like to read them."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from knowledge.result import Kind, Result

NULL = "\N{EN DASH}"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([ T]00:00(:00(\.0+)?)?)?")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
_PERIOD = re.compile(r"\d{4}-(\d{2}|Q[1-4]|W\d{2})|\d{4} ?Q[1-4]")
_NAMES_ONE = re.compile(r"(^|_)(id|key|code|sku|year|zip|postcode|number|no)$", re.I)


def kinds(result: Result) -> tuple[Kind, ...]:
    """One kind for each column, from its values; a column of NULLs alone is 'other'."""
    return tuple(
        _kind(name, [row[place] for row in result.rows if row[place] is not None])
        for place, name in enumerate(result.columns)
    )


def _kind(name: str, values: list[Any]) -> Kind:
    if not values:
        return "other"
    if all(isinstance(v, bool) for v in values):
        return "bool"
    if all(isinstance(v, int | float | Decimal) for v in values):
        years = all(float(v).is_integer() and 1900 <= v <= 2100 for v in values)
        return "date" if years and re.search(r"(^|_)year$", name, re.I) else "number"
    if all(isinstance(v, dt.date | dt.datetime) for v in values):
        return "time" if any(isinstance(v, dt.datetime) and v.time() != dt.time() for v in values) else "date"
    if not all(isinstance(v, str) for v in values):
        return "other"
    if all(_DATE.fullmatch(v) or _PERIOD.fullmatch(v) for v in values):
        return "date"
    return "time" if all(_TIME.fullmatch(v) for v in values) else "text"


def is_measure(name: str, kind: Kind) -> bool:
    """A number that can be summed or compared, not one that names a thing."""
    return kind == "number" and not _NAMES_ONE.search(name)


def text(value: Any) -> str:
    """One value on one line."""
    if value is None:
        return NULL
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, str):
        plain = value[:10] if _DATE.fullmatch(value) else value
        return re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in plain))
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return str(value)


def number(value: Any, places: int | None = None) -> str:
    """With thousands separators: 1234.5 -> '1,234.50'."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NULL
    if isinstance(value, float) and math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{value:,.{decimals([value]) if places is None else places}f}"


def decimals(values: Sequence[Any]) -> int:
    """How many decimals the numbers of one column share: none for whole ones, four for small ones."""
    numbers = [float(v) for v in values if v is not None and math.isfinite(v)]
    if all(n.is_integer() for n in numbers):
        return 0
    return 4 if max(map(abs, numbers)) < 1 else 2
