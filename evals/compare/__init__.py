"""Is this result the expected one? Pure functions over two results."""

from evals.compare.results import Comparison, compare

__all__ = ["Comparison", "compare"]
