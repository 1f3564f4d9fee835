"""Variants of a database, on which a right answer has to be right too, and what they catch."""

from evals.variants.make import existing, make_variants

__all__ = ["existing", "make_variants"]
