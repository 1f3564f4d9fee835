"""Two models on the same cases, against hand-computed values, enumeration and simulation."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.paired import chance_to_see, detectable, holm, mcnemar, needed, paired_bootstrap

OUTCOMES = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from([0.0, 1.0])), min_size=1, max_size=60
)
CHANCES = st.lists(st.floats(0, 1), max_size=8)


@pytest.mark.parametrize("won", range(8))
def test_mcnemar_counts_the_tosses_that_are_no_likelier(won: int) -> None:
    lost = 7 - won
    heads = [sum(tosses) for tosses in product((0, 1), repeat=7)]
    assert mcnemar(won, lost, "less") == pytest.approx(sum(n <= won for n in heads) / 128)
    assert mcnemar(won, lost, "greater") == pytest.approx(sum(n >= won for n in heads) / 128)
    as_odd = [n for n in heads if comb(7, n) <= comb(7, won)]
    assert mcnemar(won, lost) == pytest.approx(len(as_odd) / 128)


def test_less_asks_whether_the_candidate_is_worse() -> None:
    assert mcnemar(won=1, lost=9, alternative="less") < 0.05 < mcnemar(won=9, lost=1, alternative="less")


@pytest.mark.parametrize("alternative", ["less", "greater", "two-sided"])
def test_without_discordant_cases_nothing_is_shown(alternative: str) -> None:
    assert mcnemar(0, 0, alternative) == 1.0  # type: ignore[arg-type]


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_is_a_chance_and_looks_at_both_sides_alike(won: int, lost: int) -> None:
    assert 0 <= mcnemar(won, lost) <= 1
    assert mcnemar(won, lost) == pytest.approx(mcnemar(lost, won))
    assert mcnemar(won, lost, "less") == pytest.approx(mcnemar(lost, won, "greater"))


def test_the_bootstrap_gives_every_way_of_drawing_three_cases_its_share() -> None:
    """Three cases, differences 1, 0, 0: the mean of a draw is 0 in 8 of 27, 1/3 in 12, 2/3 in 6, 1 in 1."""
    left, right = [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]
    for level, high in ((0.4, 1 / 3), (0.9, 2 / 3), (0.98, 1.0)):
        assert paired_bootstrap(left, right, level=level).high == pytest.approx(high)
    for level, low in ((0.68, 1 / 3), (0.73, 0.0)):
        assert paired_bootstrap(left, right, level=level, one_sided=True).low == pytest.approx(low)


def test_the_bootstrap_agrees_with_drawing_the_cases_themselves() -> None:
    generator = np.random.default_rng(5)
    left, right = (generator.choice([0.0, 1 / 3, 2 / 3, 1.0], 120) for _ in range(2))
    drawn = generator.integers(0, 120, (10_000, 120))
    low, high = np.quantile((left - right)[drawn].mean(axis=1), (0.025, 0.975))
    found = paired_bootstrap(left.tolist(), right.tolist())
    assert (found.low, found.high) == (pytest.approx(low, abs=0.005), pytest.approx(high, abs=0.005))


def test_the_lower_bound_of_one_side_lies_above_that_of_two() -> None:
    left, right = [1.0] * 30 + [0.0] * 70, [0.0] * 20 + [1.0] * 20 + [0.0] * 60
    one, two = (paired_bootstrap(left, right, one_sided=side) for side in (True, False))
    assert two.low < one.low < one.high < two.high


def test_the_bound_of_the_gate_covers_the_true_difference_as_often_as_it_says() -> None:
    """300 cases, a tenth discordant, the candidate two points worse."""
    generator = np.random.default_rng(11)
    runs, covered, both = 400, 0, 0
    for won, lost in zip(
        generator.binomial(300, 0.04, runs), generator.binomial(300, 0.06, runs), strict=True
    ):
        left = [1.0] * won + [0.0] * lost + [1.0] * (300 - won - lost)
        right = [0.0] * won + [1.0] * (300 - won)
        covered += paired_bootstrap(left, right, draws=1000, one_sided=True).low <= -0.02
        found = paired_bootstrap(left, right, draws=1000)
        both += found.low <= -0.02 <= found.high
    assert 0.92 <= covered / runs <= 0.98
    assert 0.92 <= both / runs <= 0.98


@given(OUTCOMES, st.integers(0, 5))
def test_the_interval_is_ordered_within_bounds_and_the_same_for_a_seed(
    outcomes: list[tuple[float, float]], seed: int
) -> None:
    left, right = zip(*outcomes, strict=True)
    found = paired_bootstrap(left, right, seed=seed, draws=200)
    assert -1 <= found.low <= found.high <= 1
    assert found == paired_bootstrap(left, right, seed=seed, draws=200)


def test_without_cases_everything_is_possible() -> None:
    assert (paired_bootstrap([], []).low, paired_bootstrap([], []).high) == (-1.0, 1.0)


def test_cases_that_are_not_the_same_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="2 cases cannot be paired with 1"):
        paired_bootstrap([1.0, 0.0], [1.0])


def test_holm_steps_down_from_the_least() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(CHANCES)
def test_holm_keeps_the_order_never_lowers_and_never_exceeds_bonferroni(ps: list[float]) -> None:
    corrected = holm(ps)
    pairs = sorted(zip(ps, corrected, strict=True))
    assert [value for _, value in pairs] == sorted(corrected)
    assert all(p <= value <= min(1.0, len(ps) * p) for p, value in pairs)


@pytest.mark.parametrize(
    ("n", "points"), [(210, (4.5, 6.5, 8.8)), (314, (3.7, 5.2, 7.2)), (1000, (2.2, 3.0, 4.2))]
)
def test_the_detectable_difference_is_the_published_one(n: int, points: tuple[float, ...]) -> None:
    """The published ones lie on a grid of a quarter of a point."""
    for discordant, published in zip((0.05, 0.1, 0.2), points, strict=True):
        assert 100 * detectable(n, discordant) == pytest.approx(published, abs=0.25)


def test_the_chance_to_see_a_difference_is_what_simulated_suites_show() -> None:
    generator = np.random.default_rng(3)
    thirds = [0.02, 0.08, 0.9]
    suites = generator.multinomial(210, thirds, size=3000)
    seen = sum(mcnemar(int(won), int(lost)) <= 0.05 and won < lost for won, lost, _ in suites)
    assert seen / 3000 == pytest.approx(chance_to_see(210, 0.06, 0.1), abs=0.025)


@given(st.integers(1, 800), st.floats(0.01, 0.5))
def test_the_detectable_difference_is_seen_with_the_power_asked_for(n: int, discordant: float) -> None:
    least = detectable(n, discordant)
    assert 0 < least <= 1
    assert least == 1.0 or chance_to_see(n, least, discordant) >= 0.8


def test_more_cases_show_smaller_differences() -> None:
    found = [detectable(n, 0.1) for n in (0, 5, 20, 80, 320, 1280, 5120)]
    assert found == sorted(found, reverse=True)
    assert found[:2] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("difference", "discordant"), [(0.03, 0.05), (0.03, 0.1), (0.1, 0.2), (0.3, 0.05), (1, 1)]
)
def test_the_needed_cases_are_enough_and_a_tenth_fewer_are_not(difference: float, discordant: float) -> None:
    cases = needed(difference, discordant)
    assert chance_to_see(cases, difference, discordant) >= 0.8
    assert chance_to_see(int(0.9 * cases), difference, discordant) < 0.8


def test_a_gate_that_looks_at_one_side_needs_fewer_cases() -> None:
    assert needed(0.03, 0.1, level=0.9) < needed(0.03, 0.1)
    assert detectable(314, 0.1, level=0.9) < detectable(314, 0.1)


@pytest.mark.parametrize("difference", [0.0, 1e-9, -0.1, 1.5])
def test_no_suite_shows_a_difference_that_is_none(difference: float) -> None:
    with pytest.raises(ValueError, match="cannot be seen"):
        needed(difference, 0.1)
