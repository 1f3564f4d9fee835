"""Is this result the expected one? A pure comparison; names and the order of columns do not matter."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.compare.columns import Column, columns_of, has_big_integers, may_match
from evals.compare.matching import Deadline, OutOfTimeError, same_rows
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
    big = has_big_integers(gold.rows) or has_big_integers(answer.rows)
    wanted = columns_of(gold.rows, big=big)
    given = columns_of(answer.rows, big=big)
    names = _Names(gold.columns, answer.columns)
    found = _assign(wanted, given, names, ranks, deadline)
    if found is not None:
        verdict = Verdict.EXACT if len(given) == len(wanted) else Verdict.SUPERSET
        return Comparison(verdict, columns=found)
    if ranks is not None and _assign(wanted, given, names, None, deadline) is not None:
        return Comparison(Verdict.WRONG, "the right rows in the wrong order")
    nameless = _Names(gold.columns, [""] * len(given))
    if _assign(wanted, given, nameless, ranks, deadline) is not None:
        return Comparison(Verdict.WRONG, "the right columns under each other's names")
    why = _missing(wanted, given, gold.columns)
    return Comparison(Verdict.WRONG, why, rounded=_equal_rounded(wanted, given, names, ranks, deadline))


def _assign(
    wanted: list[Column],
    given: list[Column],
    names: "_Names",
    ranks: npt.NDArray[np.int64] | None,
    deadline: Deadline,
) -> tuple[int, ...] | None:
    """An injective assignment of gold columns to the answer's under which the whole rows agree."""
    options = [
        [place for place in names.preferred(index) if may_match(column, given[place])]
        for index, column in enumerate(wanted)
    ]
    if not all(options):
        return None
    order = sorted(range(len(wanted)), key=lambda index: len(options[index]))

    def agree(chosen: dict[int, int]) -> bool:
        pairs = [(wanted[index], given[place]) for index, place in chosen.items()]
        return same_rows(pairs, ranks, deadline)

    unsure = any(len(places) > 1 for places in options)
    for chosen in _assignments(order, options, given, agree if unsure else _always):
        if names.swapped(chosen) or not (unsure or agree(chosen)):
            continue
        return tuple(chosen[index] for index in range(len(wanted)))
    return None


def _assignments(
    order: list[int],
    options: list[list[int]],
    given: list[Column],
    agree: Callable[[dict[int, int]], bool],
) -> Iterator[dict[int, int]]:
    """Every complete assignment, depth first, cut off where the columns chosen so far do not agree."""

    def extend(chosen: dict[int, int]) -> Iterator[dict[int, int]]:
        if len(chosen) == len(order):
            yield dict(chosen)
            return
        index = order[len(chosen)]
        tried: list[int] = []
        for place in options[index]:
            if place in chosen.values() or any(_identical(given[place], given[other]) for other in tried):
                continue
            tried.append(place)
            chosen[index] = place
            if agree(chosen):
                yield from extend(chosen)
            del chosen[index]

    return extend({})


def _always(chosen: dict[int, int]) -> bool:
    return True


def _identical(one: Column, other: Column) -> bool:
    """Whether two columns of the answer hold the same cells row by row, so that either may stand for both."""
    return (
        np.array_equal(one.is_number, other.is_number)
        and np.array_equal(one.numbers, other.numbers)
        and np.array_equal(one.codes, other.codes)
    )


class _Names:
    """What the column names say: which to try first, and which must not be swapped."""

    def __init__(self, gold: Sequence[str], answer: Sequence[str]) -> None:
        self.gold = [name.casefold() for name in gold]
        self.answer = [name.casefold() for name in answer]
        once = {name for name, n in Counter(self.gold).items() if n == 1}
        self.shared = once & {name for name, n in Counter(self.answer).items() if n == 1}

    def preferred(self, index: int) -> list[int]:
        """The answer's columns, those of the same name first, then the one in the same place."""
        name = self.gold[index]
        return sorted(
            range(len(self.answer)), key=lambda place: (self.answer[place] != name, place != index, place)
        )

    def swapped(self, chosen: dict[int, int]) -> bool:
        """Whether columns that both sides name alike have changed roles: `a` under `b`, `b` under `a`."""
        moves = {self.gold[index]: self.answer[place] for index, place in chosen.items()}
        moves = {name: to for name, to in moves.items() if name in self.shared and to != name}
        return any(_returns(name, moves) for name in moves)


def _returns(start: str, moves: dict[str, str]) -> bool:
    name, steps = moves[start], 0
    while name in moves and name != start and steps <= len(moves):
        name, steps = moves[name], steps + 1
    return name == start


def _equal_rounded(
    wanted: list[Column],
    given: list[Column],
    names: _Names,
    ranks: npt.NDArray[np.int64] | None,
    deadline: Deadline,
) -> bool:
    if all(column.exact for column in wanted):
        return False
    for decimals in ROUNDINGS:
        left = [column.rounded(decimals) for column in wanted]
        right = [column.rounded(decimals) for column in given]
        one_is_round = all(map(_identical, left, wanted)) or all(map(_identical, right, given))
        if one_is_round and _assign(left, right, names, ranks, deadline) is not None:
            return True
    return False


def _missing(wanted: list[Column], given: list[Column], names: Sequence[str]) -> str:
    lost = [
        name
        for name, column in zip(names, wanted, strict=True)
        if not any(may_match(column, other) for other in given)
    ]
    if lost:
        return f"no column holds the values of {', '.join(lost)}"
    return "each column is there, but the rows do not agree"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
