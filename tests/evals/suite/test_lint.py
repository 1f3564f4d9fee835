"""Faults of a suite are found before they make scores lie."""

import datetime as dt
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from evals.suite.case import Case
from evals.suite.lint import lint
from graph.checks import CheckContext
from knowledge.database import Database
from knowledge.examples import Example
from tests.evals.conftest import COMPANY

GOOD = "SELECT name, pay FROM staff WHERE is_test = 0"


def case(gold: str, question: str = "Who earns what?", *, name: str = "pay", ordered: bool = False) -> Case:
    return Case(name, question, gold=(gold,), category="list", ordered=ordered, file="dev.yaml", line=7)


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
    found = lint([case(GOOD)], database, ruled, [Example(example, "SELECT 1")])
    assert bool(found) is taught


def test_questions_with_other_numbers_are_other_questions(database: Database, ruled: CheckContext) -> None:
    asked = case(GOOD, "How many customers signed up in the year 2023?")
    example = Example("How many customers signed up in the year 2024?", "SELECT 1")
    (hint,) = lint([asked], database, ruled, [example])
    assert (hint.level, hint.why) == ("hint", f"the wording is taught by the example '{example.question}'")


def test_sql_that_a_training_pair_teaches_is_told(database: Database, ruled: CheckContext) -> None:
    pair = Example("money of people", "SELECT s.name, s.pay FROM staff s", origin="taught")
    (problem,) = lint([case(GOOD)], database, ruled, taught=iter([pair]))
    assert problem.why.startswith("the SQL is taught by the training pair 'money of people'")


def test_a_question_with_another_gold_is_ambiguous(database: Database, ruled: CheckContext) -> None:
    other = case("SELECT name FROM staff WHERE is_test = 0", "Who of our people earn what?", name="names")
    (problem,) = lint([case(GOOD, "Who of our people earns what?"), other], database, ruled)
    assert (problem.case, problem.why) == (
        "names",
        "the question is nearly that of pay, but the gold is another",
    )


def test_a_question_to_be_refused_here_and_answered_there_is_told(
    database: Database, ruled: CheckContext
) -> None:
    refused = Case("no", "who earns what", expected="refuse", suite="limits", file="limits.yaml", line=2)
    (problem,) = lint([case(GOOD), refused], database, ruled)
    assert problem.where == "limits.yaml, line 2"
    assert problem.why == "the question is that of pay (dev.yaml, line 7), which is to end otherwise (answer)"


def test_follow_ups_are_the_same_only_in_the_same_thread(database: Database, ruled: CheckContext) -> None:
    threads = [replace(case(GOOD, name=name), previous=(name,)) for name in ("bosses", "clerks")]
    assert lint(threads, database, ruled) == ()
    (problem,) = lint([*threads, replace(threads[0], id="again")], database, ruled)
    assert problem.why == "the question is that of bosses"


def test_a_thread_with_an_empty_question_is_told(database: Database, ruled: CheckContext) -> None:
    (problem,) = lint([replace(case(GOOD), previous=(" ",))], database, ruled)
    assert "a question of the thread is empty" in problem.why


def test_a_case_that_must_pass_and_cannot_is_told(database: Database, ruled: CheckContext) -> None:
    never = replace(case("SELECT name FROM staff WHERE is_test = 0 AND id > 99"), must_pass=True)
    assert [problem.why.split(" [")[0] for problem in lint([never], database, ruled)] == [
        "the gold gives no rows",
        "the case must pass, but none of its golds can be scored",
    ]


ALTERNATIVES = (
    "SELECT {name, id} FROM staff WHERE is_test = 0; SELECT name FROM staff WHERE is_test = 0 AND id < 5"
)


def test_an_alternative_that_nothing_tells_apart_is_a_hint(database: Database, ruled: CheckContext) -> None:
    (hint,) = lint([case(ALTERNATIVES)], database, ruled)
    assert (hint.level, hint.why) == ("hint", "alternative 2 gives what alternative 1 gives")
    assert "hint: " in str(hint)


def test_a_variant_of_the_database_may_tell_alternatives_apart(
    database: Database, ruled: CheckContext, tmp_path: Path
) -> None:
    path = tmp_path / "variant.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(COMPANY + "INSERT INTO staff VALUES (6, 'Eve', 'A', 100, 1, 0);")
    connection.close()
    variant = Database.open(str(path))
    assert lint([case(ALTERNATIVES)], database, ruled, variants=[variant]) == ()
    variant.close()


def test_a_case_is_tried_on_its_own_database_and_day(
    database: Database, ruled: CheckContext, tmp_path: Path
) -> None:
    path = tmp_path / "harbour.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE ships (name TEXT, day TEXT); INSERT INTO ships VALUES ('Elsa', '2020-05-05');"
    )
    connection.close()
    gold = "SELECT name FROM ships WHERE day = CURRENT_DATE"
    there = replace(case(gold), database=str(path), today=dt.date(2020, 5, 5))
    assert lint([there], database, ruled) == ()
    (problem,) = lint([replace(there, today=None)], database, ruled)
    assert problem.why.startswith("the gold gives no rows")


def test_a_database_that_is_not_there_is_told_once(database: Database, ruled: CheckContext) -> None:
    lost = [replace(case(GOOD, str(n)), database="/nowhere/x.sqlite", id=str(n)) for n in (1, 2)]
    (problem,) = lint(lost, database, ruled)
    assert problem.why.startswith("the database cannot be used: There is no database at /nowhere")


def test_a_gold_that_runs_for_ever_is_told(tmp_path: Path, database: Database, ruled: CheckContext) -> None:
    joins = (f"JOIN teams t{n} ON LENGTH(t{n}.code) = LENGTH(t{n - 1}.code)" for n in range(1, 30))
    endless = f"SELECT COUNT(*) FROM teams t0 {' '.join(joins)}"
    hasty = Database.open(str(tmp_path / "company.sqlite"), timeout_s=0.2)
    (problem,) = lint([case(endless)], hasty, ruled)
    hasty.close()
    assert "takes longer than the time limit" in problem.why


def test_problems_come_in_the_order_of_the_cases(database: Database, ruled: CheckContext) -> None:
    bad = "SELECT name FROM staff WHERE is_test = 0 AND id > 99"
    cases = [case(bad, "What is up here?", name="one"), case(bad, "Who earns it?", name="two")]
    found = lint(cases, database, ruled, [Example("Who earns it?", "SELECT 1")])
    assert [problem.case for problem in found] == ["one", "two", "two"]
