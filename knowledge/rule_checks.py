"""A rule held against the schema and the glossary, each problem with its line."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from knowledge.glossary import load_glossary
from knowledge.names import column_problem, hint, table_problem
from knowledge.schema import Schema
from knowledge.sql_names import columns_outside_queries, expression_problem
from knowledge.yaml_file import Node, Reader

if TYPE_CHECKING:
    from knowledge.rules import Rule

PLACE = "{t}"
RANGE = re.compile(r"\s*(-?\d+(?:\.\d+)?)?\s*\.\.\s*(-?\d+(?:\.\d+)?)?\s*")
KINDS = (
    *("require", "forbid", "needs_column", "scope", "mask", "forbid_join", "require_join", "unique"),
    *("range", "skip"),
)
_FACT = re.compile(r"\{(?!t\})\w+\}")
_WITH_REQUIRE = ("unless_tables", "unless_columns", "unless_words", "only_metrics")


def check_rule(
    reader: Reader, node: Node, rule: "Rule", schema: Schema | None, skippable: tuple[str, ...]
) -> None:
    """Add what is wrong with a rule to the reader's problems; without a schema, of its shape alone."""
    add = reader.problems.add
    if not any(key in node.entries for key in KINDS):
        add(node.line, f"this rule does nothing; add {_listed(KINDS)}")
    for key in _WITH_REQUIRE:
        if getattr(rule, key) and not rule.require:
            add(reader.line(node, key), f"`{key}` only goes with `require`; remove it")
    for name in rule.skip:
        if name not in skippable:
            remedy = hint(name, skippable) or f"use one of {', '.join(skippable)}"
            add(reader.line(node, "skip"), f"there is no check `{name}` to skip; {remedy}")
    for what, text in rule.range.items():
        if text and (RANGE.fullmatch(text) is None or text.strip() == ".."):
            add(_line(node, "range", what), "a range is written as 0..5, 0.. or ..5")
    for key in ("require", "scope"):
        for name, condition in getattr(rule, key).items():
            _check_condition(reader, _line(node, key, name), name, condition, schema, scope=key == "scope")
    if schema is not None:
        _check_names(reader, node, rule, schema)
        _check_joins(reader, node, rule, schema)
        _check_metrics(reader, node, rule)


def _check_condition(
    reader: Reader, line: int, name: str, condition: str, schema: Schema | None, *, scope: bool
) -> None:
    if not condition:
        return
    add = reader.problems.add
    table, dot, _ = name.rpartition(".")
    if scope and dot:
        if schema is not None and (problem := column_problem(schema, name)):
            add(line, problem)
        return
    table = name
    if PLACE not in condition:
        add(line, f"this condition does not say which table it is about; write {PLACE}.column for {table}")
        return
    if schema is None:
        return
    if problem := table_problem(schema, table):
        add(line, problem)
        return
    sql = condition.replace(PLACE, table)
    if scope:
        sql = _FACT.sub("1", sql)
    problem = expression_problem(sql, schema)
    if not problem and (others := columns_outside_queries(sql, schema) - {table}):
        problem = f"the condition for `{table}` also uses `{min(others)}`; use a sub-query for it"
    if problem:
        add(line, problem)


def _check_names(reader: Reader, node: Node, rule: "Rule", schema: Schema) -> None:
    columns = [
        (key, name) for key in ("forbid", "mask", "unique", "unless_columns") for name in getattr(rule, key)
    ]
    columns += [("needs_column", name) for pair in rule.needs_column.items() for name in pair]
    columns += [("range", name) for name in rule.range if "." in name]
    for key, name in columns:
        if name and (problem := column_problem(schema, name)):
            reader.problems.add(reader.line(node, key), problem)
    for name in rule.unless_tables:
        if problem := table_problem(schema, name):
            reader.problems.add(reader.line(node, "unless_tables"), problem)


def _check_joins(reader: Reader, node: Node, rule: "Rule", schema: Schema) -> None:
    for key in ("forbid_join", "require_join"):
        for text in getattr(rule, key):
            if problem := _join_problem(text, schema, pairs=key == "forbid_join"):
                reader.problems.add(reader.line(node, key), problem)


def _join_problem(text: str, schema: Schema, *, pairs: bool) -> str:
    if pairs and "=" not in text:
        tables = [name.strip() for name in text.split(",")]
        if len(tables) != 2:
            return "a join is written as `a.x = b.y`, or as two tables, `a, b`"
        return next((problem for name in tables if (problem := table_problem(schema, name))), "")
    if problem := expression_problem(text, schema):
        return problem
    equalities = _equalities(sqlglot.parse_one(text, into=exp.Condition, dialect=schema.dialect))
    tables = [column.table for pair in equalities or () for column in pair]
    if not equalities or len(set(tables)) != 2 or any(one.table == other.table for one, other in equalities):
        return "a join is written as `a.x = b.y`, with columns of two tables"
    return ""


def _equalities(tree: exp.Expr) -> list[tuple[exp.Column, exp.Column]] | None:
    parts = list(tree.flatten()) if isinstance(tree, exp.And) else [tree]
    pairs = [
        (part.this, part.expression)
        for part in parts
        if isinstance(part, exp.EQ)
        and isinstance(part.this, exp.Column)
        and isinstance(part.expression, exp.Column)
    ]
    return pairs if len(pairs) == len(parts) else None


def _check_metrics(reader: Reader, node: Node, rule: "Rule") -> None:
    named = [("only_metrics", name) for name in rule.only_metrics]
    named += [("range", name) for name in rule.range if "." not in name]
    if not named:
        return
    known = metric_names(reader.problems.path.with_name("glossary.yaml"))
    for key, name in named:
        if name.casefold() not in known:
            remedy = hint(name, known) or "give glossary.yaml a term with `metric`"
            reader.problems.add(reader.line(node, key), f"there is no metric `{name}`; {remedy}")


def metric_names(glossary: Path) -> set[str]:
    """The terms of a glossary that are metrics, in small letters."""
    return {term.term.casefold() for term in load_glossary(glossary) if term.metric}


def _line(node: Node, key: str, name: str) -> int:
    return node.entries[key].entries[name].line


def _listed(keys: tuple[str, ...]) -> str:
    quoted = [f"`{key}`" for key in keys]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
