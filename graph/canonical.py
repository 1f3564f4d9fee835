"""A person's statement in the one form that the synthesiser writes: the model learns one way of saying it."""

import re
from collections.abc import Callable

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify_columns import qualify_columns
from sqlglot.optimizer.qualify_tables import qualify_tables
from sqlglot.optimizer.scope import Scope, traverse_scope
from sqlglot.schema import MappingSchema

from graph.constraint.names import written
from knowledge.aliased import is_not_null
from knowledge.schema import Schema

_TABLE_AS = re.compile(r"\b(FROM|JOIN) (\w+|\"[^\"]+\"|`[^`]+`) AS (\w+)")

_PLAIN_ORDER = re.compile(r"(ORDER BY \d+) ASC(?! LIMIT)")


class NotCanonicalError(Exception):
    """A form that cannot be brought into the canonical one; the message says why."""


def canonical(tree: exp.Expr, schema: Schema) -> str:
    """SQL text with the schema's names and aliases, explicit joins and without names of its own for columns.

    A table that stands twice in one statement gets its alias and a 2. Raises NotCanonicalError.
    """

    def plainly(scopes: list[Scope]) -> None:
        for scope in scopes:
            _explicit_joins(scope)

    tree = _qualified(tree, schema, plainly, _plain_outputs)
    return text_of(tree, schema.dialect)


def renamed(tree: exp.Query, schema: Schema) -> exp.Query:
    """The same statement with the schema's names and aliases. Raises NotCanonicalError."""
    named = [isinstance(item, exp.Alias) for item in tree.selects]
    made = _qualified(tree, schema, lambda scopes: None, _without_made_up_names)
    assert isinstance(made, exp.Query)
    for item, is_named in zip(list(made.selects), named, strict=False):
        if isinstance(item, exp.Alias) and not is_named:
            item.replace(item.this)
    return made


def _qualified(
    tree: exp.Expr,
    schema: Schema,
    before: Callable[[list[Scope]], None],
    behind: Callable[[exp.Expr], None],
) -> exp.Expr:
    """Every column behind its table's alias, and that the schema's; with a step before and one behind."""
    tree = tree.copy()
    try:
        _named_as_stored(tree, schema)
        tree = qualify_tables(tree, dialect=schema.dialect)
        columns: dict[str, object] = {
            t.name: {c.name: c.type or "TEXT" for c in t.columns} for t in schema.tables
        }
        stored = MappingSchema(columns, dialect=schema.dialect, normalize=False)
        tree = qualify_columns(tree, stored, expand_alias_refs=False, expand_stars=False)
        before(traverse_scope(tree))
        _alias(tree, schema)
        behind(tree)
    except (SqlglotError, KeyError, ValueError, AttributeError) as error:
        raise NotCanonicalError(str(error).splitlines()[0]) from error
    return tree


def _without_made_up_names(tree: exp.Expr) -> None:
    """Names that were given to what had none, where nothing calls them so."""
    for item in list(tree.find_all(exp.Alias)):
        select = item.parent
        if item.alias.startswith("_col_") and isinstance(select, exp.Select) and not _is_table(select):
            item.replace(item.this)


def text_of(tree: exp.Expr, dialect: str) -> str:
    """Of a tree in the canonical form: tables without AS, ASC only where rows are cut off behind it."""
    text = _TABLE_AS.sub(r"\1 \2 \3", is_not_null(tree.sql(dialect=dialect)))
    return _PLAIN_ORDER.sub(r"\1", text)


def _named_as_stored(tree: exp.Expr, schema: Schema) -> None:
    """Names in the case of the schema, in quotes where they need them."""
    names = {t.name.lower(): t.name for t in schema.tables}
    names |= {c.name.lower(): c.name for t in schema.tables for c in t.columns}
    for node in tree.find_all(exp.Identifier):
        node.set("this", names.get(node.name.lower(), node.name.lower()))
        node.set("quoted", written(node.name, schema.dialect) != node.name)


