"""Tango's score bound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.releases.bound import Z_ONE_SIDED, score_lower


@pytest.mark.parametrize("cases", [5, 20, 88, 1000])
def test_without_any_change_it_is_that_of_a_single_share(cases: int) -> None:
    """Then it has a closed form: z2 / (n + z2)."""
    z2 = Z_ONE_SIDED**2
    assert score_lower(0, 0, cases) == pytest.approx(-z2 / (cases + z2), abs=1e-9)


@pytest.mark.parametrize(("won", "lost", "cases"), [(0, 1, 44), (3, 12, 300), (7, 5, 60), (1, 0, 20)])
def test_it_is_where_the_score_of_the_likeliest_model_is_just_significant(
    won: int, lost: int, cases: int
) -> None:
    """The share lost is found here by search, under the difference that the bound names."""
    bound = score_lower(won, lost, cases)
    shares = np.linspace(max(0, -bound) + 1e-9, (1 - bound) / 2 - 1e-9, 1_000_000)
    same = np.clip(1 - 2 * shares - bound, 1e-300, None)
    likelihood = (
        won * np.log(np.clip(shares + bound, 1e-300, None))
        + lost * np.log(shares)
        + (cases - won - lost) * np.log(same)
    )
    share = shares[np.argmax(likelihood)]
    error = np.sqrt(cases * (2 * share + bound * (1 - bound)))
    assert (won - lost - cases * bound) / error == pytest.approx(Z_ONE_SIDED, abs=1e-3)


def test_without_cases_everything_is_possible() -> None:
    assert score_lower(0, 0, 0) == -1


@given(st.integers(1, 400), st.data())
def test_it_lies_below_the_difference_and_falls_with_each_loss(cases: int, data: st.DataObject) -> None:
    won = data.draw(st.integers(0, cases - 1))
    lost = data.draw(st.integers(0, cases - won - 1))
    bound = score_lower(won, lost, cases)
    assert -1 <= bound <= (won - lost) / cases
    assert score_lower(won, lost + 1, cases) < bound


def test_it_holds_as_often_as_it_says() -> None:
    """Two equal models that differ in a tenth of 100 cases: the bound is above 0 in about 5% of the draws."""
    draws = np.random.default_rng(1).multinomial(100, [0.05, 0.05, 0.9], size=2000)
    above = np.mean([score_lower(won, lost, 100) > 0 for won, lost, _ in draws])
    assert 0.03 < above < 0.07
