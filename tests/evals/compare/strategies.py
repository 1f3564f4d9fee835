"""Results to try the comparison on."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from knowledge.result import Result

Rows = list[tuple[Any, ...]]

ANY_CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.decimals(allow_nan=True, places=4),
    st.text(max_size=4),
    st.sampled_from(["", "a", "A", "1", "é", "e\u0301", "2024-01-01", "2024-01-01 00:00:00", "[1, 2]", "{"]),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, dt.UTC, dt.timezone(dt.timedelta(hours=-5, minutes=30))])),
    st.times(),
    st.timedeltas(),
    st.binary(max_size=3),
    st.lists(st.integers(0, 2), max_size=2),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 1), max_size=2),
)
"""Whatever a driver may give, near and far."""

APART: tuple[Any, ...] = (
    *(None, 0, 1, -3, 2**53, 2**60, 2**60 + 1, 0.5, 0.001, 1e300, float("inf"), Decimal("2.25")),
    *("", "a", "A", "1", "0.5", "null", " a", "é", "2024-01-01", "2024-01-01 10:30:00", "10:30:00"),
    *(dt.date(2025, 2, 3), dt.datetime(2025, 2, 3, 4, 5, 6), dt.timedelta(seconds=7), b"a"),
    *([1, 2], [2, 1], {"a": 1}, {"a": 2}),
)
"""Cells of which no two are equal, nor near."""


@st.composite
def results(
    draw: st.DrawFn, cells: st.SearchStrategy[Any] = ANY_CELL, width: int = 4, height: int = 6
) -> Result:
    columns = draw(st.integers(1, width))
    rows = draw(st.lists(st.tuples(*[cells] * columns), min_size=1, max_size=height))
    return Result(tuple(f"c{place}" for place in range(columns)), tuple(rows))


def apart(width: int = 4, height: int = 6) -> st.SearchStrategy[Result]:
    """Results in which two cells are the same one or far from each other."""
    return results(st.sampled_from(APART), width, height)


@st.composite
def rearranged(draw: st.DrawFn, result: Result, extra: int = 0, *, renamed: bool = True) -> Result:
    """The same rows and columns in another order, with more columns, under other names or their own."""
    added = [draw(ANY_CELL) for _ in range(extra * len(result.rows))]
    wider = [(*row, *added[place :: len(result.rows)]) for place, row in enumerate(result.rows)]
    rows = draw(st.permutations(wider))
    columns = draw(st.permutations(range(len(result.columns) + extra)))
    named = (*result.columns, *(f"more {place}" for place in range(extra)))
    names = tuple(
        f"other {place % draw(st.integers(1, 9))}" if renamed else named[place] for place in columns
    )
    return Result(names, tuple(tuple(row[place] for place in columns) for row in rows))


def respelled(draw: st.DrawFn, value: Any) -> Any:
    """The same cell as another driver, or another query, would give it."""
    spellings = [value]
    if value is None:
        spellings += [float("nan"), Decimal("NaN")]
    elif isinstance(value, bool | int) and abs(value) < 2**53:
        spellings += [int(value), float(value), Decimal(int(value))]
        spellings += [bool(value)] if value in (0, 1) else []
    elif isinstance(value, str):
        spellings += [f"{value}  "]
    elif isinstance(value, dt.datetime) and value.tzinfo is None:
        zone = dt.timezone(dt.timedelta(hours=draw(st.integers(-12, 12))))
        there = value.replace(tzinfo=dt.UTC).astimezone(zone)
        spellings += [there, str(there), there.isoformat(), str(value), f"{value.isoformat()}Z"]
    elif isinstance(value, dt.date):
        spellings += [
            dt.datetime(value.year, value.month, value.day),
            str(value),
            f"{value} 00:00:00",
            f"{value}T00:00Z",
        ]
    elif isinstance(value, list):
        spellings += [str(value), tuple(value), [float(item) for item in value]]
    elif isinstance(value, dict):
        spellings += [str(value).replace("'", '"'), {key: float(item) for key, item in value.items()}]
    return draw(st.sampled_from(spellings))
