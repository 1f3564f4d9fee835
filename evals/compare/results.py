"""Is this result the expected one? A pure comparison; names and the order of columns do not matter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.compare.aligned import by_key, row_by_row
from evals.compare.assigning import Names, Options, assigned
from evals.compare.matching import Deadline, OutOfTimeError
from evals.compare.reading import cells_of
from evals.verdict import Verdict
from knowledge.result import Result

EXTRA_COLUMNS = 2
ROUNDINGS = (2, 3, 4)


@dataclass(frozen=True)
class Comparison:
    """`columns` names, for each gold column, the place of the answer's column that stands for it.

    `rounded` marks a wrong answer that is equal once both are rounded to 2, 3 or 4 decimals.
    """

    verdict: Verdict
    why: str = ""
    columns: tuple[int, ...] = ()
    rounded: bool = False


def compare(
    gold: Result, answer: Result, *, blocks: Sequence[int] | None = None, budget_s: float = 2.0
) -> Comparison:
    """Compare `answer` with `gold`.

    Rows are a multiset. Each gold column must be found among the answer's; a few more columns do no harm.
    `blocks`, one number for each gold row, makes the order count: rows of one block (a tie) may swap places,
    others may not. Without it no order counts.

    >>> gold = Result(("country", "n"), (("DE", 2), ("AT", 1)))
    >>> compare(gold, Result(("n", "c"), ((1, "AT"), (2, "DE")))).verdict.value
    'exact'
    """
    if not gold.rows:
        return Comparison(Verdict.VACUOUS, "the gold gives no rows")
    mismatch = _shapes(gold, answer)
    if mismatch:
        return Comparison(Verdict.WRONG, mismatch)
    deadline = Deadline.after(budget_s)
    ranks = None if blocks is None else np.asarray(blocks, np.int64)
    try:
        return _contents(gold, answer, ranks, deadline)
    except OutOfTimeError:
        return Comparison(Verdict.UNDECIDED, f"the comparison took longer than {budget_s:g} s")


def _shapes(gold: Result, answer: Result) -> str:
    wanted, given = len(gold.columns), len(answer.columns)
    if len(gold.rows) != len(answer.rows):
        return f"{_count(len(answer.rows), 'row')} instead of {len(gold.rows)}"
    if given < wanted:
        return f"{_count(given, 'column')} instead of {wanted}"
    if given > wanted + max(EXTRA_COLUMNS, wanted):
        return f"{_count(given, 'column')}, too many for {wanted}"
    return ""


def _contents(
    gold: Result, answer: Result, ranks: npt.NDArray[np.int64] | None, deadline: Deadline
) -> Comparison:
    right = Verdict.EXACT if len(answer.columns) == len(gold.columns) else Verdict.SUPERSET
    names = Names(gold.columns, answer.columns)
    wanted, given = cells_of(gold.rows, len(gold.columns)), cells_of(answer.rows, len(answer.columns))
    equal = row_by_row(wanted, given, names)
    if found := _complete(equal, names):
        return Comparison(right, columns=found)
    deadline.check()
    if ranks is None and (found := _complete(by_key(wanted, given, names, equal), names)):
        return Comparison(right, columns=found)
    deadline.check()
    for index, place in enumerate(equal):
        if place is not None:
            given[place] = wanted[index]
    options = Options(wanted, given, deadline, equal)
    found = assigned(options, names, ranks, deadline)
    if found is not None:
        return Comparison(right, columns=found)
    try:
        return _wrong(options, names, ranks, gold.columns, deadline)
    except OutOfTimeError:
        return Comparison(Verdict.WRONG, "the rows do not agree")


def _complete(places: Sequence[int | None], names: Names) -> tuple[int, ...] | None:
    """The assignment, where there is one for each gold column and it swaps no names."""
    found = tuple(place for place in places if place is not None)
    return None if len(found) < len(places) or names.swapped(dict(enumerate(found))) else found


def _wrong(
    options: Options,
    names: Names,
    ranks: npt.NDArray[np.int64] | None,
    gold_names: Sequence[str],
    deadline: Deadline,
) -> Comparison:
    """Why it is wrong."""
    if options.lost:
        why = f"no column holds the values of {', '.join(gold_names[index] for index in options.lost)}"
        return Comparison(Verdict.WRONG, why, rounded=_equal_rounded(options, names, ranks, deadline))
    if ranks is not None and assigned(options, names, None, deadline) is not None:
        return Comparison(Verdict.WRONG, "the right rows in the wrong order")
    nameless = Names(gold_names, [""] * len(options.given))
    if assigned(options, nameless, ranks, deadline) is not None:
        return Comparison(Verdict.WRONG, "the right columns under each other's names")
    why = "each column is there, but the rows do not agree"
    return Comparison(Verdict.WRONG, why, rounded=_equal_rounded(options, names, ranks, deadline))


def _equal_rounded(
    options: Options, names: Names, ranks: npt.NDArray[np.int64] | None, deadline: Deadline
) -> bool:
    """Whether one side is rounded already and the other comes to the same when it is rounded too."""
    for decimals in ROUNDINGS:
        rounded = options.rounded(decimals)
        if rounded is not None and assigned(rounded, names, ranks, deadline) is not None:
            return True
    return False


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
