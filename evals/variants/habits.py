"""What holds in every row although no constraint says so.

A status goes with an empty date, a shipment leaves after its order, items add up to their order. People who
ask know that, and two queries that differ only where it does not hold are both right; so a variant keeps it.
A habit needs enough rows to be one: `SUPPORT` of them, or as many as would have broken it by chance.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evals.variants.moments import Moments
from knowledge.schema import ForeignKey

SUPPORT = 20
CENT = 0.011

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Feature:
    """What of a cell is looked at: its value, or whether it is empty."""

    column: str
    only_null: bool = False

    def of(self, row: Row) -> Any:
        value = row[self.column]
        return (value is None) if self.only_null else value


@dataclass(frozen=True)
class Together:
    """Only these combinations of two features occur. A value that is new, as a fresh key, goes with any."""

    left: Feature
    right: Feature
    seen: frozenset[tuple[Any, Any]]

    def holds(self, row: Row) -> bool:
        left, right = self.left.of(row), self.right.of(row)
        return (left, right) in self.seen or left not in self._lefts or right not in self._rights

    @cached_property
    def _lefts(self) -> frozenset[Any]:
        return frozenset(left for left, _ in self.seen)

    @cached_property
    def _rights(self) -> frozenset[Any]:
        return frozenset(right for _, right in self.seen)


@dataclass(frozen=True)
class Ordered:
    """`low` is never above `high` in one row."""

    low: str
    high: str
    low_moments: Moments | None = None
    high_moments: Moments | None = None

    def holds(self, row: Row) -> bool:
        low, high = row[self.low], row[self.high]
        if low is None or high is None:
            return True
        return not_after(low, high, self.low_moments, self.high_moments)


@dataclass(frozen=True)
class Formula:
    """`left` `sign` `right` is `total`, to the cent."""

    left: str
    sign: str
    right: str
    total: str

    def holds(self, row: Row) -> bool:
        left, right, total = row[self.left], row[self.right], row[self.total]
        if left is None or right is None or total is None:
            return True
        return abs(_calculated(left, self.sign, right) - float(total)) <= CENT


@dataclass(frozen=True)
class Inherited:
    """A child's column is never before (`later`), or always equal to, its parent's."""

    key: ForeignKey
    child: tuple[str, ...]
    parent: tuple[str, ...]
    later: bool = False
    child_moments: Moments | None = None
    parent_moments: Moments | None = None

    def holds(self, child: Row, parent: Row) -> bool:
        mine, its = tuple(child[n] for n in self.child), tuple(parent[n] for n in self.parent)
        if None in mine or None in its:
            return True
        if not self.later:
            return mine == its
        return not_after(its[0], mine[0], self.parent_moments, self.child_moments)


@dataclass(frozen=True)
class AddsUp:
    """The children's `child` column adds up to the parent's `parent`."""

    key: ForeignKey
    parent: str
    child: str


@dataclass
class Habits:
    """The habits of a database, by table; see the module."""

    together: dict[str, list[Together]] = field(default_factory=dict)
    ordered: dict[str, list[Ordered]] = field(default_factory=dict)
    formulas: dict[str, list[Formula]] = field(default_factory=dict)
    identifying: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    inherited: list[Inherited] = field(default_factory=list)
    adds_up: list[AddsUp] = field(default_factory=list)
    steady: set[tuple[ForeignKey, str]] = field(default_factory=set)
    latest: dict[tuple[str, str], dt.datetime] = field(default_factory=dict)

    def fit(self, table: str, row: Row) -> bool:
        """Whether a row alone keeps the habits of its table."""
        rules: list[Together | Ordered | Formula] = [
            *self.together.get(table, ()),
            *self.ordered.get(table, ()),
            *self.formulas.get(table, ()),
        ]
        return all(rule.holds(row) for rule in rules)

    def fit_parent(self, key: ForeignKey, child: Row, parent: Row) -> bool:
        """Whether a child keeps what it has from its parent."""
        return all(rule.holds(child, parent) for rule in self.inherited if rule.key == key)

    def whole_with(self, key: ForeignKey) -> bool:
        """Whether the children of a parent only make sense all together."""
        return any(rule.key == key for rule in self.adds_up)

    def calculated(self, table: str) -> set[str]:
        """The columns that follow from others, or others from them."""
        found = {name for f in self.formulas.get(table, ()) for name in (f.left, f.right, f.total)}
        found |= {rule.parent for rule in self.adds_up if rule.key.to_table == table}
        return found | {rule.child for rule in self.adds_up if rule.key.table == table}

    def bound(self, table: str) -> set[str]:
        """The columns whose value is given by another table."""
        found = {name for rule in self.inherited if rule.key.table == table for name in rule.child}
        found |= {name for rule in self.inherited if rule.key.to_table == table for name in rule.parent}
        return found | {name for key, name in self.steady if key.table == table}


def not_after(low: Any, high: Any, low_moments: Moments | None, high_moments: Moments | None) -> bool:
    """low <= high; where one of the two knows only days, by day."""
    if low_moments is None or high_moments is None:
        return bool(low <= high)
    one, other = low_moments.read(low), high_moments.read(high)
    assert one is not None
    assert other is not None
    if low_moments.days or high_moments.days:
        return one.date() <= other.date()
    return one <= other


def _calculated(left: Any, sign: str, right: Any) -> float:
    if sign == "*":
        return float(left) * float(right)
    return float(left) + float(right) if sign == "+" else float(left) - float(right)
