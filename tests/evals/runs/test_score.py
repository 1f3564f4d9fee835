"""How a turn is judged against a case."""

import datetime as dt
import doctest
import importlib
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from evals.runs.head import head
from evals.runs.judge import fingerprint, score
from evals.runs.keeping import kept
from evals.runs.score import Score
from evals.runs.subject import Turn
from evals.suite.case import Case
from evals.verdict import Verdict
from graph.checks import CheckContext
from graph.outcome import Answered, Clarify, Refused, Unanswered
from knowledge.database import Database
from knowledge.result import Result
from tests.evals.conftest import Record, answered, place_of
from tests.evals.conftest import Turn as FakeTurn

CASE = Case(
    "pay",
    "Who earns what?",
    gold=("SELECT {name, id}, pay FROM staff",),
    category="list",
    tags=("money",),
    person="finance",
)
SQL = "SELECT name, pay FROM staff ORDER BY pay"


def judged(turn: Turn, database: Database, context: CheckContext, case: Case = CASE) -> Score:
    return score(case, turn, 1.5, place_of(database, context))


def test_a_right_answer_keeps_what_led_to_it(database: Database, context: CheckContext) -> None:
    found = judged(answered(database, SQL), database, context)
    assert (found.verdict, found.right, found.presented) == (Verdict.EXACT, True, True)
    assert (found.sql, found.gold) == (SQL, "SELECT name, pay FROM staff")
    assert found.times == {"model": 1.2, "database": 0.3}
    assert found.record["candidates"] == [{"sql": SQL}]
    assert (found.case, found.category, found.person, found.tags) == ("pay", "list", "finance", ("money",))
    assert (found.seconds, found.confidence, found.outcome) == (1.5, 0.9, "answered")


def test_the_best_of_all_golds_counts(database: Database, context: CheckContext) -> None:
    both = judged(answered(database, "SELECT id, name, pay FROM staff"), database, context)
    extra = judged(answered(database, "SELECT id, team, pay FROM staff"), database, context)
    assert (both.verdict, extra.verdict) == (Verdict.EXACT, Verdict.SUPERSET)


def test_a_wrong_answer_counts_as_presented_only_without_a_check(
    database: Database, context: CheckContext
) -> None:
    sql = "SELECT name, pay FROM staff WHERE id > 1"
    shown = judged(answered(database, sql), database, context)
    careful = judged(answered(database, sql, check=True), database, context)
    assert (shown.verdict, shown.right, shown.wrong_presented) == (Verdict.WRONG, False, True)
    assert (careful.verdict, careful.wrong_presented) == (Verdict.WRONG, False)


def test_an_answer_from_no_table_is_wrong_even_with_the_right_rows(
    database: Database, context: CheckContext
) -> None:
    case = replace(CASE, gold=("SELECT COUNT(*) FROM staff",))
    guessed = judged(answered(database, "SELECT 5"), database, context, case)
    hidden = judged(
        answered(database, "WITH staff_count AS (SELECT 5) SELECT * FROM staff_count"),
        database,
        context,
        case,
    )
    assert (guessed.verdict, guessed.why) == (Verdict.WRONG, "the query reads no table")
    assert hidden.verdict is Verdict.WRONG


def test_a_truncated_result_is_run_again_in_full(database: Database, context: CheckContext) -> None:
    cut = database.run(SQL, max_rows=2)
    assert cut.truncated
    assert judged(FakeTurn(Answered(SQL, cut, 0.9)), database, context).verdict is Verdict.EXACT


def test_sql_that_fails_is_an_error_of_execution(database: Database, context: CheckContext) -> None:
    cut = Result(("n",), ((1,),), truncated=True)
    for sql, why in [
        ("DROP TABLE staff", "does not pass the checks"),
        ("SELECT ABS(-9223372036854775807 - 1) FROM staff", "integer overflow"),
    ]:
        found = judged(FakeTurn(Answered(sql, cut, 0.9)), database, context)
        assert found.verdict is Verdict.EXEC_ERROR
        assert why in found.why


def test_order_counts_only_where_the_case_says_so(database: Database, context: CheckContext) -> None:
    gold = "SELECT name FROM staff ORDER BY pay DESC"
    turn = answered(database, "SELECT name FROM staff ORDER BY pay")
    loose = replace(CASE, gold=(gold,))
    strict = replace(loose, ordered=True)
    tied = answered(database, "SELECT name FROM staff ORDER BY pay DESC, name DESC")
    assert judged(turn, database, context, loose).verdict is Verdict.EXACT
    assert judged(turn, database, context, strict).verdict is Verdict.WRONG
    assert judged(tied, database, context, strict).verdict is Verdict.EXACT


