"""Finds what children have from their parents: later dates, equal columns, sums."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from evals.variants.habits import CENT, SUPPORT, AddsUp, Habits, Inherited, not_after
from evals.variants.moments import Moments
from evals.variants.roles import Roles
from evals.variants.snapshot import Snapshot
from knowledge.schema import ForeignKey

_TRIED_FIRST = 300


def mine_keys(snapshot: Snapshot, roles: Roles, habits: Habits) -> None:
    """Add the habits between a table and those that it points to."""
    for key in snapshot.keys:
        pair = _Pair(snapshot, key)
        habits.inherited += _inherited(pair, roles)
        habits.adds_up += _adds_up(pair, roles)
        habits.steady |= {(key, column) for column in _steady(pair, roles)}


class _Pair:
    """The rows of a child table beside those they point to: (child, parent) places."""

    def __init__(self, snapshot: Snapshot, key: ForeignKey) -> None:
        self.key = key
        self.child = snapshot.tables[key.table]
        self.parent = snapshot.tables[key.to_table]
        self.index = snapshot.children_index(key)
        found = ((c, snapshot.target(key, values)) for values, kids in self.index.items() for c in kids)
        self.places = [(c, p) for c, p in found if p is not None]

    def cells(self, child: str, parent: str) -> Iterator[tuple[Any, Any]]:
        ones, others = self.child.columns[child], self.parent.columns[parent]
        return ((ones[c], others[p]) for c, p in self.places if ones[c] is not None and others[p] is not None)


def _inherited(pair: _Pair, roles: Roles) -> Iterator[Inherited]:
    key = pair.key
    own, its = roles[key.table], roles[key.to_table]
    for child, role in own.items():
        for parent, other in its.items():
            if role.role == "moment" and other.role == "moment":
                if _never_before(pair, child, parent, role.moments, other.moments):
                    yield Inherited(key, (child,), (parent,), True, role.moments, other.moments)
            elif child in key.columns or parent in key.to_columns:
                continue
            elif (role.role, other.role) in _COMPARABLE and in_each(
                pair.cells(child, parent), lambda cells: cells[0] == cells[1]
            ):
                if role.role == "choice" and len(role.choices) == 1:
                    continue
                yield Inherited(key, (child,), (parent,))


_COMPARABLE = {("key", "key"), ("choice", "choice"), ("text", "text"), ("choice", "text"), ("choice", "key")}


def _never_before(pair: _Pair, child: str, parent: str, mine: Moments | None, its: Moments | None) -> bool:
    return in_each(pair.cells(child, parent), lambda cells: not_after(cells[1], cells[0], its, mine))


def _adds_up(pair: _Pair, roles: Roles) -> Iterator[AddsUp]:
    key = pair.key
    if key.table == key.to_table or len(pair.index) < SUPPORT:
        return
    amounts = [name for name, role in roles[key.table].items() if role.role == "measure"]
    kids: dict[int, list[int]] = defaultdict(list)
    for child, parent in pair.places:
        kids[parent].append(child)
    several = sum(len(children) > 1 for children in kids.values())
    if several < SUPPORT:
        return
    for parent_column, role in roles[key.to_table].items():
        if role.role != "measure":
            continue
        totals = pair.parent.columns[parent_column]
        for child_column in amounts:
            cells = pair.child.columns[child_column]
            told = ((totals[p], [cells[c] for c in children]) for p, children in kids.items())
            if in_each(told, _sums):
                yield AddsUp(key, parent_column, child_column)


def _sums(told: tuple[Any, Sequence[Any]]) -> bool:
    total, parts = told
    if total is None:
        return False
    added = sum(float(part) for part in parts if part is not None)
    return abs(added - float(total)) <= CENT


def _steady(pair: _Pair, roles: Roles) -> Iterator[str]:
    """Choices that all children of one parent share, where parents differ."""
    for name, role in roles[pair.key.table].items():
        if not len(role.choices) > 1 or name in pair.key.columns:
            continue
        cells = pair.child.columns[name]
        groups = [children for children in pair.index.values() if len(children) > 1]
        if in_each(groups, lambda kids, c=cells: len({c[k] for k in kids}) == 1):
            yield name


def in_each(told: Any, holds: Any) -> bool:
    """Whether it holds for each, and there are enough of them."""
    found = iter(told)
    first = list(islice(found, _TRIED_FIRST))
    return len(first) >= SUPPORT and all(map(holds, first)) and all(map(holds, found))
