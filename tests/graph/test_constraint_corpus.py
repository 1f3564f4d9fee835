"""Every statement that we have can be written: what forbids a right answer makes a model worse."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from evals.suite.gold import expand
from graph.constraint import constraint_for
from graph.specialist import SLOTS
from knowledge.database import Database
from knowledge.schema import Schema
from tests.graph.held import refused

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "assistant" / "demo" / "workspace"
CORPUS = ROOT / ".build" / "kestrel"
SAMPLE = 4_000


@pytest.fixture(scope="module")
def schema(kestrel: Path) -> Iterator[Schema]:
    database = Database.open(f"sqlite:///{kestrel}")
    yield database.schema()
    database.close()


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
