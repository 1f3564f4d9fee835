"""One spelling for expressions that mean the same columns, whatever their tables are called in a query."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from graph.checks.scopes import conjuncts
from graph.explain.origins import Origins, Stored, within
from knowledge.schema import Schema


def canonical(node: exp.Expr, origins: Origins) -> str:
    """The expression with full table names and without aliases; empty where it cannot stand for itself alone.

    That is so where a column is made by a sub-query, or where two copies of one table meet.
    """
    copies: dict[str, str] = {}
    names: list[str] = []
    for column in node.find_all(exp.Column):
        found = origins.of(column)
        if not isinstance(found, Stored):
            return ""
        inside = column.find_ancestor(exp.Select)
        outside = inside is None or not within(node, inside)
        if outside and copies.setdefault(found.table, found.alias) != found.alias:
            return ""
        names.append(found.full_name)
    copy = node.copy()
    for column, name in zip(list(copy.find_all(exp.Column)), names, strict=True):
        column.replace(exp.column(*reversed(name.split(".", 1))))
    for table in copy.find_all(exp.Table):
        table.set("alias", None)
    return _written(copy, origins.schema)


def standalone(sql: str, schema: Schema) -> tuple[exp.Expr, Origins] | None:
    """An expression of the glossary or of a rule, put where its full names can be found; or None."""
    try:
        tree = sqlglot.parse_one(sql, into=exp.Condition, dialect=schema.dialect)
    except SqlglotError:
        return None
    outside = dict.fromkeys(c.table for c in tree.find_all(exp.Column) if c.find_ancestor(exp.Select) is None)
    tables = [exp.Table(this=exp.to_identifier(name, quoted=True)) for name in outside]
    query = exp.select(tree).from_(tables[0]) if tables else exp.select(tree)
    for table in tables[1:]:
        query = query.join(table)
    origins = Origins(query, schema)
    return query.expressions[0], origins


def spelling(sql: str, schema: Schema) -> str:
    """`canonical` of an expression whose columns stand as table.column."""
    try:
        tree = sqlglot.parse_one(sql, into=exp.Condition, dialect=schema.dialect)
    except SqlglotError:
        return ""
    if all(_is_full(node, schema) for node in tree.walk()):
        return _written(tree, schema)
    found = standalone(sql, schema)
    return canonical(*found) if found is not None else ""


def _is_full(node: exp.Expr, schema: Schema) -> bool:
    """Whether there is nothing to look up: no query, and every column under its table's own name."""
    if isinstance(node, exp.Column):
        table = schema.by_name.get(node.table)
        return table is not None and node.name in table.by_name
    return not isinstance(node, exp.Query) and not (isinstance(node, exp.Identifier) and node.quoted)


def _written(tree: exp.Expr, schema: Schema) -> str:
    return tree.sql(dialect=schema.dialect, normalize_functions="upper").replace(" ", "").lower()


def spellings(condition: str, schema: Schema) -> list[str]:
    """Of each part of a condition that AND joins."""
    found = standalone(condition, schema)
    return [canonical(part, found[1]) for part in conjuncts(found[0])] if found is not None else []
