"""The edits that make a wrong neighbour of a query, in the order of `EDITS`: one function a kind.

Each takes a tree, the schema, and whether the order of the rows counts, and gives edited copies. An edit that
the schema shows to change nothing (counting a column that is never empty) is not made.
"""

from collections.abc import Callable, Iterator

from sqlglot import exp

from evals.variants.edits.columns import column, key_column
from evals.variants.edits.conditions import comparison, connective, date, filters, null, number
from evals.variants.edits.joins import join_part, join_side
from evals.variants.edits.rows import aggregate, counted, direction, distinct, grouping, limit, set_operation
from knowledge.schema import Schema

Edit = Callable[[exp.Expr, Schema, bool], Iterator[exp.Expr]]

EDITS: tuple[tuple[str, Edit], ...] = (
    ("comparison", comparison),
    ("and / or", connective),
    ("filter dropped", filters),
    ("distinct", distinct),
    ("count", counted),
    ("aggregate", aggregate),
    ("inner / outer join", join_side),
    ("join condition dropped", join_part),
    ("key column", key_column),
    ("sibling column", column),
    ("direction", direction),
    ("limit", limit),
    ("date", date),
    ("threshold", number),
    ("null and negation", null),
    ("set operation", set_operation),
    ("grouping", grouping),
)

__all__ = ["EDITS", "Edit"]
