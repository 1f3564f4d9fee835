"""Which columns a statement, a term or a rule names, as full names."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from knowledge.schema import Schema

if TYPE_CHECKING:
    from knowledge.glossary import Term
    from knowledge.rules import Rule

PLACE = "{t}"


def columns_of_sql(sql: str, schema: Schema) -> frozenset[str]:
    """Of one statement or expression. A column without its table counts for every table of the statement that
    has one of that name; what cannot be read names none.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect=schema.dialect)
    except SqlglotError:
        return frozenset()
    known = {table.name.lower(): table for table in schema.tables}
    sources: dict[str, set[str]] = defaultdict(set)
    for table in tree.find_all(exp.Table):
        if table.name.lower() in known:
            sources[table.alias_or_name.lower()].add(known[table.name.lower()].name)
    found = set()
    for column in tree.find_all(exp.Column):
        qualifier, name = column.table.lower(), column.name.lower()
        owners = sources.get(qualifier) if qualifier else set().union(*sources.values())
        if qualifier in known and not owners:
            owners = {known[qualifier].name}
        for owner in owners or ():
            found |= {f"{owner}.{c.name}" for c in schema.by_name[owner].columns if c.name.lower() == name}
    return frozenset(found)


def tables_of_sql(sql: str, schema: Schema) -> frozenset[str]:
    """The tables that a statement reads; what cannot be read names none."""
    try:
        tree = sqlglot.parse_one(sql, dialect=schema.dialect)
    except SqlglotError:
        return frozenset()
    known = {table.name.lower(): table.name for table in schema.tables}
    return frozenset(known[t.name.lower()] for t in tree.find_all(exp.Table) if t.name.lower() in known)


def columns_of_term(term: "Term", schema: Schema) -> frozenset[str]:
    named = {name for name in (term.column, term.date, *term.label, *term.verbs) if name}
    return frozenset(named).union(
        *(columns_of_sql(sql, schema) for sql in (*term.metric, term.filter) if sql)
    )


def columns_of_rule(rule: "Rule", schema: Schema) -> frozenset[str]:
    """Those of its conditions and lists."""
    named: set[str] = {*rule.hidden, *rule.unless_columns, *rule.range}
    named |= {name for pair in rule.needs_column.items() for name in pair}
    conditions = [c.replace(PLACE, table) for table, c in rule.require.items()]
    for name, condition in rule.scope.items():
        if "." in name:
            named.add(name)
        else:
            conditions.append(condition.replace(PLACE, name))
    conditions += [join for join in (*rule.forbid_join, *rule.require_join) if "=" in join]
    return frozenset(named) | _of_all(conditions, schema)


def _of_all(sqls: Iterable[str], schema: Schema) -> frozenset[str]:
    return frozenset[str]().union(*(columns_of_sql(sql, schema) for sql in sqls))
