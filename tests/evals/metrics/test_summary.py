"""A whole run as figures."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.efficiency import Timing, efficiency
from evals.metrics.stats import Share
from evals.metrics.summary import summarise
from evals.runs.score import Score
from evals.verdict import Verdict
from tests.evals.metrics.made import run_of, scored

FLAT = "SELECT name FROM staff"
JOINED = "SELECT city, COUNT(*) FROM staff JOIN teams ON team = code GROUP BY city"
SCORES = st.builds(
    scored,
    st.sampled_from("abcdef"),
    st.sampled_from([verdict.value for verdict in Verdict]),
    repeat=st.integers(0, 2),
    suite=st.sampled_from(["dev", "own"]),
    category=st.sampled_from(["", "count", "trend"]),
    expected=st.sampled_from(["answer", "refuse", "clarify"]),
    golds=st.sampled_from([(), (FLAT,), (JOINED, FLAT), ("nonsense (",)]),
    confidence=st.none() | st.floats(0, 1),
    tags=st.sampled_from([(), ("join",), ("join", "date")]),
    seconds=st.floats(0, 10),
    cost=st.none() | st.floats(0, 1),
    must_pass=st.booleans(),
)


def test_a_run_is_counted_by_every_group() -> None:
    summary = summarise(
        run_of(
            scored("a", category="count", tags=("plain",), person="finance", suite="dev", golds=(FLAT,)),
            scored("b", "wrong", category="trend", person="finance", suite="dev", golds=(JOINED, FLAT)),
            scored("c", "refused", category="limits", expected="refuse", right=True, suite="own"),
        )
    )
    counted = {
        name: {one.name: (one.right.hits, one.cases) for one in group}
        for name, group in summary.groups.items()
    }
    assert counted == {
        "category": {"count": (1, 1), "limits": (1, 1), "trend": (0, 1)},
        "tag": {"plain": (1, 1)},
        "complexity": {"easy": (1, 1), "medium": (0, 1)},
        "table": {"staff": (1, 2), "teams": (0, 1)},
        "person": {"finance": (1, 2)},
        "suite": {"dev": (1, 2), "own": (1, 1)},
    }
    assert summary.total.right == Share(2, 3)
    assert summary.verdicts == {"exact": 1, "wrong": 1, "refused": 1}


def test_levels_stand_from_easy_to_extra() -> None:
    extra = "SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM staff)))"
    summary = summarise(run_of(*[scored(sql, golds=(sql,)) for sql in (extra, JOINED, FLAT)]))
    assert [one.name for one in summary.complexities] == ["easy", "medium", "extra"]


def test_what_could_not_be_scored_is_counted_apart() -> None:
    summary = summarise(
        run_of(
            scored("a"),
            scored("b", "vacuous"),
            scored("c", "harness_error", outcome=""),
            scored("d", "harness_error", outcome=""),
        )
    )
    assert summary.unscored == {"harness_error": 2, "vacuous": 1}
    assert summary.total.right == Share(1, 1)
    assert summary.speed.asked == 2


def test_a_must_pass_case_fails_in_any_repeat_and_when_it_could_not_be_scored() -> None:
    summary = summarise(
        run_of(
            scored("a", must_pass=True),
            scored("a", "wrong", must_pass=True, repeat=1),
            scored("b", "harness_error", must_pass=True),
            scored("c", must_pass=True),
            scored("d", "wrong"),
        )
    )
    assert summary.must_pass_failures == ("a", "b")


def test_cases_that_are_right_only_at_times_are_named() -> None:
    summary = summarise(
        run_of(
            scored("a"),
            scored("a", "wrong", repeat=1),
            scored("b"),
            scored("b", repeat=1),
            scored("c"),
            scored("c", "harness_error", repeat=1),
        )
    )
    assert summary.unsteady == ("a",)


def test_unscored_and_unanswered_cases_never_reach_the_calibration() -> None:
    summary = summarise(
        run_of(
            scored("a", confidence=0.9),
            scored("b", "wrong", confidence=0.8),
            scored("c", "vacuous", confidence=0.7),
            scored("d", "unanswered"),
        )
    )
    assert summary.calibration.answers == 2
    assert [point.coverage for point in summary.risk.points] == [pytest.approx(1 / 3), pytest.approx(2 / 3)]


def test_the_rounded_are_counted() -> None:
    assert summarise(run_of(scored("a", "wrong", rounded=True), scored("b", "wrong"))).rounded == 1


def test_an_efficiency_that_was_measured_goes_with_the_summary() -> None:
    measured = efficiency([Timing("a", 1.0, 2.0, 5)])
    assert summarise(run_of(scored("a")), efficiency=measured).to_json()["efficiency"]["ratio"] == 0.5
    assert summarise(run_of(scored("a"))).to_json()["efficiency"] is None


@pytest.mark.parametrize(
    "scores",
    [(), (scored("a"),), (scored("a", "harness_error", outcome=""), scored("b", "undecided"))],
    ids=["no case", "one case", "all unscored"],
)
def test_every_figure_of_a_small_run_is_a_number_or_unknown(scores: tuple[Score, ...]) -> None:
    summary = summarise(run_of(*scores))
    json.loads(json.dumps(summary.to_json(), allow_nan=False))
    assert (summary.total.right.value is None) == (summary.total.scored == 0)


@given(st.lists(SCORES, max_size=30))
def test_every_run_gives_figures_within_bounds(scores: list[Score]) -> None:
    summary = summarise(run_of(*scores))
    json.dumps(summary.to_json(), allow_nan=False)
    assert sum(summary.verdicts.values()) == len(scores)
    for one in (summary.total, *(one for group in summary.groups.values() for one in group)):
        assert one.right.cases == one.scored <= one.cases
        for share in one.shares.values():
            assert 0 <= share.interval.low <= share.interval.high <= 1
            assert share.cases == 0 or share.interval.low - 1e-9 <= share.hits / share.cases
            assert share.cases == 0 or share.hits / share.cases <= share.interval.high + 1e-9


@given(st.lists(SCORES, max_size=20))
def test_asking_everything_twice_with_the_same_outcome_changes_no_share(scores: list[Score]) -> None:
    once = summarise(run_of(*scores)).total
    twice = summarise(run_of(*scores, *scores)).total
    assert once.cases == twice.cases
    for name, share in once.shares.items():
        assert twice.shares[name].cases == share.cases
        assert twice.shares[name].hits == pytest.approx(share.hits)
