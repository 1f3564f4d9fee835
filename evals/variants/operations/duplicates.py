"""Rows that are there twice: only their key, and what must be unique, tells them apart."""

from collections.abc import Iterator

from evals.variants.changes import Unit
from evals.variants.draft import Draft, between

ONE_IN = 100
MOST = 60


def duplicates(draft: Draft) -> Iterator[Unit]:
    """Copies of rows with all that hangs below them: against a lost DISTINCT, or one too many."""
    for table in draft.tables():
        wanted = between(2, draft.snapshot.tables[table].size // ONE_IN, MOST)
        for place in draft.some_rows(table, wanted):
            unit = draft.copy(table, place)
            if unit:
                yield unit
