"""Faults of a suite are found before they make scores lie."""

import pytest

from evals.suite.case import Case
from evals.suite.lint import lint
from graph.checks import CheckContext
from knowledge.database import Database
from knowledge.examples import Example

GOOD = "SELECT name, pay FROM staff WHERE is_test = 0"


def case(gold: str, question: str = "Who earns what?", *, name: str = "pay", ordered: bool = False) -> Case:
    return Case(name, question, (gold,), "list", ordered=ordered, file="dev.yaml", line=7)


def test_a_good_case_has_no_problem(database: Database, ruled: CheckContext) -> None:
    ordered = "SELECT {name, id} FROM staff WHERE is_test = 0 ORDER BY pay DESC LIMIT 1"
    cases = [case(GOOD), case(ordered, "Who earns most?", name="top", ordered=True)]
    assert lint(cases, database, ruled) == ()


def test_a_rule_waived_by_the_question_is_not_missed(database: Database, ruled: CheckContext) -> None:
    assert lint([case("SELECT name FROM staff", "Who is a test account?")], database, ruled) == ()


@pytest.mark.parametrize(
    ("gold", "why"),
    [
        ("SELECT nope FROM staff WHERE is_test = 0", "does not pass the checks"),
        ("SELECT name FROM staff WHERE is_test = 0; DELETE FROM staff", "does not pass the checks"),
        ("SELECT naem FROM staff WHERE is_test = 0", "the gold"),
        ("SELECT name FROM staff", "leaves out what the rules require: staff.is_test = 0"),
        ("SELECT name FROM staff WHERE is_test = 0 AND id > 99", "gives no rows"),
        ("SELECT MAX(pay) FROM staff WHERE is_test = 0 AND id > 99", "nothing but NULL"),
        ("SELECT name FROM staff WHERE is_test = 0 ORDER BY pay LIMIT 2", "cuts through a tie"),
        ("SELECT ABS(-9223372036854775807 - id) FROM staff WHERE is_test = 0", "the gold fails"),
    ],
)
def test_a_gold_that_fails_or_misleads_is_told(
    gold: str, why: str, database: Database, ruled: CheckContext
) -> None:
    (problem,) = lint([case(gold)], database, ruled)
    assert why in problem.why
    assert str(problem).startswith("dev.yaml, line 7 (pay): ")


def test_an_ordered_case_needs_a_gold_that_sorts(database: Database, ruled: CheckContext) -> None:
    (problem,) = lint([case(GOOD, ordered=True)], database, ruled)
    assert "does not sort" in problem.why


def test_a_question_asked_twice_is_told(database: Database, ruled: CheckContext) -> None:
    (problem,) = lint([case(GOOD), case(GOOD, "who earns: what", name="again")], database, ruled)
    assert (problem.case, problem.why) == ("again", "the question is that of pay")


@pytest.mark.parametrize(
    ("example", "taught"),
    [
        ("Who earns what", True),
        ("who earn what?", True),
        ("Who works where?", False),
    ],
)
def test_a_question_that_an_example_teaches_is_told(
    example: str, taught: bool, database: Database, ruled: CheckContext
) -> None:
    found = lint([case(GOOD)], database, ruled, [Example(example, GOOD)])
    assert bool(found) is taught


def test_questions_with_other_numbers_are_other_questions(database: Database, ruled: CheckContext) -> None:
    asked = case(GOOD, "How many customers signed up in the year 2023?")
    example = Example("How many customers signed up in the year 2024?", GOOD)
    assert lint([asked], database, ruled, [example]) == ()
