"""Confidence held against outcomes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.calibration import Answer, calibration
from evals.metrics.stats import Interval, Share

CONFIDENCES = st.lists(
    st.tuples(st.sampled_from([0.2, 0.5, 0.8]) | st.floats(0, 1), st.booleans()), max_size=80
)


def answers(*pairs: tuple[float, bool]) -> list[Answer]:
    return [Answer(str(number), confidence, right) for number, (confidence, right) in enumerate(pairs)]


def test_the_error_is_the_gap_of_each_bin_weighed_by_its_answers() -> None:
    """Ten at 0.6 of which 9 are right, ten at 0.9 of which 5 are: 0.3 too low, 0.4 too high."""
    given = answers(*[(0.6, n > 0) for n in range(10)], *[(0.9, n < 5) for n in range(10)])
    found = calibration(given)
    assert [(one.low, one.high, one.right) for one in found.bins] == [
        (0.6, 0.6, Share(9, 10)),
        (0.9, 0.9, Share(5, 10)),
    ]
    assert found.error == pytest.approx((0.3 + 0.4) / 2)
    assert found.brier == pytest.approx((9 * 0.16 + 0.36 + 5 * 0.01 + 5 * 0.81) / 20)


def test_bins_hold_as_many_answers_each_and_are_ten_at_most() -> None:
    found = calibration(answers(*[(n / 300, n % 3 > 0) for n in range(300)]))
    assert [one.right.cases for one in found.bins] == [30] * 10


@pytest.mark.parametrize(("answered", "bins"), [(1, 1), (19, 1), (20, 2), (55, 5), (99, 9), (1000, 10)])
def test_a_bin_has_ten_answers_or_is_the_only_one(answered: int, bins: int) -> None:
    assert len(calibration(answers(*[(n / answered, True) for n in range(answered)])).bins) == bins


def test_answers_of_one_confidence_are_never_parted() -> None:
    found = calibration(answers(*[(0.5, True)] * 55, *[(0.9, False)] * 5, *[(0.1, True)] * 40))
    assert [(one.low, one.high) for one in found.bins] == [(0.1, 0.1), (0.5, 0.5), (0.9, 0.9)]


def test_honest_confidences_of_many_answers_leave_a_small_error() -> None:
    generator = np.random.default_rng(4)
    confidences = generator.uniform(0.3, 1.0, 4000)
    honest = answers(*zip(confidences.tolist(), (generator.random(4000) < confidences).tolist(), strict=True))
    boastful = [Answer(one.case, min(1.0, one.confidence + 0.2), one.right) for one in honest]
    assert calibration(honest).error < 0.03  # type: ignore[operator]
    assert calibration(boastful).interval.low > 0.1  # type: ignore[union-attr]


def test_the_interval_holds_the_error_of_a_biased_model_as_often_as_it_says() -> None:
    """Confidence always 0.9, right in 70 of 100: the error is 0.2."""
    generator = np.random.default_rng(8)
    held = 0
    for hits in generator.binomial(150, 0.7, 200):
        interval = calibration(answers(*[(0.9, n < hits) for n in range(150)]), draws=500).interval
        assert interval is not None
        held += interval.low <= 0.2 <= interval.high
    assert 0.9 <= held / 200 <= 0.99


def test_asking_thrice_does_not_narrow_the_interval() -> None:
    once = answers(*[(0.8, n % 2 > 0) for n in range(40)])
    single, thrice = calibration(once), calibration(once * 3)
    assert thrice.answers == 120
    assert thrice.bins[0].right == single.bins[0].right
    assert single.interval is not None
    assert thrice.interval is not None
    assert thrice.error == pytest.approx(single.error)
    assert thrice.interval.low == pytest.approx(single.interval.low)
    assert thrice.interval.high == pytest.approx(single.interval.high)


def test_a_draw_is_weighed_by_its_own_answers() -> None:
    found = calibration([Answer("often", 1.0, False)] * 9 + [Answer("once", 1.0, False)])
    assert found.interval == Interval(1.0, 1.0)


def test_without_answers_all_is_unknown() -> None:
    assert calibration([]).to_json() == {
        "answers": 0,
        "error": None,
        "interval": None,
        "brier": None,
        "bins": [],
    }


def test_one_answer_is_one_bin() -> None:
    found = calibration(answers((0.7, False)))
    assert (found.error, found.brier) == (pytest.approx(0.7), pytest.approx(0.49))
    assert len(found.bins) == 1


@given(CONFIDENCES)
def test_every_answer_is_in_one_bin_and_every_figure_within_bounds(pairs: list[tuple[float, bool]]) -> None:
    found = calibration(answers(*pairs), draws=50)
    assert sum(one.right.cases for one in found.bins) == found.answers == len(pairs)
    edges = [edge for one in found.bins for edge in (one.low, one.high)]
    assert edges == sorted(edges)
    assert all(one.low - 1e-9 <= one.confidence <= one.high + 1e-9 for one in found.bins)
    if pairs:
        assert 0 <= found.error <= 1  # type: ignore[operator]
        assert 0 <= found.brier <= 1  # type: ignore[operator]
