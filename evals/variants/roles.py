"""What the columns of a table are: keys, moments, measures, flags, texts. Seen from their values."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any, Literal

from evals.variants.moments import Moments, moments_of
from evals.variants.snapshot import Snapshot, TableData

Role = Literal["key", "moment", "measure", "choice", "prose", "text", "other"]
MOST_CHOICES = 100
MOST_NUMBERS = 12
ROWS_A_CHOICE = 4
_PROSE_LETTERS = 25
_CODE = re.compile(r"(^|_)(id|no|nr|number|code|key|year)$", re.IGNORECASE)


@dataclass(frozen=True)
class ColumnRole:
    """`choices` are the values of a column that has few of them, the most frequent first."""

    role: Role
    nullable: bool = True
    nulls: int = 0
    moments: Moments | None = None
    choices: tuple[Any, ...] = ()
    whole: bool = False


Roles = dict[str, dict[str, ColumnRole]]


def roles_of(snapshot: Snapshot) -> Roles:
    """The role of every column of every table."""
    return {name: _table(snapshot, table) for name, table in snapshot.tables.items()}


def _table(snapshot: Snapshot, table: TableData) -> dict[str, ColumnRole]:
    facts = table.facts
    pointing = {name for key in snapshot.keys_from(facts.name) for name in key.columns}
    keys = {*facts.key, *(name for unique in facts.uniques for name in unique), *pointing}
    roles = {}
    for column in facts.columns:
        values = table.columns[column.name]
        role = ColumnRole("other") if column.name in facts.spelled else _role(column.name, values)
        if column.name in keys:
            choices = _few(values) if column.name in pointing else ()
            role = ColumnRole("key", moments=role.moments, choices=choices, whole=role.whole)
        nullable = column.nullable and column.name not in facts.key
        roles[column.name] = ColumnRole(
            role.role,
            nullable,
            sum(value is None for value in values),
            role.moments,
            role.choices,
            role.whole,
        )
    return roles


def _role(name: str, values: Sequence[Any]) -> ColumnRole:
    found = [value for value in values if value is not None]
    if not found:
        return ColumnRole("other")
    kinds = set(map(type, found))
    moments = moments_of(found)
    if moments:
        return ColumnRole("moment", moments=moments)
    numbers = kinds <= {int, float, Decimal}
    if not kinds <= {int, float, Decimal, str, bool} or (numbers and not all(map(isfinite, found))):
        return ColumnRole("other")
    choices = _few(found)
    whole = kinds == {int}
    if choices and (not numbers or (whole and len(choices) <= MOST_NUMBERS)):
        return ColumnRole("choice", choices=choices, whole=whole)
    if numbers:
        return ColumnRole("other" if whole and _CODE.search(name) else "measure", whole=whole)
    if kinds != {str}:
        return ColumnRole("other")
    letters = sum(len(value) for value in found) / len(found)
    spaces = sum(value.count(" ") for value in found) / len(found)
    return ColumnRole("prose" if letters >= _PROSE_LETTERS and spaces >= 3 else "text")


def _few(values: Sequence[Any]) -> tuple[Any, ...]:
    """The distinct values where they are few, the most frequent first."""
    counts = Counter(value for value in values if value is not None)
    if len(counts) > MOST_CHOICES or len(counts) * ROWS_A_CHOICE > sum(counts.values()):
        return ()
    return tuple(value for value, _ in sorted(counts.items(), key=lambda c: (-c[1], repr(c[0]))))
