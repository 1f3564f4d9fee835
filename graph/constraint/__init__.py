"""Constrained decoding: only read-only queries, only names of the schema."""

from graph.constraint.constraint import MOST_TABLES, Constraint, constraint_for

__all__ = ["MOST_TABLES", "Constraint", "constraint_for"]
