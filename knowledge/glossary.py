"""The team's words: what they mean, and the metric, filter, column or table that each stands for."""

from dataclasses import dataclass, field
from pathlib import Path

from knowledge.named import columns_of_term
from knowledge.names import column_problem, table_problem
from knowledge.quarantine import Quarantine
from knowledge.schema import Schema
from knowledge.sql_names import expression_problem
from knowledge.yaml_file import Node, Reader

_ROLES = ("metric", "filter", "column", "table")


@dataclass(frozen=True)
class Term:
    """One entry of the glossary. At most one of `metric`, `filter`, `column`, `table` is filled.

    `metric` holds equal forms of one metric. `label` names the columns by which people call a row, `date` the
    column that a period means, `values` the words for a column's coded values, `verbs` those for its dates.
    """

    term: str
    meaning: str
    synonyms: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()
    filter: str = ""
    column: str = ""
    table: str = ""
    label: tuple[str, ...] = ()
    date: str = ""
    unit: str = ""
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    verbs: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The term and its synonyms."""
        return (self.term, *self.synonyms)


def load_glossary(
    path: Path, schema: Schema | None = None, quarantine: Quarantine | None = None
) -> tuple[Term, ...]:
    """The terms of glossary.yaml, none where the file does not exist.

    With a schema, names and SQL are held against it; with a quarantine, terms that its database does not bear
    out go there. Raises SettingsError naming file, lines and remedies.
    """
    reader = Reader(path)
    terms: list[Term] = []
    lines: dict[str, int] = {}
    for node in reader.entries("terms"):
        term = _term(reader, node)
        _check(reader, node, term, schema if quarantine is None else None)
        if quarantine is None or _admitted(quarantine, reader, node, term):
            terms.append(term)
        reader.once(node, "term", term.term, lines)
    reader.finish()
    return tuple(terms)


def _term(reader: Reader, node: Node) -> Term:
    reader.known_keys(node, tuple(Term.__dataclass_fields__))
    return Term(
        term=reader.text(node, "term", required=True),
        meaning=reader.text(node, "meaning", required=True),
        synonyms=reader.texts(node, "synonyms"),
        asks=reader.texts(node, "asks"),
        metric=reader.texts(node, "metric"),
        filter=reader.text(node, "filter"),
        column=reader.text(node, "column"),
        table=reader.text(node, "table"),
        label=reader.texts(node, "label"),
        date=reader.text(node, "date"),
        unit=reader.text(node, "unit"),
        values=reader.texts_map(node, "values"),
        verbs=reader.texts_map(node, "verbs"),
    )


def _check(reader: Reader, node: Node, term: Term, schema: Schema | None) -> None:
    problems = reader.problems
    roles = [role for role in _ROLES if getattr(term, role)]
    if len(roles) > 1:
        problems.add(
            reader.line(node, roles[1]),
            f"a term has only one of {', '.join(_ROLES)}, but this one has {' and '.join(roles)}; split it",
        )
    if term.values and not term.column:
        problems.add(reader.line(node, "values"), "`values` needs `column`; name the column that holds them")
    if schema is None:
        return
    if term.table and (problem := table_problem(schema, term.table)):
        problems.add(reader.line(node, "table"), problem)
    for key in ("column", "date", "label", "verbs"):
        given = getattr(term, key)
        for name in [given] if isinstance(given, str) else given:
            if name and (problem := column_problem(schema, name)):
                problems.add(_line_of(reader, node, key, name), problem)
    for key in ("metric", "filter"):
        given = getattr(term, key)
        for sql in [given] if isinstance(given, str) else given:
            if sql and (problem := expression_problem(sql, schema)):
                problems.add(_line_of(reader, node, key, sql), problem)


def _admitted(quarantine: Quarantine, reader: Reader, node: Node, term: Term) -> bool:
    return quarantine.admits(
        reader,
        node,
        "term",
        term.term,
        lambda: _check(reader, node, term, quarantine.schema),
        lambda: columns_of_term(term, quarantine.schema),
    )


def _line_of(reader: Reader, node: Node, key: str, text: str) -> int:
    """The line of one entry of a list or of a mapping under `key`."""
    value = node.entries[key]
    if text in value.key_lines:
        return value.key_lines[text]
    return next((item.line for item in value.items if item.text.strip() == text), reader.line(node, key))
