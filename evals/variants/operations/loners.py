"""Groups with one row: parents that have a single child."""

from collections.abc import Iterator

from evals.variants.changes import Unit
from evals.variants.draft import Draft

EACH = 2
_TRIES = 12


def loners(draft: Draft) -> Iterator[Unit]:
    """Copies of parents that take along one of their children: against averages of averages, HAVING > 1."""
    for key in draft.snapshot.keys:
        if key.table == key.to_table or draft.habits.whole_with(key):
            continue
        made = 0
        for place in draft.some_rows(key.to_table, _TRIES):
            below = draft.snapshot.children(key, place)
            if not below:
                continue
            one = (key.table, draft.rng.choice(below))
            members = draft.cloner.family(key.to_table, place, {one}, children=False)
            unit = draft.cloner.clone(members) if members else None
            if unit:
                yield unit
                made += 1
            if made == EACH:
                break
