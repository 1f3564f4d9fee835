"""Edits that take another column of the same table."""

from collections.abc import Iterator

from sqlglot import exp

from evals.variants.edits.same import follows
from evals.variants.edits.tree import copied, is_join, places
from graph.checks.scopes import Scopes
from knowledge.schema import Column, Schema

MOST_SIBLINGS = 2


def column(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """A sibling: the nearest columns of the same kind, in the SELECT list, a filter or a grouping."""
    for place in places(tree, exp.Column):
        copy, node = copied(tree, place, exp.Column)
        scopes, group = Scopes(copy, schema), node.parent
        table = scopes.table_of(node)
        if table is None or is_join(node.parent):
            continue
        if isinstance(group, exp.Group):
            number = next(n for n, key in enumerate(group.expressions) if key is node)
            if follows(group.expressions, number, scopes, schema):
                continue
        for name in _siblings(table, node.name, schema):
            yield _renamed(tree, place, name)


def key_column(tree: exp.Expr, schema: Schema, ordered: bool) -> Iterator[exp.Expr]:
    """Another key column of the same table in a join's condition."""
    for place in places(tree, exp.Column):
        copy, node = copied(tree, place, exp.Column)
        table = Scopes(copy, schema).table_of(node) if is_join(node.parent) else None
        if table is not None:
            others = sorted(name for name in _keys(table, schema) if name != node.name)
            yield from (_renamed(tree, place, name) for name in others[:MOST_SIBLINGS])


def _siblings(table: str, name: str, schema: Schema) -> list[str]:
    columns = schema.by_name[table].columns
    at = next((n for n, c in enumerate(columns) if c.name.lower() == name.lower()), None)
    if at is None:
        return []
    own, keys = columns[at], _keys(table, schema)
    alike = [
        (abs(n - at), n)
        for n, c in enumerate(columns)
        if n != at and _sort(c) == _sort(own) and (c.name in keys) == (own.name in keys)
    ]
    return [columns[n].name for _, n in sorted(alike)[:MOST_SIBLINGS]]


def _keys(table: str, schema: Schema) -> set[str]:
    pointing = {name for key in schema.foreign_keys if key.table == table for name in key.columns}
    return pointing | set(schema.by_name[table].primary_key)


def _renamed(tree: exp.Expr, place: int, name: str) -> exp.Expr:
    copy, node = copied(tree, place, exp.Column)
    node.set("this", exp.to_identifier(name))
    return copy


def _sort(column: Column) -> str:
    if column.is_temporal:
        return "time"
    if column.is_number:
        return "number"
    return "text" if column.is_text else column.type
