"""Edits of how tables are joined."""

from collections.abc import Iterator

from sqlglot import exp

from evals.variants.edits.same import same_either_side
from evals.variants.edits.tree import copied, each, places
from graph.checks.scopes import conjuncts
from knowledge.schema import Schema


def join_side(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """An outer join for an inner one, and back."""
    for copy, join in each(tree, exp.Join):
        if join.args.get("on") is not None and not same_either_side(join, copy, schema):
            join.set("side", None if join.side else "LEFT")
            join.set("kind", None)
            yield copy


def join_part(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """One condition less of those that a join has."""
    for place in places(tree, exp.Join):
        parts = len(list(conjuncts(copied(tree, place, exp.Join)[1].args.get("on"))))
        for number in range(parts if parts > 1 else 0):
            copy, join = copied(tree, place, exp.Join)
            rest = [part.copy() for n, part in enumerate(conjuncts(join.args["on"])) if n != number]
            join.set("on", exp.and_(*rest, copy=False))
            yield copy
