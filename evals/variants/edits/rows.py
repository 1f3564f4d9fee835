"""Edits of which rows come out: how often, how many, counted, added up and sorted how."""

from collections.abc import Iterator

from sqlglot import exp

from evals.variants.edits.same import already_distinct, follows, may_be_null
from evals.variants.edits.tree import copied, each, places
from graph.checks.scopes import Scopes
from knowledge.schema import Schema

MOST_KEYS = 2

_AGGREGATES: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.Sum: exp.Avg,
    exp.Avg: exp.Sum,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
}


def distinct(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """DISTINCT lost, or one too many where rows may repeat."""
    for copy, select in each(tree, exp.Select):
        if _only_membership(select):
            continue
        if select.args.get("distinct"):
            select.set("distinct", None)
            yield copy
        elif not already_distinct(select, Scopes(copy, schema), schema):
            select.set("distinct", exp.Distinct())
            yield copy


def counted(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """COUNT(*), COUNT(column) and COUNT(DISTINCT column) for each other."""
    for place in places(tree, exp.Count):
        for other in _other_counts(tree, place, schema):
            copy, node = copied(tree, place, exp.Count)
            node.set("this", other)
            yield copy


def _other_counts(tree: exp.Expr, place: int, schema: Schema) -> Iterator[exp.Expr]:
    copy, node = copied(tree, place, exp.Count)
    inner = node.this
    if isinstance(inner, exp.Distinct):
        if len(inner.expressions) == 1:
            yield inner.expressions[0].copy()
    elif not isinstance(inner, exp.Star):
        if may_be_null(inner, copy, schema):
            yield exp.Star()
        yield exp.Distinct(expressions=[inner.copy()])
    else:
        select = node.find_ancestor(exp.Select)
        for source in Scopes(copy, schema).of(select) if select is not None else ():
            if source.table is None:
                continue
            table = schema.by_name[source.table]
            nullable = [c.name for c in table.columns if c.nullable and c.name not in table.primary_key]
            keys = {n for key in schema.foreign_keys if key.table == source.table for n in key.columns}
            yield from (exp.column(name, source.alias) for name in nullable[:1])
            for name in sorted(keys)[:MOST_KEYS]:
                yield exp.Distinct(expressions=[exp.column(name, source.alias)])


def aggregate(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """SUM for AVG, MIN for MAX, and back."""
    for place in places(tree, *_AGGREGATES):
        copy, node = copied(tree, place, exp.Expr)
        node.replace(_AGGREGATES[type(node)](this=node.this.copy()))
        yield copy


def direction(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """ASC for DESC, where it decides the rows or their order counts."""
    for copy, key in each(tree, exp.Ordered):
        query = key.find_ancestor(exp.Query, exp.Window)
        limited = isinstance(query, exp.Window) or (query is not None and query.args.get("limit"))
        if limited or (ordered and query is copy):
            key.set("desc", not key.args.get("desc"))
            yield copy


def limit(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """One row more or less."""
    for by in (1, -1):
        for copy, node in each(tree, exp.Limit):
            count = node.expression
            if isinstance(count, exp.Literal) and not count.is_string and int(count.name) + by > 0:
                node.set("expression", exp.Literal.number(int(count.name) + by))
                yield copy


def set_operation(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """UNION for UNION ALL, INTERSECT for EXCEPT, and back."""
    for copy, node in each(tree, exp.Union):
        node.set("distinct", not node.args.get("distinct"))
        yield copy
    for place in places(tree, exp.Intersect, exp.Except):
        copy, both = copied(tree, place, exp.SetOperation)
        kind = exp.Except if isinstance(both, exp.Intersect) else exp.Intersect
        other = kind(**{name: _copy(value) for name, value in both.args.items()})
        if both is copy:
            yield other
        else:
            both.replace(other)
            yield copy


def grouping(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """One grouping key less, where the others do not fix it."""
    for place in places(tree, exp.Group):
        _, group = copied(tree, place, exp.Group)
        for number in range(len(group.expressions) if len(group.expressions) > 1 else 0):
            copy, again = copied(tree, place, exp.Group)
            if not follows(again.expressions, number, Scopes(copy, schema), schema):
                again.expressions[number].pop()
                yield copy


def _only_membership(select: exp.Expr) -> bool:
    """Whether a SELECT stands inside IN (...) or EXISTS (...), where repeated rows change nothing."""
    parent = select.parent
    while isinstance(parent, exp.Subquery | exp.Paren):
        parent = parent.parent
    return isinstance(parent, exp.In | exp.Exists)


def _copy(value: object) -> object:
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value.copy() if isinstance(value, exp.Expr) else value
