"""Choices dealt out anew, so that each filter matters by itself."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from evals.variants.changes import Unit
from evals.variants.draft import Draft, between

ONE_IN = 8
MOST = 1000


def shuffles(draft: Draft) -> Iterator[Unit]:
    """Statuses, channels, tiers change places between rows that are alike in all they depend on."""
    for table in draft.tables():
        kept = draft.habits.bound(table) | draft.unique_columns(table) | draft.habits.calculated(table)
        for name, role in draft.roles[table].items():
            if role.role == "choice" and len(role.choices) > 1 and name not in kept:
                yield from _shuffled(draft, table, name)


def _shuffled(draft: Draft, table: str, name: str) -> Iterator[Unit]:
    data = draft.snapshot.tables[table]
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    rules = draft.habits.together[table]
    related = [rule.right if rule.left.column == name else rule.left for rule in rules if _about(rule, name)]
    for place in draft.free_rows(table, between(2, data.size // ONE_IN, MOST)):
        row = data.row(place)
        alike[tuple(feature.of(row) for feature in related)].append(place)
    for places in alike.values():
        dealt = [data.columns[name][place] for place in places]
        draft.rng.shuffle(dealt)
        for place, value in zip(places, dealt, strict=True):
            if value != data.columns[name][place]:
                unit = draft.altered(table, place, {name: value})
                if unit:
                    yield unit


def _about(rule: Any, name: str) -> bool:
    return name in (rule.left.column, rule.right.column)
