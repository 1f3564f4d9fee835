"""Values at the edge: the first and last instant of periods, 0, one beyond the smallest and the largest."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from evals.variants.changes import Unit
from evals.variants.draft import Draft
from evals.variants.moments import DAY, Moments

MONTHS = 4
NEAREST_OF = 400
_TRIES = 6


def edges(draft: Draft) -> Iterator[Unit]:
    """Copies of rows moved to an edge of the columns that are free to move."""
    for table in draft.tables():
        kept = draft.habits.calculated(table) | draft.habits.bound(table) | draft.unique_columns(table)
        for name, role in draft.roles[table].items():
            if role.moments and (table, name) in draft.habits.latest:
                for moment in _instants(draft.habits.latest[table, name], role.moments):
                    unit = moved(draft, table, name, moment)
                    if unit:
                        yield unit
            elif role.role == "measure" and name not in kept:
                yield from _set(draft, table, name, _beyond(draft.snapshot.tables[table].columns[name]))
            elif role.role == "prose" and name not in kept:
                texts = [text for text in draft.snapshot.tables[table].columns[name] if text]
                yield from _set(draft, table, name, ["", draft.rng.choice(texts).upper()])


def moved(
    draft: Draft, table: str, name: str, moment: dt.datetime, places: Sequence[int] | None = None
) -> Unit | None:
    """A copy of one of the rows nearest to a moment, moved there with all its dates and its children's."""
    spelled = draft.roles[table][name].moments
    assert spelled is not None
    values = draft.snapshot.tables[table].columns[name]
    tried = places if places is not None else draft.some_rows(table, NEAREST_OF)
    known = [(place, spelled.read(values[place])) for place in tried]
    near = sorted((abs(at - moment), place, at) for place, at in known if at is not None)
    for _, place, at in near[:_TRIES]:
        for children in (True, False):
            members = draft.cloner.family(table, place, children=children)
            unit = draft.cloner.clone(members, shift=moment - at) if members else None
            if unit:
                return unit
    return None


def _instants(latest: dt.datetime, spelled: Moments) -> list[dt.datetime]:
    """First and last instants of the last months, quarters and years that are over."""
    starts = {dt.datetime(latest.year, 1, 1), dt.datetime(latest.year - 1, 1, 1)}
    month = latest.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(MONTHS):
        starts.add(month)
        month = (month - DAY).replace(day=1)
    starts.add(dt.datetime(latest.year, (latest.month - 1) // 3 * 3 + 1, 1))
    return sorted({*starts, *(start - spelled.step for start in starts)})


def _beyond(values: Sequence[Any]) -> list[Any]:
    """0, and one beyond either end; never below zero where nothing is."""
    known = [value for value in values if value is not None]
    low, high = min(known), max(known)
    kind = type(high)
    wanted = [kind(0), high + kind(1)]
    if low < 0 or low >= 1:
        wanted.append(low - kind(1))
    return [value for value in dict.fromkeys(wanted) if value not in (low, high)]


def _set(draft: Draft, table: str, name: str, values: Sequence[Any]) -> Iterator[Unit]:
    for value in values:
        for place in draft.some_rows(table, _TRIES):
            unit = draft.copy(table, place, cells={(table, place): {name: value}})
            if unit:
                yield unit
                break
