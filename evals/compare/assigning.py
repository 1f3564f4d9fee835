"""Which column of the answer stands for which of the gold."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evals.compare.columns import Column, may_match
from evals.compare.matching import Deadline, same_rows
from evals.compare.reading import Cells


class Options:
    """For each gold column the answer's columns that may hold the same cells, in whatever order of rows.

    `equal` names those known to be equal. Columns are read when they are looked at, which may raise
    OutOfTimeError.
    """

    def __init__(
        self,
        wanted: Sequence[Cells],
        given: Sequence[Cells],
        deadline: Deadline,
        equal: Sequence[int | None] = (),
    ) -> None:
        self._wanted, self._given, self._deadline = wanted, given, deadline
        self.lost = [
            index
            for index in range(len(wanted))
            if not (equal and equal[index] is not None)
            and not any(self._fits(index, place) for place in range(len(given)))
        ]
        """The gold columns of which no column of the answer holds the cells."""

    @cached_property
    def wanted(self) -> list[Column]:
        return [cells.column for cells in self._wanted]

    @cached_property
    def given(self) -> list[Column]:
        return [cells.column for cells in self._given]

    @cached_property
    def places(self) -> list[list[int]]:
        """For each gold column its options."""
        places = range(len(self._given))
        return [[place for place in places if self._fits(index, place)] for index in range(len(self._wanted))]

    def rounded(self, decimals: int) -> "Options | None":
        """The options once both sides are rounded; None unless one side is so already and the other not."""
        sides = (self._wanted, self._given)
        likely = [side for side in sides if all(cells.few.is_round(decimals) for cells in side)]
        if not any(all(cells.is_round(decimals) for cells in side) for side in likely):
            return None
        if all(cells.exact for cells in self._wanted):
            return None
        left, right = ([cells.rounded(decimals) for cells in side] for side in sides)
        return Options(left, right, self._deadline)

    def _fits(self, index: int, place: int) -> bool:
        self._deadline.check()
        one, other = self._wanted[index], self._given[place]
        return one is other or (one.column.may_hold(other.few) and may_match(one.column, other.column))


class Names:
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


def assigned(
    options: Options, names: Names, ranks: npt.NDArray[np.int64] | None, deadline: Deadline
) -> tuple[int, ...] | None:
    """An injective assignment of gold columns to the answer's under which the whole rows agree.

    With `ranks` (one number a row) a row must also stand in its block.
    """
    if options.lost:
        return None
    wanted, given = options.wanted, options.given
    ordered = [
        [place for place in names.preferred(index) if place in places]
        for index, places in enumerate(options.places)
    ]
    order = sorted(range(len(wanted)), key=lambda index: len(ordered[index]))

    def agree(chosen: dict[int, int]) -> bool:
        pairs = [(wanted[index], given[place]) for index, place in chosen.items()]
        return same_rows(pairs, ranks, deadline)

    unsure = any(len(places) > 1 for places in ordered)
    for chosen in _assignments(order, ordered, given, agree if unsure else _always):
        if names.swapped(chosen) or not (unsure or agree(chosen)):
            continue
        return tuple(chosen[index] for index in range(len(wanted)))
    return None


def _assignments(
    order: Sequence[int],
    options: Sequence[Sequence[int]],
    given: Sequence[Column],
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
            if place in chosen.values() or any(given[place].same_cells(given[other]) for other in tried):
                continue
            tried.append(place)
            chosen[index] = place
            if agree(chosen):
                yield from extend(chosen)
            del chosen[index]

    return extend({})


def _always(chosen: dict[int, int]) -> bool:
    return True


def _returns(start: str, moves: dict[str, str]) -> bool:
    name, steps = moves[start], 0
    while name in moves and name != start and steps <= len(moves):
        name, steps = moves[name], steps + 1
    return name == start