def test_rows_in_order_by_chance_are_not_sorted(database: Database, context: CheckContext) -> None:
    case = replace(CASE, gold=("SELECT name, id FROM staff ORDER BY id",), ordered=True)
    lucky = judged(answered(database, "SELECT name, id FROM staff"), database, context, case)
    inner = "SELECT name, id FROM (SELECT name, id FROM staff ORDER BY id) AS s"
    assert (lucky.verdict, lucky.why) == (Verdict.WRONG, "the right rows, but the query does not sort them")
    assert judged(answered(database, inner), database, context, case).verdict is Verdict.WRONG
    one = replace(case, gold=("SELECT name FROM staff ORDER BY id LIMIT 1",))
    assert judged(answered(database, "SELECT name FROM staff WHERE id = 1"), database, context, one).right


def test_a_gold_that_fails_is_never_the_models_fault(database: Database, context: CheckContext) -> None:
    broken = replace(CASE, gold=("SELECT nope FROM staff", "SELECT name, pay FROM staff"))
    assert judged(answered(database, SQL), database, context, broken).verdict is Verdict.EXACT
    other = judged(answered(database, "SELECT id, pay FROM staff"), database, context, broken)
    assert (other.verdict, other.scored, other.wrong_presented) == (Verdict.HARNESS_ERROR, False, False)


def test_a_tie_cut_by_the_golds_limit_is_undecided(database: Database, context: CheckContext) -> None:
    case = replace(CASE, gold=("SELECT name FROM staff ORDER BY pay LIMIT 2",))
    other = answered(database, "SELECT name FROM staff ORDER BY pay, name DESC LIMIT 2")
    assert judged(other, database, context, case).verdict is Verdict.UNDECIDED
    fewer = answered(database, "SELECT name FROM staff ORDER BY pay LIMIT 1")
    assert judged(fewer, database, context, case).verdict is Verdict.WRONG


def test_an_empty_gold_is_vacuous(database: Database, context: CheckContext) -> None:
    case = replace(CASE, gold=("SELECT name FROM staff WHERE id > 99",))
    assert judged(answered(database, SQL), database, context, case).verdict is Verdict.VACUOUS


def test_turns_without_an_answer_keep_their_own_verdict(database: Database, context: CheckContext) -> None:
    ends = {
        Verdict.REFUSED: Refused("no"),
        Verdict.CLARIFIED: Clarify("which?", ("a", "b")),
        Verdict.UNANSWERED: Unanswered("why"),
    }
    for verdict, outcome in ends.items():
        found = judged(FakeTurn(outcome), database, context)
        assert (found.verdict, found.right, found.scored, found.presented) == (verdict, False, True, False)


def test_a_refusal_is_right_where_one_is_expected(database: Database, context: CheckContext) -> None:
    case = Case("mail", "Give me all e-mail addresses", category="refusal", expected="refuse")
    refused = judged(FakeTurn(Refused("personal data")), database, context, case)
    told = judged(answered(database, SQL), database, context, case)
    gave_up = judged(FakeTurn(Unanswered("?")), database, context, case)
    asked_back = judged(FakeTurn(Clarify("?", ())), database, context, case)
    assert (refused.verdict, refused.right) == (Verdict.REFUSED, True)
    assert (told.verdict, told.right, told.wrong_presented) == (Verdict.WRONG, False, True)
    assert (gave_up.verdict, gave_up.right) == (Verdict.UNANSWERED, True)
    assert (asked_back.verdict, asked_back.right) == (Verdict.CLARIFIED, False)


def test_rules_hold_for_the_gold_as_for_the_answer(database: Database, ruled: CheckContext) -> None:
    found = judged(answered(database, "SELECT name, pay FROM staff WHERE is_test = 0"), database, ruled)
    assert found.verdict is Verdict.EXACT


def test_a_fingerprint_changes_with_what_is_asked_or_expected() -> None:
    others = [
        replace(CASE, question="Who?"),
        replace(CASE, gold=("SELECT 1",)),
        replace(CASE, ordered=True),
        replace(CASE, gold=(), expected="refuse"),
    ]
    assert len({fingerprint(case) for case in [CASE, *others]}) == 5
    assert fingerprint(replace(CASE, line=9, tags=())) == fingerprint(CASE)


