"""Business rules: filters that always hold, columns never shown, columns that need another beside them."""

from dataclasses import dataclass, field
from pathlib import Path

from knowledge.names import column_problem, table_problem
from knowledge.schema import Schema
from knowledge.sql_names import columns_outside_queries, expression_problem
from knowledge.yaml_file import Node, Reader

PLACE = "{t}"


@dataclass(frozen=True)
class Rule:
    """One rule. `require` maps a table to a condition in which `{t}` stands for that table's alias.

    The `unless_*` fields name the tables, columns and words of a question with which `require` does not hold.
    `needs_column` maps a column to the one that must be selected, grouped or filtered beside it.
    """

    rule: str
    says: str
    require: dict[str, str] = field(default_factory=dict)
    forbid: tuple[str, ...] = ()
    needs_column: dict[str, str] = field(default_factory=dict)
    unless_tables: tuple[str, ...] = ()
    unless_columns: tuple[str, ...] = ()
    unless_words: tuple[str, ...] = ()


def load_rules(path: Path, schema: Schema | None = None) -> tuple[Rule, ...]:
    """The rules of rules.yaml, none where the file does not exist.

    With a schema, names and conditions are held against it. Raises SettingsError with file, lines, remedies.
    """
    reader = Reader(path)
    rules: list[Rule] = []
    lines: dict[str, int] = {}
    for node in reader.entries("rules"):
        rule = _rule(reader, node)
        rules.append(rule)
        _check(reader, node, rule, schema)
        reader.once(node, "rule", rule.rule, lines)
    reader.finish()
    return tuple(rules)


def _rule(reader: Reader, node: Node) -> Rule:
    reader.known_keys(node, tuple(Rule.__dataclass_fields__))
    return Rule(
        rule=reader.text(node, "rule", required=True),
        says=reader.text(node, "says", required=True),
        require=reader.text_map(node, "require"),
        forbid=reader.texts(node, "forbid"),
        needs_column=reader.text_map(node, "needs_column"),
        unless_tables=reader.texts(node, "unless_tables"),
        unless_columns=reader.texts(node, "unless_columns"),
        unless_words=reader.texts(node, "unless_words"),
    )


def _check(reader: Reader, node: Node, rule: Rule, schema: Schema | None) -> None:
    if not any(key in node.entries for key in ("require", "forbid", "needs_column")):
        reader.problems.add(node.line, "this rule does nothing; add `require`, `forbid` or `needs_column`")
    for key in ("unless_tables", "unless_columns", "unless_words"):
        if getattr(rule, key) and not rule.require:
            reader.problems.add(reader.line(node, key), f"`{key}` only goes with `require`; remove it")
    for table, condition in rule.require.items():
        line = node.entries["require"].entries[table].line
        if condition and PLACE not in condition:
            reader.problems.add(
                line, f"this condition does not say which table it is about; write {PLACE}.column for {table}"
            )
        elif schema is not None and condition:
            _check_condition(reader, line, table, condition, schema)
    if schema is not None:
        _check_names(reader, node, rule, schema)


def _check_condition(reader: Reader, line: int, table: str, condition: str, schema: Schema) -> None:
    if problem := table_problem(schema, table):
        reader.problems.add(line, problem)
        return
    sql = condition.replace(PLACE, table)
    problem = expression_problem(sql, schema)
    if not problem and (others := columns_outside_queries(sql, schema) - {table}):
        problem = f"the condition for `{table}` also uses `{min(others)}`; use a sub-query for it"
    if problem:
        reader.problems.add(line, problem)


def _check_names(reader: Reader, node: Node, rule: Rule, schema: Schema) -> None:
    columns = [("forbid", name) for name in rule.forbid]
    columns += [("unless_columns", name) for name in rule.unless_columns]
    columns += [("needs_column", name) for pair in rule.needs_column.items() for name in pair]
    for key, name in columns:
        if name and (problem := column_problem(schema, name)):
            reader.problems.add(reader.line(node, key), problem)
    for name in rule.unless_tables:
        if problem := table_problem(schema, name):
            reader.problems.add(reader.line(node, "unless_tables"), problem)
