"""Business rules: what always holds, what nobody sees, what belongs together, what a result may be."""

from dataclasses import dataclass, field
from pathlib import Path

from knowledge.quarantine import Quarantine
from knowledge.rule_checks import check_rule
from knowledge.schema import Schema
from knowledge.yaml_file import Node, Reader

SKIPPABLE = (
    *("joins", "null_comparison", "last_day", "units", "time_units", "metrics", "money", "fan_out"),
    *("division", "integer_division", "limit", "lost_rows"),
    *("empty", "empty_columns", "one_row", "negative_money", "shares", "truncated"),
)
"""Checks, on statements and on results, that a rule may switch off where they do not fit the data."""


@dataclass(frozen=True)
class Rule:
    """One rule; `says` is what people are told, `mend` what the model is told where it must mend it.

    `require` maps a table to a condition in which `{t}` stands for that table's alias; with `only_metrics` it
    holds only where one of these metrics is computed. `scope` maps a column to the value that it must have,
    or a table to a condition; `{name}` in it is what is known of who asks. Columns of `forbid` are used by
    nobody, those of `mask` are joined, counted and compared, and never shown. `needs_column` maps a column to
    the one that must be selected, grouped or filtered beside it. `forbid_join` and `require_join` hold
    conditions ('a.x = b.y') or, to forbid, pairs of tables ('a, b'). `unique` names columns that hold each
    value once, though no key of the database says so. `range` maps a column or a metric to what a result may
    show of it ('0..5'). `skip` names checks that do not fit the data.
    The `unless_*` fields name the tables, columns and words of a question with which `require` does not hold;
    for the roles of `unless_roles` the whole rule does not hold.
    """

    rule: str
    says: str
    require: dict[str, str] = field(default_factory=dict)
    forbid: tuple[str, ...] = ()
    needs_column: dict[str, str] = field(default_factory=dict)
    unless_tables: tuple[str, ...] = ()
    unless_columns: tuple[str, ...] = ()
    unless_words: tuple[str, ...] = ()
    unless_roles: tuple[str, ...] = ()
    only_metrics: tuple[str, ...] = ()
    scope: dict[str, str] = field(default_factory=dict)
    mask: tuple[str, ...] = ()
    forbid_join: tuple[str, ...] = ()
    require_join: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    range: dict[str, str] = field(default_factory=dict)
    skip: tuple[str, ...] = ()
    mend: str = ""

    @property
    def hidden(self) -> tuple[str, ...]:
        """The columns whose values nobody is shown."""
        return (*self.forbid, *self.mask)


def load_rules(
    path: Path, schema: Schema | None = None, quarantine: Quarantine | None = None
) -> tuple[Rule, ...]:
    """The rules of rules.yaml, none where the file does not exist.

    With a schema, names and conditions are held against it, and metrics against the glossary.yaml beside it.
    With a quarantine, the parts of rules that its database does not bear out go there. Raises SettingsError
    with file, lines, remedies.
    """
    reader = Reader(path)
    rules: list[Rule] = []
    lines: dict[str, int] = {}
    for node in reader.entries("rules"):
        rule = _rule(reader, node)
        check_rule(reader, node, rule, schema if quarantine is None else None, SKIPPABLE)
        if quarantine is not None:
            rule = quarantine.holding(reader, node, rule, _held)
        rules.append(rule)
        reader.once(node, "rule", rule.rule, lines)
    reader.finish()
    return tuple(rules)


def _held(reader: Reader, node: Node, part: Rule, schema: Schema | None) -> None:
    check_rule(reader, node, part, schema, SKIPPABLE)


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
        unless_roles=reader.texts(node, "unless_roles"),
        only_metrics=reader.texts(node, "only_metrics"),
        scope=reader.text_map(node, "scope"),
        mask=reader.texts(node, "mask"),
        forbid_join=reader.texts(node, "forbid_join"),
        require_join=reader.texts(node, "require_join"),
        unique=reader.texts(node, "unique"),
        range=reader.text_map(node, "range"),
        skip=reader.texts(node, "skip"),
        mend=reader.text(node, "mend"),
    )
