"""Seconds, tokens, money."""

import pytest

from evals.metrics.speed import Seconds, speed
from tests.evals.metrics.made import scored


def test_the_seconds_are_split_by_part() -> None:
    found = speed(
        [
            scored("a", seconds=2.0, times={"model": 1.5, "database": 0.5}),
            scored("b", seconds=4.0, times={"model": 4.0}),
        ]
    )
    assert found.seconds == Seconds(2.0, 4.0, 3.0, 6.0)
    assert found.parts == {"model": Seconds(1.5, 4.0, 2.75, 5.5), "database": Seconds(0.0, 0.5, 0.25, 0.5)}


def test_a_question_that_the_harness_failed_on_counts_in_no_figure() -> None:
    failed = scored("b", "harness_error", outcome="", seconds=99.0)
    assert speed([scored("a", seconds=1.0), failed]) == speed([scored("a", seconds=1.0)])


def test_tokens_are_means_and_cost_is_the_sum_of_what_is_known() -> None:
    found = speed(
        [
            scored("a", tokens={"prompt": 100, "written": 10}, cost=0.002),
            scored("b", tokens={"prompt": 300}, cost=0.001),
            scored("c", tokens={"prompt": 200}),
        ]
    )
    assert found.tokens == {"prompt": 200.0, "written": pytest.approx(10 / 3)}
    assert (found.cost, found.priced) == (pytest.approx(0.003), 2)


def test_an_unknown_cost_is_not_nothing() -> None:
    assert speed([scored("a")]).cost is None


def test_without_questions_all_is_unknown() -> None:
    found = speed([])
    assert (found.seconds.p50, found.parts, found.tokens, found.cost) == (None, {}, {}, None)