def _explicit_joins(scope: Scope) -> None:
    """FROM a, b WHERE a.x = b.y as FROM a JOIN b ON b.y = a.x: the joined table's side first."""
    select = scope.expression
    joins = select.args.get("joins") or []
    seen = {_source(select)}
    where = select.args.get("where")
    conjuncts = list(where.this.flatten()) if where and isinstance(where.this, exp.And) else []
    conjuncts = conjuncts or ([where.this] if where else [])
    for join in joins:
        name = join.this.alias_or_name
        if join.args.get("on") is None and not join.args.get("using"):
            keys = [c for c in conjuncts if _joins(c, name, seen)]
            if keys:
                join.set("on", exp.and_(*[key.copy() for key in keys], copy=False))
                join.set("kind", None)
                conjuncts = [c for c in conjuncts if c not in keys]
        _turn(join, name)
        seen.add(name)
    if where:
        select.set("where", exp.Where(this=exp.and_(*conjuncts, copy=False)) if conjuncts else None)


def _source(select: exp.Expr) -> str:
    source = select.args.get("from_") or select.args.get("from")
    return source.this.alias_or_name if source else ""


def _joins(condition: exp.Expr, name: str, seen: set[str]) -> bool:
    if not isinstance(condition, exp.EQ):
        return False
    sides = (condition.left, condition.right)
    if not all(isinstance(side, exp.Column) for side in sides):
        return False
    tables = {side.table for side in sides if isinstance(side, exp.Column)}
    return name in tables and bool(tables & seen)


def _turn(join: exp.Expr, name: str) -> None:
    on = join.args.get("on")
    for equal in list(on.find_all(exp.EQ)) if on is not None else []:
        left, right = equal.left, equal.right
        if isinstance(right, exp.Column) and right.table == name and isinstance(left, exp.Column):
            equal.set("this", right)
            equal.set("expression", left)


def _alias(tree: exp.Expr, schema: Schema) -> None:
    """The schema's alias for every table; a number behind it where an outer or the same SELECT has it."""
    for scope in traverse_scope(tree):
        taken = _outer(scope)
        for old, source in list(scope.selected_sources.items()):
            node = source[0]
            if not isinstance(node, exp.Table):
                continue
            plain = schema.aliases.get(node.name)
            if plain is None:
                continue
            new, number = plain, 1
            while new in taken:
                number += 1
                new = f"{plain}{number}"
            taken.add(new)
            node.set("alias", exp.TableAlias(this=exp.to_identifier(new)))
            below = (c for nested in scope.subquery_scopes for c in nested.external_columns)
            for column in [*scope.columns, *below]:
                if column.table == old and not column.args["table"].args.get("renamed"):
                    column.set("table", exp.to_identifier(new))
                    column.args["table"].set("renamed", True)
    for name in tree.find_all(exp.Identifier):
        name.args.pop("renamed", None)


def _outer(scope: Scope) -> set[str]:
    """Aliases that a correlated query must not hide; one that stands for itself may use them again."""
    return {column.table for column in scope.external_columns} if scope.is_correlated_subquery else set()


def _plain_outputs(tree: exp.Expr) -> None:
    """No names for columns but where something refers to them; groups and order by the column's place."""
    for select in tree.find_all(exp.Select):
        if _is_table(select):
            continue
        _by_place(select)
        used = {column.name for column in select.find_all(exp.Column) if not column.table}
        for item in list(select.expressions):
            if isinstance(item, exp.Alias) and item.alias not in used:
                item.replace(item.this)
        places = {item.sql(): place for place, item in enumerate(select.expressions, 1)}
        for key in _keys(select):
            if (place := places.get(key.unnest().sql())) is not None:
                key.replace(exp.Literal.number(place))


def _by_place(select: exp.Expr) -> None:
    """ORDER BY a name of its own as ORDER BY the column's place."""
    places = {item.alias: n for n, item in enumerate(select.expressions, 1) if isinstance(item, exp.Alias)}
    for key in _keys(select):
        if isinstance(key, exp.Column) and not key.table and key.name in places:
            key.replace(exp.Literal.number(places[key.name]))


def _keys(select: exp.Expr) -> list[exp.Expr]:
    """What a SELECT groups and orders by."""
    clauses = (select.args.get("group"), select.args.get("order"))
    nodes = [node for clause in clauses if clause is not None for node in clause.expressions]
    return [node.this if isinstance(node, exp.Ordered) else node for node in nodes]


def _is_table(select: exp.Expr) -> bool:
    """Whether a SELECT stands in FROM or JOIN or WITH, where its columns are called by their names."""
    parent = select.parent
    if isinstance(parent, exp.Subquery):
        return isinstance(parent.parent, exp.From | exp.Join) or bool(parent.alias)
    return isinstance(parent, exp.CTE)
