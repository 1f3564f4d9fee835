"""Copies of a tree with one node at hand."""

from collections.abc import Iterator
from typing import TypeVar

from sqlglot import exp

E = TypeVar("E", bound=exp.Expr)

COMPARED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
}


def places(tree: exp.Expr, *kinds: type[exp.Expr]) -> list[int]:
    """Where nodes of some kinds stand, for `copied`."""
    return [place for place, node in enumerate(tree.walk()) if isinstance(node, kinds)]


def copied(tree: exp.Expr, place: int, kind: type[E]) -> tuple[exp.Expr, E]:
    """A copy of the tree, and its node at a place."""
    copy = tree.copy()
    node = next(node for number, node in enumerate(copy.walk()) if number == place)
    assert isinstance(node, kind)
    return copy, node


def each(tree: exp.Expr, kind: type[E]) -> Iterator[tuple[exp.Expr, E]]:
    """A copy of the tree for each node of a kind."""
    for place in places(tree, kind):
        yield copied(tree, place, kind)


def swapped(node: exp.Expr, kind: type[exp.Expr]) -> exp.Expr:
    """The same two sides under another operator."""
    return kind(this=node.this.copy(), expression=node.expression.copy())


def is_join(node: exp.Expr | None) -> bool:
    """Whether this compares two columns in the condition of a join."""
    return (
        isinstance(node, exp.EQ)
        and isinstance(node.this, exp.Column)
        and isinstance(node.expression, exp.Column)
        and isinstance(node.find_ancestor(exp.Join, exp.Query), exp.Join)
    )
