"""Groups on the edge of what a gold shows: with exactly as many rows as HAVING asks for, or just not among
the first; and in the same groups rows that do not count, so that whoever counts them shows the group.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlglot import exp

from evals.variants.changes import Insert, Unit
from evals.variants.clones import Member
from evals.variants.draft import Draft
from evals.variants.focus import Focus, Threshold, Witness
from evals.variants.operations.planting import Plant
from evals.variants.snapshot import Values
from knowledge.schema import ForeignKey

MOST_ROWS = 100
_TRIES = 6
_TARGETS: dict[type[exp.Expr], tuple[int, ...]] = {
    exp.GT: (0, 1),
    exp.GTE: (0, -1),
    exp.LT: (0, -1),
    exp.LTE: (0, 1),
    exp.EQ: (0, -1, 1),
    exp.NEQ: (0, -1, 1),
}


def tipping(draft: Draft) -> Iterator[Unit]:
    """A group of its own for each number that a HAVING turns on, and one that only wrong rows make large."""
    for focus in draft.focuses:
        groups: dict[int, list[Witness]] = defaultdict(list)
        for number, witness in zip(focus.groups, focus.witnesses, strict=True):
            groups[number].append(witness)
        ranked = sorted(groups, key=lambda n: (n not in focus.passing, -len(groups[n]), n))[:_TRIES]
        largest = [groups[number] for number in ranked]
        for alias in focus.owners:
            for threshold in focus.thresholds:
                filled = [_filled(draft, focus, threshold, witnesses) for witnesses in largest]
                for off in _TARGETS[threshold.sign]:
                    yield from _made(draft, focus, alias, filled, threshold.number + off, 1)
            if focus.limited and largest and len(largest[0]) <= MOST_ROWS:
                yield from _made(draft, focus, alias, largest, 1, len(largest[0]) + len(largest[0]) // 2 + 2)


def _made(
    draft: Draft, focus: Focus, alias: str, groups: list[list[Witness]], size: int, wrong: int
) -> Iterator[Unit]:
    """A new group of `size` rows, with `wrong` rows more for each condition that do not meet it."""
    for witnesses in groups if 0 < size <= MOST_ROWS else ():
        group = _Group(draft, focus, alias, witnesses)
        units = list(group.rows(size))
        if units:
            yield from units
            for condition in focus.conditions:
                at = [witness for witness in witnesses if condition.alias in witness]
                if at and condition.alias != alias:
                    for _ in range(wrong):
                        found = Plant(draft, focus, condition, at, group.adopted).units()
                        yield from islice(found, 2 if wrong == 1 else 1)
            return


def _filled(draft: Draft, focus: Focus, threshold: Threshold, witnesses: list[Witness]) -> list[Witness]:
    """The witnesses that a threshold counts."""
    if not threshold.column:
        return witnesses
    values = draft.snapshot.tables[focus.tables[threshold.alias]].columns[threshold.column]
    return [w for w in witnesses if threshold.alias in w and values[w[threshold.alias]] is not None]


class _Group:
    """A copy of the row that owns a group, and copies of rows of the old group that belong to it."""

    def __init__(self, draft: Draft, focus: Focus, alias: str, witnesses: list[Witness]) -> None:
        self.draft = draft
        self.focus = focus
        self.alias = alias
        self.owner = focus.tables[alias]
        self.witnesses = witnesses
        self.base = max(
            (name for name in focus.tables if name != alias),
            key=lambda name: (draft.snapshot.tables[focus.tables[name]].size, name),
            default=alias,
        )
        self.values: dict[str, Any] = {}

    def rows(self, size: int) -> Iterator[Unit]:
        """Exactly `size` rows, or none."""
        have = [witness for witness in self.witnesses if len(witness) == len(self.focus.tables)]
        if not have or self.base == self.alias:
            return
        first = self.draft.cloner.clone({(self.owner, have[0][self.alias])})
        if first is None:
            return
        (change,) = first
        assert isinstance(change, Insert)
        names = self.draft.snapshot.tables[self.owner].facts.names
        self.values = dict(zip(names, change.values, strict=True))
        units, missing = [first], size
        for _ in range(size * _TRIES):
            found = self._row(self.draft.rng.choice(have))
            if found and found[1] <= missing:
                units.append(found[0])
                missing -= found[1]
            if not missing:
                yield from units
                return

    def _row(self, witness: Witness) -> tuple[Unit, int] | None:
        table = self.focus.tables[self.base]
        joined = self.adopted(witness)
        bring = {(self.focus.tables[a], place) for a, place in witness.items()} - {
            (table, witness[self.base])
        }
        members = self.draft.cloner.family(table, witness[self.base], bring, children=False)
        if joined is None or members is None or (self.owner, witness[self.alias]) in members | joined[0]:
            return None
        members |= joined[0]
        unit = self.draft.cloner.clone(members, joined[1])
        return (unit, sum(name == table for name, _ in members)) if unit else None

    def adopted(self, witness: Witness) -> tuple[set[Member], dict[Member, dict[str, Any]]] | None:
        """The rows between the base and the owner, and the keys by which they point to the new owner."""
        cells: dict[Member, dict[str, Any]] = {}
        rows = {(self.focus.tables[a], place) for a, place in witness.items() if a != self.alias}
        for member in sorted(rows):
            for key in self.draft.snapshot.keys_from(member[0]):
                if key.to_table == self.owner and self._leads(key, member, witness):
                    given = dict(zip(key.columns, (self.values[n] for n in key.to_columns), strict=True))
                    cells.setdefault(member, {}).update(given)
        between = set(cells)
        while True:
            above = {member for member in rows - between if self._parents(member) & between}
            if not above:
                return (between, cells) if cells else None
            between |= above

    def _leads(self, key: ForeignKey, member: Member, witness: Witness) -> bool:
        """Whether this key makes the row one of the old group's: it points to its owner, or the gold joins by
        no other.
        """
        values: Values = tuple(self.draft.snapshot.tables[member[0]].row(member[1])[n] for n in key.columns)
        target = self.draft.snapshot.target(key, values)
        others = [k for k in self.draft.snapshot.keys_from(member[0]) if k.to_table == self.owner]
        return target == witness[self.alias] or len(others) == 1

    def _parents(self, member: Member) -> set[Member]:
        row = self.draft.snapshot.tables[member[0]].row(member[1])
        found = set()
        for key in self.draft.snapshot.keys_from(member[0]):
            parent = self.draft.snapshot.target(key, tuple(row[name] for name in key.columns))
            if parent is not None:
                found.add((key.to_table, parent))
        return found
