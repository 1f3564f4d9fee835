"""A run as numbers."""

import json

import pytest
from rich.console import Console

from evals.reports.report import failures, report, to_json, to_table
from evals.runs.journal import Header
from evals.runs.run import Run
from evals.runs.score import Score
from evals.verdict import Verdict


def score(
    case: str, category: str, verdict: Verdict, *, presented: bool = True, seconds: float = 1.0
) -> Score:
    return Score(
        case,
        f"question {case}",
        category,
        verdict,
        right=verdict.right,
        outcome="answered",
        presented=presented,
        seconds=seconds,
        times={"model": seconds / 2, "database": 0.25},
    )


RUN = Run(
    Header("dev", "fake", "abc"),
    (
        score("a", "count", Verdict.EXACT),
        score("b", "count", Verdict.SUPERSET, seconds=3.0),
        score("c", "count", Verdict.WRONG),
        score("d", "top", Verdict.WRONG, presented=False),
        score("e", "top", Verdict.VACUOUS),
        score("f", "top", Verdict.HARNESS_ERROR),
    ),
)


def test_shares_are_of_the_scored_cases_alone() -> None:
    found = report(RUN)
    count, top = found.categories
    assert (count.cases, count.scored, count.right, count.exact, count.wrong_presented) == (3, 3, 2, 1, 1)
    assert (top.cases, top.scored, top.right, top.share, top.wrong_presented) == (3, 1, 0, 0.0, 0)
    assert (found.total.scored, found.total.right, found.total.share) == (4, 2, 0.5)
    assert found.total.wrong_presented_share == 0.25
    assert (found.p50, found.p95) == (1.0, 3.0)
    assert found.times == {"model": pytest.approx(4 / 6), "database": 0.25}
    assert found.verdicts == {"wrong": 2, "exact": 1, "superset": 1, "vacuous": 1, "harness_error": 1}


def test_the_json_holds_the_numbers_and_each_case() -> None:
    data = json.loads(json.dumps(to_json(report(RUN))))
    assert data["run"]["suite"] == "dev"
    assert data["total"]["share"] == 0.5
    assert data["total"]["interval"] == pytest.approx([0.15, 0.85], abs=0.005)
    assert [entry["case"] for entry in data["scores"]] == ["a", "b", "c", "d", "e", "f"]
    assert "scores" not in to_json(report(RUN), scores=False)


def shown(run: Run) -> str:
    console = Console(width=120, record=True, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(to_table(report(run)))
    console.print(failures(report(run)))
    return console.export_text()


def test_the_table_tells_shares_intervals_and_what_was_left_out() -> None:
    text = shown(RUN)
    assert "50.0%" in text
    assert "15.0% to 85.0%" in text
    assert "3 (1 scored)" in text
    assert "1 (25.0%)" in text
    assert "wrong, shown as right" in text
    assert "half within 1.00, 95% within 3.00" in text
    assert "mean seconds by part: model 0.67, database 0.25" in text
    assert "question d" in text
    assert "question a" not in text


def test_an_empty_run_has_no_share() -> None:
    found = report(Run(Header(), ()))
    assert (found.total.share, found.p50) == (None, None)
    assert "all" in shown(Run(Header(), ()))
