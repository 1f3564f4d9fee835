"""Finds the habits of a database in its rows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from typing import Any

from evals.variants.habits import (
    SUPPORT,
    Feature,
    Formula,
    Habits,
    Ordered,
    Together,
    not_after,
)
from evals.variants.kinship import in_each, mine_keys
from evals.variants.roles import ColumnRole, Roles
from evals.variants.snapshot import Snapshot, TableData

BY_CHANCE = 15
MOST_FEATURES = 24
MOST_MEASURES = 10


def mine(snapshot: Snapshot, roles: Roles) -> Habits:
    """The habits that no row breaks."""
    habits = Habits()
    for name, table in snapshot.tables.items():
        own = roles[name]
        habits.together[name] = list(_together(table, own))
        habits.ordered[name] = list(_ordered(table, own))
        habits.formulas[name] = list(_formulas(table, own))
        habits.identifying[name] = list(_identifying(snapshot, table, own))
        for column, role in own.items():
            if role.moments:
                read = role.moments.read
                # the spelling of a moment sorts as the moment does
                last = max(value for value in table.columns[column] if value is not None)
                moment = read(last)
                assert moment is not None
                habits.latest[name, column] = moment
    mine_keys(snapshot, roles, habits)
    return habits


def _together(table: TableData, roles: dict[str, ColumnRole]) -> Iterator[Together]:
    features = [Feature(name) for name, role in roles.items() if role.choices]
    features += [
        Feature(name, only_null=True)
        for name, role in roles.items()
        if 0 < role.nulls < table.size and not role.choices
    ]
    columns = {
        feature: [value is None for value in table.columns[feature.column]]
        if feature.only_null
        else table.columns[feature.column]
        for feature in features[:MOST_FEATURES]
    }
    counts = {feature: Counter(values) for feature, values in columns.items()}
    for left, right in combinations(columns, 2):
        seen = Counter(zip(columns[left], columns[right], strict=True))
        if len(seen) == len(counts[left]) * len(counts[right]):
            continue
        expected = max(
            (
                n * m
                for one, n in counts[left].items()
                for other, m in counts[right].items()
                if (one, other) not in seen
            ),
            default=0,
        )
        if expected >= BY_CHANCE * table.size:
            yield Together(left, right, frozenset(seen))


def _ordered(table: TableData, roles: dict[str, ColumnRole]) -> Iterator[Ordered]:
    for wanted in ("moment", "measure"):
        names = [name for name, role in roles.items() if role.role == wanted]
        for low, high in permutations(names, 2):
            ones, others = roles[low].moments, roles[high].moments
            both = _both(table.columns[low], table.columns[high])
            if in_each(both, lambda pair, a=ones, b=others: not_after(pair[0], pair[1], a, b)):
                yield Ordered(low, high, ones, others)


def _formulas(table: TableData, roles: dict[str, ColumnRole]) -> Iterator[Formula]:
    names = [name for name, role in roles.items() if _is_amount(role)][:MOST_MEASURES]
    rows = range(table.size)
    for total in names:
        for left, right in permutations([name for name in names if name != total], 2):
            for sign in "*+-":
                if sign != "-" and left > right:
                    continue
                formula = Formula(left, sign, right, total)
                cells = (table.columns[left], table.columns[right], table.columns[total])
                told = (
                    {left: cells[0][n], right: cells[1][n], total: cells[2][n]}
                    for n in rows
                    if cells[0][n] and cells[1][n] and cells[2][n]
                )
                if in_each(told, formula.holds):
                    yield formula


def _is_amount(role: ColumnRole) -> bool:
    return role.role == "measure" or (role.role == "choice" and role.whole)


def _identifying(
    snapshot: Snapshot, table: TableData, roles: dict[str, ColumnRole]
) -> Iterator[tuple[str, ...]]:
    """Texts, and pairs of them, and keys to another table, that are different in each of enough rows."""
    if table.size < SUPPORT:
        return
    unique = set(table.facts.uniques)
    texts = [
        name for name, role in roles.items() if role.role in ("text", "choice", "prose") and not role.whole
    ]
    alone = []
    for name in texts:
        if (name,) not in unique and _all_different(table, (name,)):
            alone.append(name)
            yield (name,)
    rest = [name for name in texts if name not in alone]
    for pair in combinations(rest, 2):
        if _all_different(table, pair):
            yield pair
    for key in snapshot.keys_from(table.facts.name):
        if key.columns not in unique and _all_different(table, key.columns):
            yield key.columns


def _all_different(table: TableData, names: tuple[str, ...]) -> bool:
    seen, count = set(), 0
    for values in table.tuples(names):
        if None in values:
            continue
        if values in seen:
            return False
        seen.add(values)
        count += 1
    return count >= SUPPORT


def _both(left: Sequence[Any], right: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    return ((a, b) for a, b in zip(left, right, strict=True) if a is not None and b is not None)
