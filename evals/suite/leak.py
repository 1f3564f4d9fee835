"""Leaks: cases whose question or SQL the model has been taught, or sees as an example.

Whole training corpora are read as a stream; a query is only parsed where its words say that it may be one of
the golds.
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from evals.suite.alike import asked, masked, near_places, plain
from evals.suite.case import Case
from evals.suite.same_sql import fingerprint_of
from graph.checks import CheckContext, strip_rules
from knowledge.errors import SettingsError
from knowledge.examples import Example
from knowledge.yaml_file import shown_path

Kind = Literal["question", "sql", "wording"]
BATCH = 4096


@dataclass(frozen=True)
class Leak:
    """`kind` says what is taught: the question, the SQL, or the wording with other values (no fault)."""

    case: Case
    kind: Kind
    taught: Example


def leaks(cases: Sequence[Case], taught: Iterable[Example], context: CheckContext) -> Iterator[Leak]:
    """What of the cases is among the pairs: for each case and kind, the first that shows it.

    SQL is compared as trees without what the rules add. `taught` is read once and not kept.
    """
    told: set[tuple[str, str, Kind]] = set()
    questions, queries = _Questions(cases), _Queries(cases, context)
    pairs = iter(taught)
    while batch := list(islice(pairs, BATCH)):
        for leak in (*questions.among(batch), *queries.among(batch)):
            key = (leak.case.suite, leak.case.id, leak.kind)
            if key not in told:
                told.add(key)
                yield leak


def read_pairs(path: Path) -> Iterator[Example]:
    """The pairs of a JSON-lines file, gzipped or not, one after the other.

    A line has `question` and one of `sql`, `target` or `query`. Raises SettingsError naming file and line.
    """
    with path.open("rb") as raw, gzip.open(raw) if path.suffix == ".gz" else raw as file:
        for number, line in enumerate(file, start=1):
            try:
                said = json.loads(line)
                sql = next(said[key] for key in ("sql", "target", "query") if key in said)
                yield Example(str(said["question"]), str(sql), origin=f"{path.name}, line {number}")
            except (ValueError, KeyError, TypeError, StopIteration):
                raise SettingsError(
                    f"{shown_path(path)}, line {number}: this is no pair of a question and its SQL; write "
                    '{"question": ..., "sql": ...}.'
                ) from None


class _Questions:
    """Finds the questions of the cases, their near likes, and their wordings with other values."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._texts = [asked(case) for case in cases]
        self._masks: dict[str, list[Case]] = defaultdict(list)
        for case, text in zip(cases, self._texts, strict=True):
            mask = masked(text, [value for gold in case.golds for value in _texts_of(gold)])
            if "#" in mask:
                self._masks[mask].append(case)

    def among(self, batch: Sequence[Example]) -> Iterator[Leak]:
        given = [plain(pair.question) for pair in batch]
        for row, column in near_places(given, self._texts):
            yield Leak(self._cases[column], "question", batch[row])
        for pair, text in zip(batch, given, strict=True):
            for case in self._masks.get(masked(text, _texts_of(pair.sql)), ()):
                if asked(case) != text:
                    yield Leak(case, "wording", pair)


@dataclass(frozen=True)
class _Gold:
    case: Case
    fingerprint: str
    names: frozenset[str]


class _Queries:
    """Finds the golds of the cases among queries."""

    def __init__(self, cases: Sequence[Case], context: CheckContext) -> None:
        self._context = context
        tables = context.schema.tables
        self._known = {table.name.lower() for table in tables} | {
            column.name.lower() for table in tables for column in table.columns
        }
        required = [text for rule in context.rules for text in rule.require.values()]
        self._by_rules = _signature(" ".join(required))
        self._rule_names, _ = self._names(" ".join(required))
        self._golds: dict[frozenset[str], list[_Gold]] = defaultdict(list)
        for case in cases:
            for sql in case.golds:
                if (tree := self._read(sql)) is not None:
                    stripped = tree.sql(dialect=context.dialect)
                    words, own = self._names(stripped)
                    gold = _Gold(case, fingerprint_of(tree, context.schema), words - own)
                    self._golds[self._signature(stripped)].append(gold)

    def among(self, batch: Sequence[Example]) -> Iterator[Leak]:
        for pair in batch:
            near = self._golds.get(self._signature(pair.sql))
            if not near:
                continue
            words, own = self._names(pair.sql)
            read = words - own - self._rule_names
            near = [gold for gold in near if read <= gold.names <= words]
            if near and (tree := self._read(pair.sql)) is not None:
                written = fingerprint_of(tree, self._context.schema)
                yield from (Leak(gold.case, "sql", pair) for gold in near if gold.fingerprint == written)

    def _read(self, sql: str) -> exp.Expr | None:
        """The tree without what the rules would add; None where the SQL cannot be read."""
        try:
            tree = parse_one(sql, dialect=self._context.dialect)
        except (SqlglotError, RecursionError):
            return None
        return strip_rules(tree, self._context.schema, self._context.rules)

    def _signature(self, sql: str) -> frozenset[str]:
        return _signature(sql) - self._by_rules

    def _names(self, sql: str) -> tuple[frozenset[str], frozenset[str]]:
        """The names of the schema in a query, and those that it gives as aliases."""
        text = _STRING.sub("", sql).lower()
        return frozenset(_WORD.findall(text)) & self._known, frozenset(_ALIAS.findall(text))


_STRING = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"[a-z_]\w*")
_ALIAS = re.compile(r"\bas\s+(\w+)")
_MARK = re.compile(
    r"'(?:[^']|'')*'|<\w+>|⟦[^⟧]*⟧|\b\d\d+(?:\.\d+)?\b"
    r"|\b(?:count|sum|avg|min|max|union|intersect|except|group|having|limit|exists)\b",
    re.IGNORECASE,
)


def _signature(sql: str) -> frozenset[str]:
    """What two queries share if they are the same tree: texts, slots, numbers, aggregates, clauses."""
    return frozenset(found if found[0] == "'" else found.lower() for found in _MARK.findall(sql))


def _texts_of(sql: str) -> list[str]:
    return [found[1:-1].replace("''", "'") for found in _STRING.findall(sql)]
