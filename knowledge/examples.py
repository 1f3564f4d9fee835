"""Verified pairs of a question and its SQL, from which answers are learnt."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.named import columns_of_sql
from knowledge.quarantine import Quarantine
from knowledge.schema import Schema
from knowledge.sql_names import statement_problem
from knowledge.yaml_file import Node, Reader


@dataclass(frozen=True)
class Example:
    """`origin` is 'written', 'mined' or 'correction'; `by` and `on` say who verified it and when.

    Of a correction, `correction` is its number, `wrong` the SQL that it took the place of, and `trouble` what
    was said of that: the name of a check, 'database', or 'asked' where only a person saw it.
    """

    question: str
    sql: str
    origin: str = "written"
    by: str = ""
    on: str = ""
    correction: str = ""
    wrong: str = ""
    trouble: str = ""


def load_examples(
    path: Path, schema: Schema | None = None, quarantine: Quarantine | None = None
) -> tuple[Example, ...]:
    """The examples of examples.yaml, none where the file does not exist.

    With a schema, each SQL is held against it; with a quarantine, examples that its database does not bear
    out go there. Raises SettingsError naming file, lines and remedies.
    """
    reader = Reader(path)
    examples: list[Example] = []
    lines: dict[str, int] = {}
    for node in reader.entries("examples"):
        reader.known_keys(node, tuple(Example.__dataclass_fields__))
        example = Example(
            question=reader.text(node, "question", required=True),
            sql=reader.text(node, "sql", required=True).rstrip("; \n"),
            origin=reader.text(node, "origin") or Example.origin,
            by=reader.text(node, "by"),
            on=reader.text(node, "on"),
            correction=reader.text(node, "correction"),
            wrong=reader.text(node, "wrong").rstrip("; \n"),
            trouble=reader.text(node, "trouble"),
        )
        if example.origin not in _ORIGINS:
            reader.problems.add(reader.line(node, "origin"), f"`origin` must be one of {', '.join(_ORIGINS)}")
        if quarantine is None:
            _check(reader, node, example, schema)
        if quarantine is None or _admitted(quarantine, reader, node, example):
            examples.append(example)
        reader.once(node, "question", example.question, lines)
    reader.finish()
    return tuple(examples)


def _check(reader: Reader, node: Node, example: Example, schema: Schema | None) -> None:
    if schema is not None and example.sql and (problem := statement_problem(example.sql, schema)):
        reader.problems.add(reader.line(node, "sql"), problem)


def _admitted(quarantine: Quarantine, reader: Reader, node: Node, example: Example) -> bool:
    return quarantine.admits(
        reader,
        node,
        "example",
        example.question,
        lambda: _check(reader, node, example, quarantine.schema),
        lambda: columns_of_sql(example.sql, quarantine.schema),
    )


_ORIGINS = ("written", "mined", "correction")
