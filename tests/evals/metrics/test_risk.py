"""Risk against coverage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.risk import Point, risk_curve

ANSWERS = st.lists(
    st.tuples(st.none() | st.sampled_from([0.1, 0.5, 0.5000001, 0.9]) | st.floats(0, 1), st.booleans()),
    max_size=40,
)


def test_the_curve_goes_from_the_surest_answer_down() -> None:
    curve = risk_curve([(0.6, False), (0.9, True), (0.7, True), (None, False), (0.8, False)])
    assert curve.points == (
        Point(0.9, 0.2, 0.0),
        Point(0.8, 0.4, 0.5),
        Point(0.7, 0.6, pytest.approx(1 / 3)),
        Point(0.6, 0.8, 0.5),
    )
    assert curve.area == pytest.approx((0 + 0.5 + 1 / 3 + 0.5) / 4)


def test_answers_of_one_confidence_stand_or_fall_together() -> None:
    curve = risk_curve([(0.9, True), (0.5, False), (0.5, True), (0.5, True)])
    assert curve.points == (Point(0.9, 0.25, 0.0), Point(0.5, 1.0, 0.25))
    assert curve.area == pytest.approx(0.25 * 0.0 + 0.75 * 0.25)


def test_a_case_without_an_answer_is_never_covered() -> None:
    curve = risk_curve([(0.9, True), (None, True), (None, False), (None, False)])
    assert curve.points[-1].coverage == 0.25


def test_answering_less_does_not_look_like_erring_less() -> None:
    answered = [(0.9, True), (0.8, False)]
    assert risk_curve(answered).area == risk_curve([*answered, (None, False), (None, False)]).area


@pytest.mark.parametrize(("most", "coverage"), [(0.0, 0.2), (0.34, 0.6), (0.5, 0.8), (1.0, 0.8)])
def test_a_given_risk_buys_the_largest_coverage(most: float, coverage: float) -> None:
    point = risk_curve([(0.6, False), (0.9, True), (0.7, True), (None, False), (0.8, False)]).at_risk(most)
    assert point is not None
    assert point.coverage == coverage


def test_no_coverage_can_be_had_where_the_surest_answer_is_wrong() -> None:
    assert risk_curve([(0.9, False), (0.8, True)]).at_risk(0.2) is None


@pytest.mark.parametrize("answers", [[], [(None, False)]])
def test_without_answers_there_is_no_curve(answers: list[tuple[None, bool]]) -> None:
    assert risk_curve(answers).to_json() == {"area": None, "points": []}
    assert risk_curve(answers).at_risk(1.0) is None


@given(ANSWERS)
def test_coverage_rises_and_every_point_is_what_counting_gives(
    answers: list[tuple[float | None, bool]],
) -> None:
    curve = risk_curve(answers)
    coverages = [point.coverage for point in curve.points]
    assert coverages == sorted(set(coverages))
    for point in curve.points:
        given = [
            right
            for confidence, right in answers
            if confidence is not None and confidence >= point.confidence
        ]
        assert point.coverage == len(given) / len(answers)
        assert point.risk == given.count(False) / len(given)
    assert curve.area is None or 0 <= curve.area <= 1 + 1e-9


@given(ANSWERS, st.randoms())
def test_the_order_of_the_cases_does_not_matter(
    answers: list[tuple[float | None, bool]], random: object
) -> None:
    mixed = list(answers)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert risk_curve(mixed) == risk_curve(answers)
