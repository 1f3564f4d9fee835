"""Empty cells, sparingly, in every column that may be empty: against NOT IN, <>, COUNT and AVG."""

from collections.abc import Iterator

from evals.variants.changes import Unit
from evals.variants.draft import Draft, between

ONE_IN = 200
MOST = 60
_TRIES = 20


def nulls(draft: Draft) -> Iterator[Unit]:
    """Some cells of each nullable column; a nullable key to another table then points nowhere.

    Where every row of a table has to stay as it is, a copy of one is empty there.
    """
    for table in draft.tables():
        calculated = draft.habits.calculated(table)
        for name, role in draft.roles[table].items():
            if role.nullable and name not in calculated:
                wanted = between(1, draft.snapshot.tables[table].size // ONE_IN, MOST)
                made = list(_emptied(draft, table, name, wanted)) or list(_copied(draft, table, name))
                yield from made


def _emptied(draft: Draft, table: str, name: str, wanted: int) -> Iterator[Unit]:
    values = draft.snapshot.tables[table].columns[name]
    for place in draft.free_rows(table, wanted * _TRIES):
        unit = draft.altered(table, place, {name: None}) if values[place] is not None else None
        if unit:
            yield unit
            wanted -= 1
        if not wanted:
            return


def _copied(draft: Draft, table: str, name: str) -> Iterator[Unit]:
    for place in draft.some_rows(table, _TRIES):
        unit = draft.copy(table, place, cells={(table, place): {name: None}})
        if unit:
            yield unit
            return
