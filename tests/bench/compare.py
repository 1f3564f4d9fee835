"""How long the comparison of two results takes: the cases of which the reference's speed is published."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from evals.compare import compare
from evals.verdict import Verdict
from knowledge.result import Result
from tests.bench.row import Row, of_series

TITLE = "Comparing two results of 5 columns"
SLOWEST, FASTEST = 3, 55
"""Comparisons a second of the reference on 10,000 rows x 5, as published. They are not measured here."""
_ROWS, _TIMES, _AT_LEAST = 10_000, 25, 5
_MILLION, _BUDGET = 1_000_000, 2.0
_NAMES = tuple("abcde")
_NOTE = (
    f"The reference's package is in no registry: ours is held against its published speed, {SLOWEST} to "
    f"{FASTEST} a second; the goal is {_AT_LEAST} times the faster end. 'pandas' sorts two ready frames and "
    "asks whether they are equal, in this very run; it is a yardstick, not the reference. All seconds "
    "are those of the processor, as the budget's are, so that a busy machine makes no difference."
)

Rows = list[tuple[Any, ...]]
Found = TypeVar("Found")


def measure(_: Path) -> list[Row]:
    rows = [_speed(case, gold, answer, right) for case, gold, answer, right in cases(_ROWS)]
    rows += [Row("pandas, shuffled: sort both, compare", _pandas(), note=_NOTE)]
    return rows + [
        Row(f"{case}, a million rows", _once(gold, answer, right), goal=_BUDGET)
        for case, gold, answer, right in cases(_MILLION)
    ]


def cases(count: int) -> Iterator[tuple[str, Result, Result, Verdict]]:
    """Each case with its gold, an answer of cells of its own, and the verdict it must have."""
    rows = table(count)
    gold = Result(_NAMES, tuple(rows))
    wrong = list(rows)
    wrong[count // 2] = (*wrong[count // 2][:2], wrong[count // 2][2] + 1, *wrong[count // 2][3:])
    shuffled = random.Random(3).sample(rows, count)
    yield "identical", gold, Result(_NAMES, _copied(rows)), Verdict.EXACT
    yield "shuffled", gold, Result(_NAMES, _copied(shuffled)), Verdict.EXACT
    yield "renamed", gold, Result(tuple("vwxyz"), _copied(rows)), Verdict.EXACT
    extra = tuple((*row, place) for place, row in enumerate(_copied(rows)))
    yield "extra column", gold, Result((*_NAMES, "more"), extra), Verdict.SUPERSET
    yield "one wrong cell", gold, Result(_NAMES, _copied(wrong)), Verdict.WRONG


def table(count: int) -> Rows:
    """A number, a text, a fraction, a moment and a small number in each row."""
    chance = random.Random(7)
    return [
        (
            place,
            f"name {place % 977}",
            chance.random() * 1000,
            f"2024-01-{1 + place % 28:02} 10:{place % 60:02}:00",
            place % 50,
        )
        for place in range(count)
    ]


def _copied(rows: Rows) -> tuple[tuple[Any, ...], ...]:
    """The same values as other objects, as a driver would give them."""
    return tuple((a + 0, b[:1] + b[1:], c + 0.0, d[:1] + d[1:], e + 0) for a, b, c, d, e in rows)


def _speed(case: str, gold: Result, answer: Result, right: Verdict) -> Row:
    seconds = [_once(gold, answer, right) for _ in range(_TIMES)]
    rate = 1 / statistics.median(seconds)
    what = f"{case}: {rate:.0f}/s, {rate / FASTEST:.0f} to {rate / SLOWEST:.0f} times the reference"
    return of_series(what, seconds, goal=1 / (_AT_LEAST * FASTEST))


def _once(gold: Result, answer: Result, right: Verdict) -> float:
    found, seconds = _timed(lambda: compare(gold, answer))
    if found.verdict is not right:
        raise RuntimeError(
            f"the comparison says {found.verdict.value} ({found.why}) instead of {right.value}"
        )
    return seconds


def _pandas() -> float:
    import pandas as pd

    rows = table(_ROWS)
    left = pd.DataFrame(rows, columns=list(_NAMES))
    right = pd.DataFrame(random.Random(3).sample(rows, _ROWS), columns=list(_NAMES))

    def same() -> bool:
        one, other = (frame.sort_values(list(_NAMES), ignore_index=True) for frame in (left, right))
        return bool(one.equals(other))

    return statistics.median(_timed(same)[1] for _ in range(5))


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    begun = time.thread_time()
    found = work()
    return found, time.thread_time() - begun
