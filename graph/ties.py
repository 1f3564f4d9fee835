"""Rows that share the first place: 'the cheapest product' may be two, and one alone would hide that."""

from dataclasses import replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from graph.context import Context
from graph.outcome import Answered
from knowledge.errors import QueryError
from knowledge.link import Linked

MOST = 20
"""With more the place says nothing: a date of the last day, a figure that is zero for all."""

SLOW_S = 5.0
"""Nobody waits for a statement that took so long a second time."""


def with_ties(answer: Answered, linked: Linked, context: Context) -> Answered:
    """The answer with all rows of the first place, where its statement takes one and the question names no
    number. It stays as it is where there is one such row, where all look alike, or where that cannot be told.
    """
    asked_for_one = any(slot.number == 1 for slot in linked.slots)
    if asked_for_one or len(answer.result.rows) != 1 or answer.result.seconds > SLOW_S:
        return answer
    dialect = context.schema.dialect
    try:
        tree = sqlglot.parse_one(answer.sql, dialect=dialect)
    except SqlglotError:
        return answer
    if not isinstance(tree, exp.Select) or not _takes_one(tree):
        return answer
    wider, keys = _with_keys(tree)
    try:
        found = context.database.run(wider.limit(MOST + 1).sql(dialect), timeout_s=context.timeout_s)
    except QueryError:
        return answer
    first = [row for row in found.rows if [row[key] for key in keys] == [found.rows[0][key] for key in keys]]
    shown = tuple(row[: len(answer.result.columns)] for row in first)
    if not 1 < len(shown) <= MOST or len(set(shown)) == 1 or answer.result.rows[0] not in shown:
        return answer
    return replace(
        answer,
        sql=tree.limit(len(shown)).sql(dialect, pretty="\n" in answer.sql),
        result=replace(answer.result, rows=shown),
        notes=(*answer.notes, f"{len(shown)} share the first place, so all of them are shown."),
    )


def _takes_one(tree: exp.Select) -> bool:
    limit, order = tree.args.get("limit"), tree.args.get("order")
    one = isinstance(limit, exp.Limit) and limit.expression == exp.Literal.number(1)
    return bool(one and order and not tree.args.get("offset") and not tree.args.get("distinct"))


def _with_keys(tree: exp.Select) -> tuple[exp.Select, list[int]]:
    """The statement with its sort keys in the select list, and their places there."""
    made, places = tree.copy(), []
    names = [item.alias_or_name for item in made.selects]
    for ordered in made.args["order"].expressions:
        key = ordered.this
        if isinstance(key, exp.Literal) and key.is_int:
            places.append(int(key.name) - 1)
        elif isinstance(key, exp.Column) and not key.table and key.name in names:
            places.append(names.index(key.name))
        else:
            places.append(len(made.selects))
            made = made.select(key.copy())
    return made, places
