"""Fresh values where two rows must not be alike."""

import re
import string
import uuid
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from evals.variants.habits import Habits
from evals.variants.roles import Roles
from evals.variants.snapshot import Snapshot, Values

_TRIES = 2000
_SHORT_CODE = 4
_LARGEST = 2**31 - 1


class Keys:
    """Which values are taken in every set of columns that is unique, by constraint or by habit."""

    def __init__(self, snapshot: Snapshot, roles: Roles, habits: Habits, rng: Random) -> None:
        self._roles = roles
        self._rng = rng
        self._snapshot = snapshot
        self.sets: dict[str, list[tuple[str, ...]]] = {}
        self._taken: dict[tuple[str, tuple[str, ...]], set[Values]] = {}
        self._soft = {(name, columns) for name, found in habits.identifying.items() for columns in found}
        self._next: dict[tuple[str, str], int] = {}
        for name, table in snapshot.tables.items():
            wanted = [*table.facts.uniques, *habits.identifying.get(name, ())]
            self.sets[name] = list(dict.fromkeys(columns for columns in wanted if columns))
            for columns in self.sets[name]:
                self._taken[name, columns] = set(table.tuples(columns))

    def freshen(self, table: str, row: dict[str, Any], fixed: set[str]) -> bool:
        """Alter the row's key columns, but none of `fixed`, until it collides with no row; False: it cannot.

        What is unique only by habit may repeat where all of it is fixed.
        """
        for columns in self.sets[table]:
            if self._collides(table, columns, row, fixed) and not self._alter(table, columns, row, fixed):
                return False
        return not any(self._collides(table, columns, row, fixed) for columns in self.sets[table])

    def take(self, table: str, row: dict[str, Any]) -> None:
        for columns in self.sets[table]:
            self._taken[table, columns].add(tuple(row[name] for name in columns))

    def _collides(self, table: str, columns: tuple[str, ...], row: dict[str, Any], fixed: set[str]) -> bool:
        values = tuple(row[name] for name in columns)
        if values not in self._taken[table, columns]:
            return False
        if None in values and columns != self._snapshot.tables[table].facts.key:
            return False
        return not ((table, columns) in self._soft and set(columns) <= fixed)

    def _alter(self, table: str, columns: tuple[str, ...], row: dict[str, Any], fixed: set[str]) -> bool:
        pointing = {name for key in self._snapshot.keys_from(table) for name in key.columns}
        taken = self._taken[table, columns]
        for name in reversed(columns):
            if name in fixed or name in pointing:
                continue
            for value in self._fresh(table, name, row[name]):
                row[name] = value
                if tuple(row[column] for column in columns) not in taken:
                    return True
        return False

    def _fresh(self, table: str, column: str, old: Any) -> Iterator[Any]:
        if isinstance(old, bool):
            yield not old
        elif isinstance(old, int | Decimal | float):
            yield from self._numbers(table, column, old)
        elif isinstance(old, uuid.UUID):
            yield uuid.UUID(int=self._rng.getrandbits(128), version=4)
        elif isinstance(old, str):
            moments = self._roles[table][column].moments
            yield from self._moments(table, column, old) if moments else self._texts(old)
        elif self._roles[table][column].moments:
            yield from self._moments(table, column, old)

    def _numbers(self, table: str, column: str, old: Any) -> Iterator[Any]:
        at = (table, column)
        if at not in self._next:
            values = [value for value in self._snapshot.tables[table].columns[column] if value is not None]
            self._next[at] = int(max(values, default=0))
        if _LARGEST // 2 < self._next[at] <= _LARGEST:
            taken = set(self._snapshot.tables[table].columns[column])
            yield from (type(old)(n) for n in range(1, _TRIES) if n not in taken)
        for _ in range(_TRIES):
            self._next[at] += 1
            yield type(old)(self._next[at])

    def _moments(self, table: str, column: str, old: Any) -> Iterator[Any]:
        spelled = self._roles[table][column].moments
        assert spelled is not None
        moment = spelled.read(old)
        assert moment is not None
        for steps in range(1, _TRIES):
            yield spelled.write(moment - steps * spelled.step)

    def _texts(self, old: str) -> Iterator[str]:
        """As the old one, but different: 'SI-1008' after 'SI-1007', 'ann+2@x.org', another short code."""
        if _looks_like_uuid(old):
            yield str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
        name, at, host = old.partition("@")
        if at:
            yield from (f"{name}+{n}@{host}" for n in range(2, _TRIES))
        if ended := re.fullmatch(r"(.*?)(\d+)", old, re.DOTALL):
            head, digits = ended.groups()
            yield from (
                f"{head}{(int(digits) + n) % 10 ** len(digits):0{len(digits)}}" for n in range(1, _TRIES)
            )
        if len(old) <= _SHORT_CODE:
            letters = string.ascii_lowercase if old.islower() else string.ascii_uppercase
            for _ in range(_TRIES):
                yield "".join(self._rng.choice(letters) for _ in range(max(len(old), 1)))
        yield from (f"{old} {n}" for n in range(2, _TRIES))


def _looks_like_uuid(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text, re.IGNORECASE))
