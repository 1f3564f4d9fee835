"""Answers timed beside their golds, on a real SQLite file."""

from dataclasses import dataclass, field

import pytest

from evals.metrics.efficiency import Timing, efficiency, measure, time_answer
from evals.runs.subject import Place
from graph.checks import CheckContext
from knowledge.errors import QueryTimeoutError
from knowledge.result import Result
from tests.evals.metrics.made import scored

FAST = "SELECT COUNT(*) FROM staff"
SLOW = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) "
    "SELECT COUNT(*) FROM staff, n"
)


@dataclass
class Clocked:
    """A database that says how long each statement took, and keeps what was asked."""

    seconds: dict[str, list[float]]
    ran: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)

    def run(self, sql: str, *, max_rows: int | None = None) -> Result:
        self.statements.append(sql)
        self.ran.append("answer" if "pay" in sql else "gold")
        if not self.seconds[self.ran[-1]]:
            raise QueryTimeoutError("the statement took too long")
        return Result(("n",), ((1,),), seconds=self.seconds[self.ran[-1]].pop(0))


def timed(
    place: Place, answer: list[float], gold: list[float], **options: float
) -> tuple[Timing | None, Clocked]:
    clocked = Clocked({"answer": answer, "gold": gold})
    score = scored("a", sql="SELECT SUM(pay) FROM staff", gold=FAST)
    return time_answer(score, clocked, place.context, **options), clocked  # type: ignore[arg-type]


def test_answer_and_gold_take_turns_and_the_first_of_each_warms_up(place: Place) -> None:
    timing, clocked = timed(place, [9.0, 3.0, 1.0, 2.0], [9.0, 4.0, 4.0, 8.0], rounds=3, budget_s=60)
    assert clocked.ran == ["answer", "gold", "answer", "gold", "gold", "answer", "answer", "gold"]
    assert timing == Timing("a", 2.0, 4.0, 3)
    assert timing.ratio == 0.5


def test_a_pair_too_slow_for_the_budget_is_timed_in_one_round_all_the_same(place: Place) -> None:
    timing, clocked = timed(place, [9.0, 6.0, 1.0], [9.0, 3.0, 1.0], rounds=3, budget_s=5)
    assert clocked.ran == ["answer", "gold", "answer", "gold"]
    assert timing == Timing("a", 6.0, 3.0, 1)


def test_a_query_that_runs_into_the_time_limit_gives_no_timing(place: Place) -> None:
    assert timed(place, [], [1.0])[0] is None


def test_a_statement_that_the_checks_stop_is_never_timed(place: Place) -> None:
    score = scored("a", sql="DELETE FROM staff", gold=FAST)
    assert time_answer(score, place.database, place.context) is None


def test_a_slow_answer_is_seen_on_the_database(place: Place) -> None:
    found = measure([scored("a", sql=SLOW, gold=FAST)], place.database, place.context, budget_s=20, rounds=3)
    assert found.ratio is not None
    assert found.ratio > 2


def test_only_right_answers_are_timed(place: Place) -> None:
    scores = [
        scored("a", sql=FAST, gold=FAST, suite="dev"),
        scored("b", "wrong", sql=FAST, gold=FAST),
        scored("c", "refused", expected="refuse", right=True),
        scored("d", sql="SELECT nothing FROM nowhere", gold=FAST),
    ]
    found = measure(scores, place.database, place.context, rounds=2)
    assert [(timing.suite, timing.case, timing.rounds) for timing in found.timings] == [("dev", "a", 2)]
    assert found.left_out == 1


def test_what_the_budget_does_not_reach_is_left_out(place: Place) -> None:
    found = measure([scored("a", sql=FAST, gold=FAST)], place.database, place.context, budget_s=0.0)
    assert (found.timings, found.ratio, found.left_out) == ((), None, 1)


@pytest.mark.parametrize(
    ("question", "filtered"), [("How many people?", True), ("Who has a test account?", False)]
)
def test_the_question_decides_which_rules_hold_as_it_did_when_judged(
    question: str, filtered: bool, ruled: CheckContext
) -> None:
    clocked = Clocked({"answer": [1.0] * 4, "gold": [1.0] * 4})
    score = scored("a", question=question, sql="SELECT SUM(pay) FROM staff", gold=FAST)
    time_answer(score, clocked, ruled, rounds=1)  # type: ignore[arg-type]
    assert all(("is_test" in sql) == filtered for sql in clocked.statements)


def test_twice_as_fast_and_twice_as_slow_even_out() -> None:
    timings = [Timing(str(n), 2.0 if n % 2 else 1.0, 1.0 if n % 2 else 2.0, 5) for n in range(40)]
    found = efficiency(timings)
    assert found.ratio == pytest.approx(1.0)
    assert found.interval is not None
    assert 0.7 < found.interval.low < 1 < found.interval.high < 1.4


def test_without_timings_nothing_is_said() -> None:
    assert efficiency([]).to_json() == {"ratio": None, "interval": None, "left_out": 0, "timings": []}
