"""The demo's own suites are sound: their golds run, are right about themselves, and cannot be guessed."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant.demo
from evals.runs.expected import Expected, expected
from evals.runs.nearest import Given, against
from evals.suite.case import Case, load_suites
from evals.suite.find import find_suites
from evals.suite.gold import expand
from evals.suite.lint import lint
from evals.verdict import Verdict
from graph.checks import CheckContext
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.examples import load_examples
from knowledge.rules import load_rules

WORKSPACE = Path(assistant.demo.__file__).parent / "workspace"
Wanted = dict[str, list[Expected]]
"""By case, what the smallest choice of each alternative gives."""


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
    return load_suites(find_suites((), WORKSPACE / "evals"))


@pytest.fixture(scope="module")
def wanted(cases: tuple[Case, ...], demo: Database, company: CheckContext) -> Wanted:
    return {
        _name(case): [expected(expand(gold)[0], demo, company, ordered=case.ordered) for gold in case.gold]
        for case in cases
    }


def test_the_suites_have_no_faults(cases: tuple[Case, ...], demo: Database, company: CheckContext) -> None:
    """What is told of a fault is its place alone, for nobody should read the questions of `test`."""
    examples = load_examples(WORKSPACE / "knowledge" / "examples.yaml", company.schema)
    problems = lint(cases, demo, company, examples)
    assert [problem.where for problem in problems if problem.level == "fault"] == []


def test_together_they_are_large_enough(cases: tuple[Case, ...]) -> None:
    assert len(cases) >= 300
    assert sum(bool(case.previous) for case in cases) >= 40
    assert sum(case.expected != "answer" for case in cases) >= 60


def test_every_category_has_five_cases_to_look_at_and_five_unseen(cases: tuple[Case, ...]) -> None:
    seen = Counter(case.category for case in cases if case.suite.startswith("dev"))
    unseen = Counter(case.category for case in cases if case.suite.startswith("test"))
    assert {name: number for name, number in seen.items() if number < 5} == {}
    assert {name: number for name, number in unseen.items() if number < 5} == {}
    assert set(seen) == set(unseen)


def test_names_are_unique_over_all_suites(cases: tuple[Case, ...]) -> None:
    assert [name for name, number in Counter(case.id for case in cases).items() if number > 1] == []


def test_some_plain_questions_must_pass_and_none_of_them_is_unseen(cases: tuple[Case, ...]) -> None:
    assert {case.suite for case in cases if case.must_pass} == {"dev"}


def test_follow_ups_ask_for_many_kinds_of_edit(cases: tuple[Case, ...]) -> None:
    follow_ups = [case for case in cases if case.category == "followup"]
    assert all(1 <= len(case.previous) <= 3 for case in follow_ups)
    assert any(len(case.previous) == 3 for case in follow_ups)
    assert len({tag for case in follow_ups for tag in case.tags}) >= 10


def test_every_gold_is_right_about_itself(wanted: Wanted) -> None:
    wrong = {
        name: found.why
        for name, golds in wanted.items()
        for gold in golds
        if (found := against(gold, Given(gold.result, gold.sorts))).verdict is not Verdict.EXACT
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "sql",
    ["SELECT name FROM products WHERE 1 = 0", "SELECT 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 FROM countries"],
)
def test_an_empty_answer_and_a_shotgun_are_never_right(sql: str, wanted: Wanted, demo: Database) -> None:
    given = Given(demo.run(sql))
    right = [
        name for name, golds in wanted.items() if any(against(gold, given).verdict.right for gold in golds)
    ]
    assert right == []


def _name(case: Case) -> str:
    return f"{case.suite}/{case.id}"
