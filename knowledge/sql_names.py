"""SQL that people wrote into YAML files: does it parse, and does it name what exists?"""

from collections import defaultdict

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from knowledge.names import column_problem, table_problem
from knowledge.schema import Schema


def statement_problem(sql: str, schema: Schema) -> str:
    """What is wrong with one whole SELECT; empty where nothing is."""
    try:
        statements = sqlglot.parse(sql, dialect=schema.dialect)
    except SqlglotError as error:
        return _unreadable(error)
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        return "it must be exactly one SELECT; write one query"
    return _names_problem(statements[0], schema, {})


def expression_problem(sql: str, schema: Schema) -> str:
    """What is wrong with a condition or a metric whose columns stand outside any query as table.column."""
    try:
        tree = sqlglot.parse_one(sql, into=exp.Condition, dialect=schema.dialect)
    except SqlglotError as error:
        return _unreadable(error)
    for column in tree.find_all(exp.Column):
        if not column.table and column.find_ancestor(exp.Query) is None:
            return column_problem(schema, column.name)
    return _names_problem(tree, schema, {table.name.lower(): {table.name} for table in schema.tables})


def columns_outside_queries(sql: str, schema: Schema) -> set[str]:
    """The qualifiers that an expression uses outside its sub-queries; the expression must parse."""
    tree = sqlglot.parse_one(sql, into=exp.Condition, dialect=schema.dialect)
    return {c.table for c in tree.find_all(exp.Column) if c.find_ancestor(exp.Query) is None}


def _names_problem(tree: exp.Expr, schema: Schema, named: dict[str, set[str]]) -> str:
    known = {table.name.lower(): table.name for table in schema.tables}
    derived = {alias.alias.lower() for alias in tree.find_all(exp.CTE, exp.Subquery) if alias.alias}
    sources: dict[str, set[str]] = defaultdict(set)
    for name, tables in named.items():
        sources[name] |= tables
    for table in tree.find_all(exp.Table):
        name = table.name.lower()
        if name in derived and name not in known:
            derived.add(table.alias_or_name.lower())
        elif name not in known:
            return table_problem(schema, table.name)
        else:
            sources[table.alias_or_name.lower()].add(known[name])
    given = {alias.alias.lower() for alias in tree.find_all(exp.Alias)}
    for column in tree.find_all(exp.Column):
        if problem := _column_problem(column, schema, sources, derived, given):
            return problem
    return ""


def _column_problem(
    column: exp.Column, schema: Schema, sources: dict[str, set[str]], derived: set[str], given: set[str]
) -> str:
    qualifier, name = column.table.lower(), column.name.lower()
    if not name or isinstance(column.this, exp.Star) or qualifier in derived:
        return ""
    if qualifier and qualifier not in sources:
        return f"`{column.sql()}` uses `{column.table}`, which is not in the query; add it to FROM or JOIN"
    tables = sources[qualifier] if qualifier else {table for found in sources.values() for table in found}
    if any(name == known.name.lower() for table in tables for known in schema.by_name[table].columns):
        return ""
    if not qualifier and (derived or name in given):
        return ""
    if not tables:
        return f"there is no column `{column.name}` without a table; add FROM"
    return column_problem(schema, f"{min(tables)}.{column.name}")


def _unreadable(error: SqlglotError) -> str:
    details = getattr(error, "errors", None) or [{}]
    reason = str(details[0].get("description") or error).split("\n")[0].strip().rstrip(".")
    near = str(details[0].get("highlight") or "").strip()
    return f"this cannot be read as SQL ({reason}{f' near `{near}`' if near else ''}); mend it"
