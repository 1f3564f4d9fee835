"""The gate's sentences."""

import doctest
import importlib

import pytest

from evals.releases.decision import Evidence, LeftOut
from evals.releases.gate import decide
from evals.releases.reasons import left_out, points
from tests.evals.releases.runs import run


@pytest.mark.parametrize("name", ["bound", "reasons", "shelf"])
def test_the_examples_of_the_docstrings_hold(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"evals.releases.{name}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("candidate", "current"),
    [("o" * 40, "x" * 40), ("x" * 40, "o" * 40), ("xo" * 20, "ox" * 20), ("p" * 40, "x" * 40), ("h", "h")],
)
def test_every_reason_is_a_whole_sentence(candidate: str, current: str) -> None:
    for reason in decide(run(candidate, must_pass="1"), run(current, must_pass="1")).reasons:
        assert reason[0].isupper() or reason[0].isdigit()
        assert reason.endswith(".")
        assert "  " not in reason
        assert "1 cases" not in reason


def test_many_left_out_cases_are_told_by_their_reasons() -> None:
    said = left_out([LeftOut("dev", f"c{n}", f"reason {n % 7}") for n in range(70)])
    assert said.startswith("70 cases were left out: reason 0 (c0, c7, c14, c21, c28, ...);")
    assert said.endswith("and 2 other reasons.")


def test_a_loss_that_rounds_to_nothing_has_no_sign() -> None:
    assert points(-0.0001) == "0.0 points"


def test_no_evidence_is_no_success() -> None:
    assert not Evidence(delta=0.03).identical
    assert Evidence(delta=0.03).lower == -1
