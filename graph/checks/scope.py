"""Whose rows may be read: the scope of who asks."""

import re
from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.required_filters import apply_rules
from graph.checks.scopes import scopes_of
from knowledge.rules import Rule
from knowledge.schema import Schema

_FACT = re.compile(r"\{(?!t\})(\w+)\}")


def scope(tree: exp.Expr, context: CheckContext) -> Checked:
    """Let a statement read the rows alone that belong to who asks.

    Applies when: a table is read, anywhere in the statement, that a rule's `scope` names or has a column of.
    Violated when: the condition does not stand where that table is read. No words of a question undo it.
    Says: nothing; the rule is named among those applied. Where nothing is known of who asks, that.
    Mends: adds the condition.

    >>> # scope: {orders.tenant_id: "{tenant}"}, tenant 7:  FROM orders o  ->  ... WHERE o.tenant_id = 7
    """
    rules = [rule for rule in context.held if rule.scope]
    if not rules:
        return Checked(tree)
    scopes = scopes_of(tree, context.schema)
    read = {source.table for source in scopes.of_all()}
    filled: list[Rule] = []
    for rule in rules:
        require: dict[str, str] = {}
        for name, template in rule.scope.items():
            table = name.rpartition(".")[0] or name
            if table not in read:
                continue
            missing = [fact for fact in _FACT.findall(template) if not _usable(context.facts, fact)]
            if missing:
                why = f"the rule {rule.rule} needs to know the {missing[0]} of who asks"
                return Checked(tree, (Finding("scope", table, why, "ask the data owner for access"),))
            condition = _condition(name, template, context.facts, context.schema)
            require[table] = f"{require[table]} AND {condition}" if table in require else condition
        if require:
            filled.append(Rule(rule.rule, rule.says, require=require))
    scoped, applied = apply_rules(tree, context.schema, filled)
    return Checked(scoped, rules=applied)


def _usable(facts: Mapping[str, str], name: str) -> bool:
    return bool(facts.get(name)) and "{" not in facts[name]


def _condition(name: str, template: str, facts: Mapping[str, str], schema: Schema) -> str:
    """The condition with literals for facts: numbers where they are held against numbers."""
    table, dot, column = name.rpartition(".")
    if dot:
        value = _FACT.sub(lambda match: facts[match.group(1)], template.strip())
        return f"{{t}}.{_quoted(column, schema)} = {_literal(value, table, column, schema)}"
    marked = _FACT.sub(lambda match: f"'{{{match.group(1)}}}'", template.replace("{t}", name))
    tree = sqlglot.parse_one(marked, into=exp.Condition, dialect=schema.dialect)
    for literal in list(tree.find_all(exp.Literal)):
        fact = _FACT.fullmatch(literal.name)
        if fact is None:
            continue
        value = facts[fact.group(1)]
        is_number = _is_held_against_number(literal, name, schema) and _is_number(value)
        literal.replace(exp.Literal.number(value) if is_number else exp.Literal.string(value))
    for node in tree.find_all(exp.Column):
        if node.table == name and node.find_ancestor(exp.Query) is None:
            node.set("table", exp.to_identifier("{t}"))
    return tree.sql(dialect=schema.dialect, identify=False).replace('"{t}"', "{t}").replace("`{t}`", "{t}")


def _quoted(column: str, schema: Schema) -> str:
    return exp.to_identifier(column).sql(dialect=schema.dialect)


def _literal(value: str, table: str, column: str, schema: Schema) -> str:
    is_number = schema.by_name[table].by_name[column].is_number and _is_number(value)
    literal = exp.Literal.number(value) if is_number else exp.Literal.string(value)
    return literal.sql(dialect=schema.dialect)


def _is_held_against_number(literal: exp.Expr, table: str, schema: Schema) -> bool:
    """Whether a column beside the literal is one of numbers."""
    columns = literal.parent.find_all(exp.Column) if literal.parent is not None else ()
    for column in columns:
        owners = [column.table] if column.table in schema.by_name else [table, *_tables_around(column)]
        for owner in owners:
            found = schema.by_name[owner].by_name.get(column.name) if owner in schema.by_name else None
            if found is not None:
                return found.is_number
    return False


def _tables_around(column: exp.Column) -> list[str]:
    select = column.find_ancestor(exp.Select)
    return [table.name for table in select.find_all(exp.Table)] if select is not None else []


def _is_number(value: str) -> bool:
    return re.fullmatch(r"-?\d+(?:\.\d+)?", value) is not None
