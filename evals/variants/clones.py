"""Copies of rows under fresh keys, together with the rows that only make sense with them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from evals.variants.changes import Change, Insert, Unit
from evals.variants.habits import Habits
from evals.variants.keys import Keys
from evals.variants.roles import Roles
from evals.variants.snapshot import Snapshot
from knowledge.schema import ForeignKey

MOST_CHILDREN = 8
MOST_ROWS = 60

Member = tuple[str, int]
Cells = Mapping[Member, Mapping[str, Any]]


class Cloner:
    """Makes copies of rows that keep the constraints and the habits of their database."""

    def __init__(self, snapshot: Snapshot, roles: Roles, habits: Habits, rng: Random) -> None:
        self.snapshot = snapshot
        self.roles = roles
        self.habits = habits
        self.keys = Keys(snapshot, roles, habits, rng)

    def family(
        self, table: str, place: int, bring: Iterable[Member] = (), *, children: bool = True
    ) -> set[Member] | None:
        """A row and those to be copied with it: its children where they are few, those of `bring` that hang
        below it, and all that add up to one of them. None where they are too many.
        """
        wanted = set(bring)
        members: set[Member] = set()
        waiting: list[Member] = [(table, place)]
        while waiting:
            member = waiting.pop()
            if member in members:
                continue
            members.add(member)
            if len(members) > MOST_ROWS:
                return None
            waiting += self._below(member, wanted, children)
            waiting += self._with(member)
        return members

    def _below(self, member: Member, wanted: set[Member], children: bool) -> list[Member]:
        table, place = member
        found: list[Member] = []
        for key in self.snapshot.keys_to(table):
            below = [(key.table, child) for child in self.snapshot.children(key, place)]
            whole = self.habits.whole_with(key) or (
                children and key.table != key.to_table and len(below) <= MOST_CHILDREN
            )
            if whole and len(below) > MOST_ROWS:
                return below[: MOST_ROWS + 1]
            found += below if whole else [each for each in below if each in wanted]
        return found

    def _with(self, member: Member) -> list[Member]:
        """The parents that cannot have one more child: those that their children add up to, and one of those
        that tell the row apart from all others.
        """
        table, place = member
        row = self.snapshot.tables[table].row(place)
        keys = [key for key in self.snapshot.keys_from(table) if self.habits.whole_with(key)]
        for columns in self.keys.sets[table]:
            told_by = [key for key in self.snapshot.keys_from(table) if set(key.columns) <= set(columns)]
            pointing = {name for key in told_by for name in key.columns}
            if pointing == set(columns) and not set(told_by) & set(keys):
                keys.append(
                    max(told_by, key=lambda key: (self.snapshot.tables[key.to_table].size, key.columns))
                )
        above = [(key.to_table, self._parent(key, row)) for key in keys]
        return [(name, parent) for name, parent in above if parent is not None]

    def clone(
        self, members: set[Member], cells: Cells | None = None, shift: dt.timedelta = dt.timedelta()
    ) -> Unit | None:
        """New rows like `members`, pointing to each other where those do, with `cells` altered and all
        moments moved by `shift`. None where that breaks a constraint that is known, or a habit.
        """
        cells = cells or {}
        made: dict[Member, dict[str, Any]] = {}
        for member in self._parents_first(members):
            row = self._copied(member, made, cells.get(member, {}), shift)
            if row is None:
                return None
            made[member] = row
            self.keys.take(member[0], row)
        if not all(self._fits(member, row, made) for member, row in made.items()):
            return None
        changes: list[Change] = []
        for (table, _), row in made.items():
            changes.append(
                Insert(table, tuple(row[name] for name in self.snapshot.tables[table].facts.names))
            )
        return tuple(changes)

    def _copied(
        self,
        member: Member,
        made: dict[Member, dict[str, Any]],
        cells: Mapping[str, Any],
        shift: dt.timedelta,
    ) -> dict[str, Any] | None:
        table, place = member
        row = self.snapshot.tables[table].row(place)
        old = dict(row)
        if shift:
            self._move(table, row, shift)
        row.update(cells)
        fixed = set(cells)
        for key in self.snapshot.keys_from(table):
            parent = self._parent(key, old)
            if parent is None or (key.to_table, parent) not in made or set(key.columns) & set(cells):
                continue
            for name, its in zip(key.columns, key.to_columns, strict=True):
                row[name] = made[key.to_table, parent][its]
                fixed.add(name)
        return row if self.keys.freshen(table, row, fixed) else None

    def _move(self, table: str, row: dict[str, Any], shift: dt.timedelta) -> None:
        for name, role in self.roles[table].items():
            if role.moments and row[name] is not None:
                moment = role.moments.read(row[name])
                assert moment is not None
                try:
                    row[name] = role.moments.write(moment + shift)
                except OverflowError:
                    continue

    def _fits(self, member: Member, row: dict[str, Any], made: dict[Member, dict[str, Any]]) -> bool:
        table, place = member
        if not self.habits.fit(table, row) or not self._in_the_past(table, row):
            return False
        old = self.snapshot.tables[table].row(place)
        for key in self.snapshot.keys_from(table):
            above = self._parent(key, old)
            pointed = tuple(row[name] for name in key.columns)
            parent: Mapping[str, Any] = made.get((key.to_table, above), {}) if above is not None else {}
            if tuple(parent.get(name) for name in key.to_columns) != pointed:
                other = self.snapshot.target(key, pointed)
                parent = self.snapshot.tables[key.to_table].row(other) if other is not None else {}
            if parent and not self.habits.fit_parent(key, row, parent):
                return False
        return True

    def _in_the_past(self, table: str, row: Mapping[str, Any]) -> bool:
        """Nothing lies later than anything did: what is yet to come is not in the data."""
        for name, role in self.roles[table].items():
            if role.moments and row[name] is not None:
                moment = role.moments.read(row[name])
                assert moment is not None
                if moment > self.habits.latest[table, name]:
                    return False
        return True

    def _parent(self, key: ForeignKey, row: Mapping[str, Any]) -> int | None:
        values = tuple(row[name] for name in key.columns)
        return None if None in values else self.snapshot.target(key, values)

    def _parents_first(self, members: set[Member]) -> list[Member]:
        order: list[Member] = []
        seen: set[Member] = set()

        def visit(member: Member) -> None:
            if member in seen:
                return
            seen.add(member)
            row = self.snapshot.tables[member[0]].row(member[1])
            for key in self.snapshot.keys_from(member[0]):
                parent = self._parent(key, row)
                if parent is not None and (key.to_table, parent) in members:
                    visit((key.to_table, parent))
            order.append(member)

        for member in sorted(members):
            visit(member)
        return order
