"""Copies of a row that a gold reads, with one cell moved to a boundary or just across."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlglot import exp

from evals.variants.changes import Unit
from evals.variants.clones import Member
from evals.variants.draft import Draft
from evals.variants.focus import Condition, Focus, NotIn, Witness
from evals.variants.operations.targets import WORDS, meets, moments_around, values_around
from evals.variants.roles import ColumnRole

TRIES = 10
NEAREST_OF = 400
NEAREST = 30
DONORS = 1600
_NOON = dt.timedelta(hours=12)

Join = Callable[[Witness], tuple[set[Member], dict[Member, dict[str, Any]]] | None]


class Plant:
    """Copies of witnesses for one condition.

    `join` says what more a copy takes along, and alters; with it, each copy is one that does not meet the
    condition, made of the witness itself.
    """

    def __init__(
        self,
        draft: Draft,
        focus: Focus,
        condition: Condition,
        witnesses: Sequence[Witness],
        join: Join | None = None,
    ) -> None:
        self.join = join
        self.draft = draft
        self.focus = focus
        self.condition = condition
        self.table = condition.table
        self.column = condition.column
        self.role: ColumnRole = draft.roles[condition.table][condition.column]
        self.values = draft.snapshot.tables[condition.table].columns[condition.column]
        self.witnesses = draft.rng.sample(witnesses, min(len(witnesses), NEAREST_OF))

    def units(self) -> Iterator[Unit]:
        yield from self._units(children=True)
        yield from self._units(children=False)
        if self.focus.parents:
            yield from self._units(children=False, parents=True)

    def _units(self, *, children: bool, parents: bool = False) -> Iterator[Unit]:
        self.children, self.parents = children, parents
        if self.condition.other:
            found = iter([self._as_other()])
        elif self.condition.sign is exp.Is:
            found = iter([self._filled_or_not()])
        elif self.role.moments:
            moments = self.role.moments
            found = (
                self._at(m) for m in moments_around(self.condition, moments) if self._wanted(moments.write(m))
            )
        elif self._of_query():
            found = iter([self._other_side()])
        else:
            wanted = values_around(self.draft, self.condition, self.role, self.values)
            found = (self._with(value) or self._near(value) for value in wanted if self._wanted(value))
        yield from (unit for unit in found if unit)

    def _wanted(self, value: Any) -> bool:
        return self.join is None or not meets(self.condition, value, self.role.moments)

    def _filled_or_not(self) -> Unit | None:
        """A row that is empty where the gold wants it filled, or the other way round."""
        empty = self._empty_here()
        known = [value for value in self.values if value is not None] if empty else []
        values = [self.draft.rng.choice(known) for _ in range(TRIES if known else 0)] if empty else [None]
        found = next(filter(None, (self._with(value) for value in values)), None)
        return found or self._like_another(lambda value: (value is None) != empty)

    def _of_query(self) -> bool:
        return self.role.role == "key" and issubclass(self.condition.sign, exp.In)

    def _other_side(self) -> Unit | None:
        """A row that a sub-query lets in where it should not, or keeps out."""
        values = list(self.condition.values)
        within = self.condition.sign is NotIn
        known = set(values)
        pool = values if within else [v for v in self.values if v is not None and v not in known]
        chosen = self.draft.rng.sample(pool, min(len(pool), TRIES))
        found = self._like_another(lambda value: value in known) if within else None
        return found or next(filter(None, (self._with(value) for value in chosen)), None)

    def _empty_here(self) -> bool:
        return self.values[self.witnesses[0][self.condition.alias]] is None

    def _copy(
        self, witness: Witness, cells: dict[str, Any], shift: dt.timedelta = dt.timedelta()
    ) -> Unit | None:
        """The witness's row, with the rows below it that the gold reads too, altered; and with parents of its
        own where it should be the only one of its group.
        """
        place = witness[self.condition.alias]
        bring = {
            (self.focus.tables[alias], other)
            for alias, other in witness.items()
            if alias != self.condition.alias
        }
        members = self.draft.cloner.family(self.table, place, bring, children=self.children)
        altered = self._summed(members, place, cells) if members else None
        if not members or altered is None:
            return None
        for member, kept in self._named(witness, members).items():
            altered[member] = {**kept, **altered.get(member, {})}
        if self.parents:
            members |= self._above(witness)
        if self.join:
            joined = self.join(witness)
            if joined is None:
                return None
            members |= joined[0]
            for member, more in joined[1].items():
                altered[member] = {**altered.get(member, {}), **more}
        return self.draft.cloner.clone(members, altered, shift)

    def _named(self, witness: Witness, members: set[Member]) -> dict[Member, dict[str, Any]]:
        """What the gold names its rows by stays, though it be a name that no other row has."""
        found: dict[Member, dict[str, Any]] = {}
        for each in self.focus.conditions:
            member = (each.table, witness.get(each.alias, -1))
            role = self.draft.roles[each.table][each.column].role
            if each.sign is exp.EQ and each.values and role in WORDS and member in members:
                value = self.draft.snapshot.tables[each.table].columns[each.column][member[1]]
                found.setdefault(member, {})[each.column] = value
        return found

    def _above(self, witness: Witness) -> set[Member]:
        found: set[Member] = set()
        for alias, key in self.focus.parents:
            if alias in witness:
                row = self.draft.snapshot.tables[key.table].row(witness[alias])
                parent = self.draft.snapshot.target(key, tuple(row[name] for name in key.columns))
                if parent is not None:
                    found.add((key.to_table, parent))
        return found

    def _summed(
        self, members: set[Member], place: int, cells: dict[str, Any]
    ) -> dict[Member, dict[str, Any]] | None:
        """The cells to alter; what adds up to an altered one, or is added up from it, follows."""
        altered: dict[Member, dict[str, Any]] = {(self.table, place): dict(cells)}
        snapshot = self.draft.snapshot
        for rule in self.draft.habits.adds_up:
            if rule.key.to_table == self.table and rule.parent in cells:
                below = snapshot.children(rule.key, place)
                if len(below) > 1:
                    return None
                for child in below:
                    altered.setdefault((rule.key.table, child), {})[rule.child] = cells[rule.parent]
            elif rule.key.table == self.table and rule.child in cells:
                row = snapshot.tables[self.table].row(place)
                parent = snapshot.target(rule.key, tuple(row[name] for name in rule.key.columns))
                if parent is None or len(snapshot.children(rule.key, parent)) > 1:
                    return None
                altered.setdefault((rule.key.to_table, parent), {})[rule.parent] = cells[rule.child]
        return altered if all(member in members for member in altered) else None

    def _with(self, value: Any) -> Unit | None:
        for witness in self.witnesses[:TRIES]:
            if self.values[witness[self.condition.alias]] != value:
                unit = self._copy(witness, {self.column: value})
                if unit:
                    return unit
        return None

    def _at(self, moment: dt.datetime) -> Unit | None:
        """A witness near that moment, moved there with all its dates."""
        moments = self.role.moments
        assert moments is not None
        if moment > self.draft.habits.latest[self.table, self.column]:
            return None
        places = [witness[self.condition.alias] for witness in self.witnesses]
        known = [(moments.read(self.values[place]), n) for n, place in enumerate(places)]
        near = sorted((abs(at - moment), n, at) for at, n in known if at is not None)[:NEAREST]
        near.sort(key=lambda found: (self._empty_moments(places[found[1]]), found))
        for _, number, at in near[:TRIES]:
            unit = self._copy(self.witnesses[number], {}, moment - at)
            if unit:
                return unit
        return None

    def _empty_moments(self, place: int) -> int:
        """How many dates the row lacks: one that has all of them shows which of them is compared."""
        roles = self.draft.roles[self.table].items()
        columns = self.draft.snapshot.tables[self.table].columns
        return sum(columns[name][place] is None for name, role in roles if role.moments)

    def _as_other(self) -> Unit | None:
        """The two compared columns made equal."""
        other = self.draft.snapshot.tables[self.table].columns[self.condition.other]
        its = self.draft.roles[self.table][self.condition.other].moments
        for witness in self.witnesses[:TRIES]:
            value = other[witness[self.condition.alias]]
            if self.role.moments and its and value is not None:
                moment = its.read(value)
                assert moment is not None
                value = self.role.moments.write(moment + (_NOON if its.days else dt.timedelta()))
            if value is not None:
                unit = self._copy(witness, {self.column: value})
                if unit:
                    return unit
        return None

    def _like_another(self, wanted: Callable[[Any], bool]) -> Unit | None:
        """A row that has the wanted value by itself, given whatever else the gold asks of its kind of row."""
        places = self.draft.some_rows(self.table, DONORS)
        return self._given([place for place in places if wanted(self.values[place])][:TRIES], {})

    def _near(self, value: Any) -> Unit | None:
        """A row whose value is, or is near, the wanted one."""
        places = self.draft.some_rows(self.table, DONORS)
        if self.role.role != "measure":
            return self._like_another(lambda other: other == value)
        known = [
            (abs(self.values[place] - value), place) for place in places if self.values[place] is not None
        ]
        return self._given([place for _, place in sorted(known)[: 3 * TRIES]], {self.column: value})

    def _given(self, donors: Sequence[int], cells: dict[str, Any]) -> Unit | None:
        if self.join:
            return None
        conditions = [c for c in self.focus.conditions if c.alias == self.condition.alias]
        columns = sorted({c.column for c in conditions if c.column != self.column})
        roles = self.draft.roles[self.table]
        data = self.draft.snapshot.tables[self.table]
        for number, donor in enumerate(donors):
            witness = self.witnesses[number % len(self.witnesses)]
            place = witness[self.condition.alias]
            given, shift = dict(cells), dt.timedelta()
            for name in columns:
                spelled, here, there = (
                    roles[name].moments,
                    data.columns[name][donor],
                    data.columns[name][place],
                )
                if spelled and here is not None and there is not None:
                    one, other = spelled.read(here), spelled.read(there)
                    assert one is not None
                    assert other is not None
                    shift = shift or other - one
                elif here != there:
                    given[name] = there
            unit = self._copy({**witness, self.condition.alias: donor}, given, shift)
            if unit:
                return unit
        return None