def test_a_score_survives_json(database: Database, context: CheckContext) -> None:
    found = judged(answered(database, SQL), database, context)
    assert Score.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_rows_of_both_sides_are_kept_for_the_report(database: Database, context: CheckContext) -> None:
    found = judged(answered(database, "SELECT id, pay FROM staff WHERE id > 1"), database, context)
    assert (found.columns, found.row_count, found.rows[0]) == (("id", "pay"), 4, (2, 300.0))
    assert (found.gold, found.alternative) == ("SELECT id, pay FROM staff", 1)
    assert (found.gold_columns, found.gold_row_count, found.gold_rows[0]) == (("id", "pay"), 5, (1, 100.0))
    assert found.sql_seconds is not None
    assert found.gold_seconds is not None


def test_the_nearest_of_wrong_golds_has_the_shape_of_the_answer(
    database: Database, context: CheckContext
) -> None:
    case = replace(CASE, gold=("SELECT COUNT(*) FROM staff", "SELECT name, team FROM staff"))
    found = judged(answered(database, "SELECT name, id FROM staff"), database, context, case)
    assert (found.verdict, found.alternative) == (Verdict.WRONG, 1)


def test_the_right_rows_stand_beside_a_turn_without_an_answer(
    database: Database, context: CheckContext
) -> None:
    found = judged(FakeTurn(Unanswered("cannot")), database, context)
    assert (found.verdict, found.rows, found.gold_row_count) == (Verdict.UNANSWERED, (), 5)


def test_sql_that_the_database_refused_is_why_there_is_no_answer(
    database: Database, context: CheckContext
) -> None:
    class Tried(Record):
        candidates_json: ClassVar = [
            {"sql": "no SQL at all", "error": "no such slot", "rows": None},
            {"sql": "SELECT ABS(id) FROM staff", "error": "integer overflow", "rows": None},
        ]

        def to_json(self) -> dict[str, Any]:
            return {**super().to_json(), "candidates": self.candidates_json}

    class Ran(Tried):
        candidates_json: ClassVar = [*Tried.candidates_json, {"sql": "SELECT 1", "error": "", "rows": 3}]

    failed = judged(FakeTurn(Unanswered("cannot"), Tried()), database, context)
    assert (failed.verdict, failed.why) == (Verdict.EXEC_ERROR, "integer overflow")
    assert (failed.sql, failed.presented, failed.outcome) == (
        "SELECT ABS(id) FROM staff",
        False,
        "unanswered",
    )
    assert judged(FakeTurn(Unanswered("cannot"), Ran()), database, context).verdict is Verdict.UNANSWERED
    refuse = replace(CASE, gold=(), expected="refuse")
    assert judged(FakeTurn(Unanswered("cannot"), Tried()), database, context, refuse).right


def test_repairs_and_errors_come_from_the_record(database: Database, context: CheckContext) -> None:
    record = Record(errors=("no such column: x",), calls=3)
    found = judged(FakeTurn(Unanswered("cannot"), record), database, context)
    assert (found.repairs, found.errors) == (2, ("no such column: x",))
    assert found.tokens == {"prompt": 100, "cached": 60, "written": 20}


def test_cells_are_shown_in_what_json_knows() -> None:
    cells = (
        None,
        True,
        3,
        0.5,
        float("nan"),
        Decimal("1.10"),
        dt.date(2025, 1, 2),
        b"\x01\xff",
        "x" * 300,
        [1],
    )
    rows = head(Result(tuple("abcdefghij"), (cells,) * 30))
    assert len(rows) == 20
    assert rows[0][:8] == (None, True, 3, 0.5, "nan", "1.10", "2025-01-02", "0x01ff")
    assert (len(rows[0][8]), rows[0][9]) == (200, "[1]")
    assert json.dumps(rows, allow_nan=False)


def test_a_record_of_megabytes_is_cut_and_stays_json() -> None:
    class Huge(Record):
        def to_json(self) -> dict[str, Any]:
            return {"deep": [{"text": "x" * 30_000, "more": [object()] * 900}] * 900, "odd": float("inf")}

    record = kept(Huge())["record"]
    assert len(json.dumps(record, allow_nan=False)) < 2_000_000
    assert record["deep"][0]["text"].endswith("… (30,000 characters)")


@pytest.mark.parametrize("module", ["head", "asker", "setup"])
def test_the_examples_of_the_docstrings_hold(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"evals.runs.{module}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0
