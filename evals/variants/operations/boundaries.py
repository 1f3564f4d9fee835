"""Rows at and around what the golds compare with.

A row that a gold reads is copied, and one cell of the copy is moved to the boundary or just across: so each
comparison of each gold is decided by some row, while all its other conditions still hold.
"""

from collections.abc import Iterator

from evals.variants.changes import Unit
from evals.variants.draft import Draft
from evals.variants.operations.planting import Plant


def boundaries(draft: Draft) -> Iterator[Unit]:
    """For every comparison of every gold: rows on either side of it, and on it."""
    for focus in draft.focuses:
        for condition in focus.conditions:
            at = [witness for witness in focus.witnesses if condition.alias in witness]
            if at:
                yield from Plant(draft, focus, condition, at).units()
