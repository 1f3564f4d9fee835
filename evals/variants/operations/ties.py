"""Equal values in columns that one sorts by: against LIMIT 1 where several are first, and RANK."""

from collections.abc import Iterator

from evals.variants.changes import Unit
from evals.variants.draft import Draft, between

ONE_IN = 50
MOST = 40


def ties(draft: Draft) -> Iterator[Unit]:
    """Measures that take the value of another row of their table."""
    for table in draft.tables():
        kept = draft.habits.calculated(table) | draft.habits.bound(table) | draft.unique_columns(table)
        for name, role in draft.roles[table].items():
            if role.role != "measure" or name in kept:
                continue
            values = draft.snapshot.tables[table].columns[name]
            known = [value for value in values if value is not None]
            for place in draft.free_rows(table, between(1, len(values) // ONE_IN, MOST)):
                value = draft.rng.choice(known)
                if values[place] is None or values[place] == value:
                    continue
                unit = draft.altered(table, place, {name: value})
                if unit:
                    yield unit
