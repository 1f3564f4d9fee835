"""Scores with no more than a test needs."""

from dataclasses import replace
from typing import Any

from evals.runs.info import Run, RunInfo
from evals.runs.score import Score
from evals.verdict import Verdict

BLANK = Score(case="a", question="How many?", category="count", verdict=Verdict.WRONG)


def scored(case: str, verdict: str = "exact", **facts: Any) -> Score:
    """An answer presented with its SQL, right where the verdict is; or a turn that ended without one."""
    kind = Verdict(verdict)
    answered = kind not in (Verdict.REFUSED, Verdict.CLARIFIED, Verdict.UNANSWERED, Verdict.HARNESS_ERROR)
    given = {
        "right": kind.right,
        "presented": answered,
        "sql": "SELECT 1 FROM staff" if answered else "",
        "outcome": "answered" if answered else "refused",
        **facts,
    }
    return replace(BLANK, case=case, verdict=kind, **given)


def run_of(*scores: Score) -> Run:
    return Run(RunInfo("r1", ("dev",), "small.gguf"), scores)
