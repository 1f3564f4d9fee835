"""A view is no way around a rule."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.forbidden_columns import forbidden_columns
from graph.checks.remembered import remembered
from graph.checks.required_filters import required_filters
from graph.checks.scope import scope
from graph.checks.scopes import Scopes, Source, reads_cte, scopes_of
from knowledge.rules import Rule
from knowledge.schema import Schema

_DEEPEST = 10
_HOLDING = (forbidden_columns, scope, required_filters)


def views(tree: exp.Expr, context: CheckContext) -> Checked:
    """Put a view's own SELECT in its place where a rule is about the tables that it reads.

    Applies when: a view is read whose SQL the database tells, and a rule is about a table behind it.
    Violated when: that SELECT does not hold the rule already.
    Says: where it cannot be put in, because the view reads what this workspace does not know.
    Mends: a sub-query for the view, so that the other checks see its tables.

    >>> # FROM big_orders b  ->  FROM (SELECT * FROM orders WHERE amount > 100) AS b
    """
    if not _definitions(context.schema) or not context.held:
        return Checked(tree)
    tables = _ruled(context.held)
    for _ in range(_DEEPEST):
        found = [
            source for source in _read(scopes_of(tree, context.schema)) if _matters(source, tables, context)
        ]
        if not found:
            return Checked(tree)
        unknown = next((source for source in found if not _is_known(source, context.schema)), None)
        if unknown is not None:
            why = f"a rule is about what the view {unknown.table} reads, and cannot be put into it"
            return Checked(tree, (Finding("views", unknown.table or "", why, "read the tables themselves"),))
        tree = _with_queries(tree, {source.alias for source in found}, context, tables)
    return Checked(tree)


@remembered
def _definitions(schema: Schema) -> dict[str, exp.Expr]:
    """The SELECT of each view that can be read."""
    found: dict[str, exp.Expr] = {}
    for table in schema.tables:
        if table.definition:
            try:
                query = sqlglot.parse_one(table.definition, dialect=schema.dialect)
            except SqlglotError:
                continue
            found[table.name] = query
    return found


def _ruled(rules: tuple[Rule, ...]) -> frozenset[str]:
    """The tables that rules are about."""
    names = {table for rule in rules for table in rule.require}
    columns = [
        name
        for rule in rules
        for name in (*rule.hidden, *rule.needs_column, *(key for key in rule.scope if "." in key))
    ]
    names |= {name.rpartition(".")[0] for name in columns}
    return frozenset(names | {key for rule in rules for key in rule.scope if "." not in key})


def _read(scopes: Scopes) -> list[Source]:
    definitions = _definitions(scopes.schema)
    return [source for source in scopes.of_all() if source.table in definitions]


def _matters(source: Source, tables: frozenset[str], context: CheckContext) -> bool:
    """Whether a rule is about what a view reads, and is not held there already."""
    query = _definitions(context.schema)[source.table or ""]
    behind = _behind(query, context.schema)
    if not behind & tables:
        return False
    if any(name in behind for rule in context.held for name in _tables_of(rule.mask)):
        return True
    if any(table in _definitions(context.schema) for table in behind):
        return True
    for check in _HOLDING:
        checked = check(query, context)
        if checked.findings or checked.tree != query:
            return True
    return False


def _tables_of(columns: tuple[str, ...]) -> set[str]:
    return {name.rpartition(".")[0] for name in columns}


def _behind(query: exp.Expr, schema: Schema, depth: int = 0) -> set[str]:
    """The tables that a query reads, through views too."""
    definitions, found = _definitions(schema), set[str]()
    for source in Scopes(query, schema).of_all():
        if source.table is None:
            continue
        found.add(source.table)
        if source.table in definitions and depth < _DEEPEST:
            found |= _behind(definitions[source.table], schema, depth + 1)
    return found


def _is_known(source: Source, schema: Schema) -> bool:
    """Whether all that a view reads is of this workspace, so that it may be read directly."""
    known = {table.name.lower() for table in schema.tables}
    query = _definitions(schema)[source.table or ""]
    return all(
        (node.name.lower() in known and not node.db) or reads_cte(node) for node in query.find_all(exp.Table)
    )


def _with_queries(
    tree: exp.Expr, aliases: set[str], context: CheckContext, tables: frozenset[str]
) -> exp.Expr:
    tree = tree.copy()
    for source in _read(Scopes(tree, context.schema)):
        if source.alias not in aliases or not _matters(source, tables, context):
            continue
        query = _definitions(context.schema)[source.table or ""].copy()
        table = source.node
        derived = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(source.alias)))
        derived.set("joins", table.args.get("joins"))
        table.set("joins", None)
        table.replace(derived)
    return tree
