from typing import Any

from evals.metrics.mending import Mending, mendings
from evals.metrics.summary import summarise
from evals.reports.figures import mended
from tests.evals.metrics.made import run_of, scored

ONCE = ["recall", "retrieve", "generate", "check", "execute", "judge", "answer"]
AGAIN = [*ONCE[:5], "repair", *ONCE[2:]]
MORE = [*ONCE[:6], *ONCE[2:]]


def record(steps: list[str], *candidates: dict[str, Any]) -> dict[str, Any]:
    return {"steps": [{"name": name, "seconds": 0.1} for name in steps], "candidates": list(candidates)}


def said(*, call: int = 1, chosen: bool = False, was_mended: bool = False) -> dict[str, Any]:
    return {"call": call, "chosen": chosen, "findings": [{"mended": was_mended}]}


def test_a_turn_without_repair_counts_nowhere() -> None:
    found = mendings([scored("a", record=record(ONCE, said(chosen=True)))])
    assert [mending.used for mending in found] == [0, 0, 0]


def test_a_rewritten_statement_counts_where_it_is_the_answer() -> None:
    rewritten, plain = said(was_mended=True), said(chosen=True)
    rewrite, _, _ = mendings(
        [
            scored("a", record=record(ONCE, {**rewritten, "chosen": True})),
            scored("b", record=record(ONCE, rewritten, plain)),
            scored("c", "wrong", record=record(ONCE, {**rewritten, "chosen": True})),
        ]
    )
    assert rewrite == Mending("tree rewrite", used=3, chosen=2, right=1)


def test_a_call_with_a_complaint_and_one_for_more_are_told_apart() -> None:
    _, complaint, fresh = mendings(
        [
            scored("a", record=record(AGAIN, said(), said(call=2, chosen=True))),
            scored("b", record=record(MORE, said(chosen=True), said(call=2))),
            scored("c", record=record(MORE, said(), said(call=2, chosen=True))),
        ]
    )
    assert complaint == Mending("model call", used=1, chosen=1, right=1)
    assert fresh == Mending("fresh candidates", used=2, chosen=1, right=1)


def test_a_call_that_gave_nothing_new_was_used_all_the_same() -> None:
    assert mendings([scored("a", "wrong", record=record(AGAIN, said()))])[1].used == 1


def test_the_report_tells_of_what_was_at_work() -> None:
    run = run_of(scored("a", record=record(AGAIN, said(), said(call=2, chosen=True))))
    assert mended(summarise(run)) == "Repair, in questions: model call in 1, the answer in 1, right in 1."
    assert mended(summarise(run_of(scored("a")))) == ""
