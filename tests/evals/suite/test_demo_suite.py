"""The demo's own suite is sound: its golds run, are right about themselves, and cannot be guessed."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant.demo
from evals.runs.score import judge
from evals.suite.case import Case, load_suite
from evals.suite.lint import lint
from evals.verdict import Verdict
from graph.checks import CheckContext
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.examples import load_examples
from knowledge.rules import load_rules

WORKSPACE = Path(assistant.demo.__file__).parent / "workspace"
SUITE = WORKSPACE / "evals" / "dev.yaml"


@pytest.fixture(scope="module")
def demo(kestrel: Path) -> Iterator[Database]:
    database = Database.open(str(kestrel))
    yield database
    database.close()


@pytest.fixture(scope="module")
def company(demo: Database) -> CheckContext:
    schema = demo.schema()
    rules = load_rules(WORKSPACE / "knowledge" / "rules.yaml", schema)
    return CheckContext(schema, rules, "", FrozenClock(dt.date(2025, 11, 14)))


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return load_suite(SUITE)


def test_the_suite_has_no_faults(cases: tuple[Case, ...], demo: Database, company: CheckContext) -> None:
    examples = load_examples(WORKSPACE / "knowledge" / "examples.yaml", company.schema)
    assert [str(problem) for problem in lint(cases, demo, company, examples)] == []


def test_every_gold_is_right_about_itself(
    cases: tuple[Case, ...], demo: Database, company: CheckContext
) -> None:
    answered = [case for case in cases if case.expected == "answer"]
    wrong = {
        case.id: found
        for case in answered
        if (found := judge(case, case.golds[-1], None, demo, company)[0]).verdict is not Verdict.EXACT
    }
    assert answered
    assert wrong == {}


@pytest.mark.parametrize(
    "sql",
    ["SELECT name FROM products WHERE 1 = 0", "SELECT 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 FROM countries"],
)
def test_an_empty_answer_and_a_shotgun_are_never_right(
    sql: str, cases: tuple[Case, ...], demo: Database, company: CheckContext
) -> None:
    result = demo.run(sql)
    assert [
        case.id for case in cases if case.golds and judge(case, sql, result, demo, company)[0].verdict.right
    ] == []
