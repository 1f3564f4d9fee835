"""What every operation works with: the rows, what is known of them, and chance that repeats itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from evals.variants.changes import Unit, Update
from evals.variants.clones import Cells, Cloner, Member
from evals.variants.focus import Focus
from evals.variants.habits import Habits
from evals.variants.mining import mine
from evals.variants.roles import Roles, roles_of
from evals.variants.snapshot import Snapshot

FROZEN_EACH = 60


@dataclass
class Draft:
    """`frozen` rows are those that golds rest on, and those already altered: they stay as they are."""

    snapshot: Snapshot
    roles: Roles
    habits: Habits
    focuses: list[Focus]
    rng: Random
    cloner: Cloner
    frozen: set[Member] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        focuses: list[Focus],
        seed: str,
        known: "tuple[Roles, Habits] | None" = None,
    ) -> "Draft":
        rng = Random(seed)
        roles, habits = known or learnt(snapshot)
        draft = cls(snapshot, roles, habits, focuses, rng, Cloner(snapshot, roles, habits, rng))
        for focus in focuses:
            some = list(focus.witnesses)
            if len(some) > FROZEN_EACH:
                some = rng.sample(some, FROZEN_EACH)
            draft.frozen |= {(focus.tables[a], place) for witness in some for a, place in witness.items()}
        return draft

    def free_rows(self, table: str, number: int) -> list[int]:
        """Some rows that may be altered."""
        size = self.snapshot.tables[table].size
        tried = self.rng.sample(range(size), min(size, number * 3))
        return [place for place in tried if (table, place) not in self.frozen][:number]

    def some_rows(self, table: str, number: int) -> list[int]:
        size = self.snapshot.tables[table].size
        return self.rng.sample(range(size), min(size, number))

    def copy(
        self, table: str, place: int, *, children: bool = True, cells: Cells | None = None
    ) -> Unit | None:
        """A copy of a row with its children where they are few, else without them."""
        members = self.cloner.family(table, place, children=children)
        if members is None and children:
            members = self.cloner.family(table, place, children=False)
        return self.cloner.clone(members, cells) if members else None

    def altered(self, table: str, place: int, cells: Mapping[str, Any]) -> Unit | None:
        """The row with some cells altered; None where it is frozen, has no key, or a habit forbids it."""
        data = self.snapshot.tables[table]
        if (table, place) in self.frozen or not data.facts.key:
            return None
        row = {**data.row(place), **cells}
        if not self.habits.fit(table, row):
            return None
        for key in self.snapshot.keys_from(table):
            parent = self.snapshot.target(key, tuple(row[name] for name in key.columns))
            its = self.snapshot.tables[key.to_table].row(parent) if parent is not None else None
            if its and not self.habits.fit_parent(key, row, its):
                return None
        self.frozen.add((table, place))
        return (Update(table, tuple(row[name] for name in data.facts.key), dict(cells)),)

    def tables(self) -> Iterator[str]:
        """The tables that have rows."""
        return (name for name in self.snapshot.order if self.snapshot.tables[name].size)

    def unique_columns(self, table: str) -> set[str]:
        """Columns in which, alone or together, rows must differ."""
        sets = [*self.snapshot.tables[table].facts.uniques, *self.habits.identifying.get(table, ())]
        return {name for columns in sets for name in columns}


def learnt(snapshot: Snapshot) -> tuple[Roles, Habits]:
    """What can be seen of the rows; the same for each variant."""
    roles = roles_of(snapshot)
    return roles, mine(snapshot, roles)


def between(low: int, number: int, high: int) -> int:
    """
    >>> between(2, 500, 60)
    60
    """
    return max(low, min(number, high))
