"""Every statement that we have can be written: what forbids a right answer makes a model worse."""

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml

from evals.suite.gold import expand
from graph.constraint import Constraint, constraint_for
from graph.constraint.columns import OutOfScopeError
from graph.constraint.scope import Scope
from graph.specialist import SLOTS
from knowledge.database import Database
from knowledge.schema import Schema
from tests.graph.held import byte_vocabulary

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "assistant" / "demo" / "workspace"
CORPUS = ROOT / ".build" / "kestrel"
SAMPLE = 4_000


@pytest.fixture(scope="module")
def schema(kestrel: Path) -> Iterator[Schema]:
    database = Database.open(f"sqlite:///{kestrel}")
    yield database.schema()
    database.close()


def refused(constraint: Constraint, statements: Iterable[str], cut: int = 6) -> list[str]:
    """The statements that cannot be written; the scope sees them in pieces of `cut` characters."""
    vocabulary = byte_vocabulary()
    found = []
    for sql in dict.fromkeys(statements):
        matcher = vocabulary.matcher(constraint.key, constraint.grammar)
        scope = Scope(constraint.known)
        grammatical = matcher.consume_tokens(list(sql.encode())) and matcher.is_accepting()
        try:
            for start in range(0, len(sql), cut):
                scope.advance(sql[start : start + cut])
        except OutOfScopeError:
            grammatical = False
        if not (grammatical and scope.is_complete()):
            found.append(sql)
    return found


def golds() -> Iterator[str]:
    for path in sorted((DEMO / "evals").glob("dev*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
            given = case.get("gold", [])
            for gold in [given] if isinstance(given, str) else given:
                yield from expand(gold)


def test_every_gold_of_the_development_suites_can_be_written(schema: Schema) -> None:
    statements = list(golds())
    assert len(statements) > 300
    assert refused(constraint_for(schema), statements) == []


def test_every_verified_example_can_be_written(schema: Schema) -> None:
    listed = yaml.safe_load((DEMO / "knowledge" / "examples.yaml").read_text(encoding="utf-8"))
    assert refused(constraint_for(schema), [example["sql"] for example in listed["examples"]]) == []


def test_every_pair_of_the_shipped_specialist_can_be_written(schema: Schema) -> None:
    lines = (DEMO / "models" / "kestrel.pairs.jsonl").read_text(encoding="utf-8").splitlines()
    statements = [json.loads(line)["sql"] for line in lines]
    assert len(statements) > 1000
    assert refused(constraint_for(schema, slots=SLOTS), statements) == []


def test_what_a_specialist_was_trained_to_write_can_be_written(schema: Schema) -> None:
    files = sorted(CORPUS.glob("corpus*/*.jsonl"))
    if not files:
        pytest.skip("no training corpus has been made here")
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    sample = random.Random(0).sample(lines, min(SAMPLE, len(lines)))
    assert refused(constraint_for(schema, slots=SLOTS), (json.loads(line)["target"] for line in sample)) == []
