"""The statistics of a run, against published values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.stats import Share, mean_share, percentile, wilson


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (251, 314, 0.7516, 0.8399)],
)
def test_the_wilson_interval_is_the_published_one(hits: int, trials: int, low: float, high: float) -> None:
    interval = wilson(hits, trials)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=2e-4), pytest.approx(high, abs=2e-4))


def test_without_trials_everything_is_possible() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_and_stays_within_bounds(trials: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, trials))
    interval = wilson(hits, trials)
    assert 0 <= interval.low <= hits / trials <= interval.high <= 1


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([], 0.5) is None
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(value) for value in range(1, 101)], 0.95) == 95.0
    assert percentile([7.0], 0.95) == 7.0


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), max_size=40))
def test_repeats_of_a_case_weigh_as_one_case(cases: list[list[bool]]) -> None:
    share = mean_share(cases)
    assert share.cases == len(cases)
    assert share.hits == pytest.approx(sum(sum(repeats) / len(repeats) for repeats in cases))
    assert mean_share([repeats * 3 for repeats in cases]).hits == pytest.approx(share.hits)
    assert 0 <= share.interval.low <= share.interval.high <= 1


def test_a_share_of_nothing_is_unknown() -> None:
    assert Share(0, 0).to_json() == {"hits": 0, "cases": 0, "share": None, "interval": [0.0, 1.0]}


def test_whole_hits_stay_whole_numbers() -> None:
    assert mean_share([[True], [False, True, True], [True, False, False]]) == Share(2, 3)
    assert isinstance(mean_share([[True]]).hits, int)


def test_the_wilson_interval_covers_the_true_share_as_often_as_it_says() -> None:
    generator = np.random.default_rng(2)
    hits = generator.binomial(60, 0.8, 1000)
    covered = sum(wilson(int(count), 60).low <= 0.8 <= wilson(int(count), 60).high for count in hits)
    assert 0.93 <= covered / 1000 <= 0.98
