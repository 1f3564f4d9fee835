"""Two runs compared."""

import json
from dataclasses import replace

import pytest

from evals.reports.pairs import compared, evidence
from evals.reports.versus import KINDS, versus
from evals.runs.info import Run
from evals.runs.score import Score
from evals.verdict import Verdict
from tests.evals.reports.made import made_run

INFO = made_run(0).info


def score(case: str, verdict: Verdict, **other: object) -> Score:
    given = Score(
        case, f"question {case}", "count", verdict, suite="dev", right=verdict.right, sql=verdict.value
    )
    return replace(given, **other)  # type: ignore[arg-type]


def run(*scores: Score) -> Run:
    return Run(INFO, scores)


EXACT, WRONG, BROKEN = Verdict.EXACT, Verdict.WRONG, Verdict.HARNESS_ERROR
BEFORE = run(score("a", EXACT), score("b", EXACT), score("c", WRONG), score("d", WRONG), score("e", BROKEN))
AFTER = run(score("a", WRONG), score("b", EXACT), score("c", EXACT), score("d", WRONG), score("e", EXACT))


def test_each_case_falls_into_one_group() -> None:
    found = versus(BEFORE, AFTER)
    assert {kind: [pair.score.case for pair in pairs] for kind, pairs in found.groups.items()} == {
        "lost": ["a"], "won": ["c"], "both wrong": ["d"], "both right": ["b"], "not scored in both": ["e"],
    }  # fmt: skip
    assert (found.cases, found.right_before, found.right_after, found.difference) == (4, 0.5, 0.5, 0.0)
    assert found.p == 1.0


def test_cases_of_one_run_alone_are_told_and_not_counted() -> None:
    found = versus(run(score("a", EXACT), score("x", EXACT)), run(score("a", EXACT), score("y", WRONG)))
    assert list(found.groups) == ["both right", "only in the first", "only in the second"]
    assert found.cases == 1


def test_a_plain_win_is_called_better_and_its_mirror_worse() -> None:
    worse = run(*(score(str(n), WRONG if n < 12 else EXACT) for n in range(40)))
    better = run(*(score(str(n), EXACT) for n in range(40)))
    won, lost = versus(worse, better), versus(better, worse)
    assert won.difference == pytest.approx(0.3)
    assert 0 < won.interval.low < 0.3 < won.interval.high
    assert "better" in won.conclusion
    assert "worse" in lost.conclusion
    assert won.p == lost.p < 0.001


def test_one_case_of_many_may_be_chance() -> None:
    found = versus(BEFORE, replace(BEFORE, scores=(score("a", WRONG), *BEFORE.scores[1:])))
    assert found.interval.low <= 0 <= found.interval.high
    assert "chance" in found.conclusion


def test_the_same_run_twice_is_told_apart_nowhere() -> None:
    assert versus(BEFORE, BEFORE).conclusion == "No case tells the two runs apart."


def test_repeats_of_a_case_count_as_one_case() -> None:
    thrice = run(*(score("a", verdict, repeat=n) for n, verdict in enumerate((EXACT, WRONG, WRONG))))
    found = versus(thrice, run(score("a", EXACT)))
    assert (found.cases, found.right_before, found.right_after) == (1, pytest.approx(1 / 3), 1.0)
    (pair,) = found.groups["won"]
    assert pair.before is not None
    assert not pair.before.right


def test_a_case_that_was_reworded_is_told() -> None:
    found = versus(BEFORE, run(*(replace(one, fingerprint="new") for one in BEFORE.scores)))
    assert any("changed between the runs: a, b" in line for line in evidence(found))


def test_runs_that_differ_beside_the_model_are_told() -> None:
    other = Run(replace(INFO, setup="single-shot"), AFTER.scores)
    assert any("set-up" in line for line in evidence(versus(BEFORE, other)))


def test_runs_without_a_common_case_compare_as_nothing() -> None:
    found = versus(run(score("a", EXACT)), run(score("b", EXACT)))
    assert found.difference is None
    assert compared(found) == ()
    assert "nothing can be compared" in found.conclusion


def test_it_can_be_read_by_machines() -> None:
    data = json.loads(json.dumps(versus(BEFORE, AFTER).to_json()))
    assert data["difference"] == 0.0
    assert {pair["kind"] for pair in data["pairs"]} <= set(KINDS)
    assert data["pairs"][0]["before"]["sql"] == "exact"
