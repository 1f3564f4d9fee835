"""The sort keys of a gold query: which rows tie, and whether its LIMIT cuts through a tie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlglot import exp

from evals.compare.columns import Column, close
from evals.compare.reading import read
from knowledge.result import Result


@dataclass(frozen=True)
class Keyed:
    """A query that also gives its sort keys, and one row more than its LIMIT.

    `keys` are places in a row; the last `added` columns are not part of the answer. `ordered` says that the
    query sorts at its top level, `known` that every key of it is at hand.
    """

    tree: exp.Query
    keys: tuple[int, ...]
    added: int
    limit: int | None
    ordered: bool
    known: bool


def with_keys(query: exp.Query) -> Keyed:
    """Add the sort keys of the top level to the columns where they are not there yet.

    >>> import sqlglot
    >>> keyed = with_keys(sqlglot.parse_one("SELECT name FROM t ORDER BY pay DESC LIMIT 2", into=exp.Select))
    >>> keyed.tree.sql(), keyed.keys
    ('SELECT name, pay AS quarry_key_1 FROM t ORDER BY pay DESC LIMIT 3', (-1,))
    """
    tree = query.copy()
    order = tree.args.get("order")
    wanted = [entry.this for entry in order.expressions] if order else []
    places = [_place(tree, key) for key in wanted]
    unseen = [index for index, place in enumerate(places) if place is None]
    addable = isinstance(tree, exp.Select) and not tree.args.get("distinct")
    keys = tuple(place for place in places if place is not None)
    if isinstance(tree, exp.Select) and addable:
        for number, index in enumerate(unseen, start=1):
            tree.append("expressions", exp.alias_(_spelled_out(tree, wanted[index]), f"quarry_key_{number}"))
        keys = tuple(
            place if place is not None else unseen.index(index) - len(unseen)
            for index, place in enumerate(places)
        )
    limit = _raise_limit(tree)
    known = addable or not unseen
    return Keyed(tree, keys, len(unseen) if addable else 0, limit, bool(wanted), known)


def sorts(tree: exp.Expr) -> bool:
    """Whether a query sorts its own rows, at its top level."""
    return tree.unnest().args.get("order") is not None


def blocks_of(rows: Sequence[Sequence[Any]], keys: Sequence[int]) -> tuple[int, ...]:
    """One number a row, rising where a key changes.

    >>> blocks_of([("a", 3), ("b", 2), ("c", 2)], [1])
    (0, 1, 1)
    """
    if not rows:
        return ()
    changes = np.zeros(len(rows) - 1, np.bool_)
    for key in keys:
        changes |= _changes(read(tuple(row[key] for row in rows)))
    return (0, *np.cumsum(changes).tolist())


def cuts_tie(result: Result, keyed: Keyed) -> bool:
    """Whether the row after the LIMIT could as well stand before it; `result` is that of `keyed.tree`."""
    if keyed.limit is None or not 0 < keyed.limit < len(result.rows) or not keyed.known:
        return False
    last, following = result.rows[keyed.limit - 1 : keyed.limit + 1]
    shown = len(result.columns) - keyed.added
    tied = not keyed.keys or blocks_of([last, following], keyed.keys) == (0, 0)
    return tied and last[:shown] != following[:shown]


def _changes(column: Column) -> Any:
    same_kind = column.is_number[1:] == column.is_number[:-1]
    same_code = column.codes[1:] == column.codes[:-1]
    return ~(same_kind & same_code & close(column.numbers[1:], column.numbers[:-1]))


def _place(tree: exp.Query, key: exp.Expr) -> int | None:
    """Where the rows already hold a sort key: named by its number, its alias or the same expression."""
    if isinstance(key, exp.Literal) and not key.is_string:
        return int(key.name) - 1
    if any(projection.is_star for projection in tree.selects):
        return None
    for place, projection in enumerate(tree.selects):
        named = isinstance(key, exp.Column) and not key.table and _same_name(key, projection)
        if named or projection.unalias() == key:
            return place
    return None


def _same_name(key: exp.Expr, projection: exp.Expr) -> bool:
    return key.name.casefold() == projection.alias_or_name.casefold()


def _spelled_out(tree: exp.Select, key: exp.Expr) -> exp.Expr:
    """The key with the aliases of the SELECT list replaced by what they stand for."""

    def replace(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and not node.table:
            for projection in tree.selects:
                if isinstance(projection, exp.Alias) and _same_name(node, projection):
                    return exp.paren(projection.this.copy())
        return node

    return key.copy().transform(replace)


def _raise_limit(tree: exp.Query) -> int | None:
    limit = tree.args.get("limit")
    count = limit.expression if isinstance(limit, exp.Limit) else None
    if not isinstance(limit, exp.Limit) or not isinstance(count, exp.Literal) or count.is_string:
        return None
    number = int(count.name)
    limit.set("expression", exp.Literal.number(number + 1))
    return number
