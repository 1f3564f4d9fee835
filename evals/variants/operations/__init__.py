"""How a variant differs from its database: one operation a file, in the order of `OPERATIONS`."""

from collections.abc import Callable, Iterator

from evals.variants.changes import Unit
from evals.variants.draft import Draft
from evals.variants.operations.boundaries import boundaries
from evals.variants.operations.duplicates import duplicates
from evals.variants.operations.edges import edges
from evals.variants.operations.loners import loners
from evals.variants.operations.nulls import nulls
from evals.variants.operations.orphans import orphans
from evals.variants.operations.shuffles import shuffles
from evals.variants.operations.ties import ties
from evals.variants.operations.tipping import tipping

Operation = Callable[[Draft], Iterator[Unit]]

OPERATIONS: tuple[Operation, ...] = (
    boundaries,
    tipping,
    duplicates,
    orphans,
    loners,
    edges,
    nulls,
    ties,
    shuffles,
)
__all__ = ["OPERATIONS", "Operation"]
