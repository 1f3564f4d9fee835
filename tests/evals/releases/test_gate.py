"""The gate, rule by rule. A letter is a case: o right, x wrong, p wrong but shown as right, h unscored."""

from dataclasses import replace

import pytest

from evals.releases.decision import Ruling
from evals.releases.gate import decide
from evals.runs.info import Run, RunInfo
from tests.evals.releases.runs import case, run

RIGHT = "o" * 300


def test_a_better_candidate_ships() -> None:
    found = decide(run("o" * 290 + "x" * 10), run("o" * 260 + "x" * 40))
    assert found.verdict is Ruling.SHIP
    assert (found.won, found.lost) == (30, 0)
    assert found.lower > 0
    assert "30 better of 300" in found.reasons[0]


def test_a_candidate_that_answers_exactly_alike_ships_however_small_the_suite() -> None:
    found = decide(run("oox"), run("oox"))
    assert found.verdict is Ruling.SHIP
    assert "exactly as the current model" in found.reasons[0]


def test_a_truly_worse_candidate_is_refused_and_the_cases_are_named() -> None:
    found = decide(run("x" * 20 + "o" * 280), run("o" * 299 + "x"))
    assert found.verdict is Ruling.REFUSE
    assert [change.case for change in found.worse][:3] == ["c0", "c1", "c2"]
    assert found.worse[0].sql_before == "SELECT 0, 'o'"
    assert found.worse[0].sql_after == "SELECT 0, 'x'"
    assert [change.case for change in found.better] == ["c299"]
    assert found.p_regression < 0.001
    assert "20 cases got worse and 1 better of 300, a difference of -6.3 points" in found.reasons[0]


def test_an_equal_candidate_on_a_small_suite_is_too_small_to_tell() -> None:
    found = decide(run("x" + "o" * 19), run("ox" + "o" * 18))
    assert found.verdict is Ruling.TOO_SMALL
    assert found.needed is not None
    assert found.needed > 100
    assert f"about {found.needed:,} cases would show" in found.reasons[1]


def test_a_few_cases_without_any_change_say_little_where_the_answers_differ() -> None:
    """The bootstrap alone would see no risk in 20 cases of which none got worse."""
    current = run("o" * 20)
    other = Run(current.info, tuple(replace(score, sql="SELECT 2") for score in current.scores))
    assert decide(other, current).verdict is Ruling.TOO_SMALL


def test_the_same_candidate_on_a_suite_that_is_large_enough_ships() -> None:
    current = run("o" * 120)
    other = Run(current.info, tuple(replace(score, sql="SELECT 2") for score in current.scores))
    assert decide(other, current).verdict is Ruling.SHIP


def test_an_equal_candidate_on_a_large_suite_ships() -> None:
    found = decide(run("x" * 6 + RIGHT), run("o" * 6 + "x" * 6 + RIGHT[6:]))
    assert found.verdict is Ruling.SHIP
    assert -0.03 < found.lower < 0


def test_a_larger_loss_may_be_allowed() -> None:
    candidate, current = run("x" + "o" * 49), run("ox" + "o" * 48)
    assert decide(candidate, current).verdict is Ruling.TOO_SMALL
    assert decide(candidate, current, delta=0.1).verdict is Ruling.SHIP


def test_one_failed_must_pass_case_refuses_the_best_candidate() -> None:
    found = decide(run("x" + "o" * 299, must_pass="11"), run("o" + "x" * 299, must_pass="11"))
    assert found.verdict is Ruling.REFUSE
    assert found.must_pass == 2
    assert [change.case for change in found.must_pass_failed] == ["c0"]
    assert "1 must-pass case failed: c0." in found.reasons


def test_a_must_pass_case_that_fails_for_both_models_refuses_and_says_so() -> None:
    found = decide(run("x" + RIGHT, must_pass="1"), run("x" + RIGHT, must_pass="1"))
    assert found.verdict is Ruling.REFUSE
    assert "1 of them for the current model too" in found.reasons[0]


def test_a_must_pass_case_has_to_pass_in_every_repeat() -> None:
    found = decide(run("oo/ox/oo", must_pass="01"), run("oo/oo/oo", must_pass="01"))
    assert [change.case for change in found.must_pass_failed] == ["c1"]


def test_a_must_pass_case_that_could_not_be_scored_did_not_pass() -> None:
    found = decide(run("h" + RIGHT, must_pass="1"), run("o" + RIGHT, must_pass="1"))
    assert found.verdict is Ruling.REFUSE
    assert "could not be scored: c0" in found.reasons[0]


def test_more_wrong_answers_presented_as_right_refuse() -> None:
    found = decide(run("p" + RIGHT), run("x" + RIGHT))
    assert found.verdict is Ruling.REFUSE
    assert (found.wrong_presented_before, found.wrong_presented_after) == (0, 1)
    assert "grew from 0 to 1: c0" in found.reasons[0]


def test_wrong_answers_that_are_newly_marked_please_check_do_no_harm() -> None:
    assert decide(run("x" + RIGHT), run("p" + RIGHT)).verdict is Ruling.SHIP


def test_a_case_left_unscored_counts_for_neither_and_is_told() -> None:
    found = decide(run("h" + RIGHT), run("o" + RIGHT))
    assert found.verdict is Ruling.SHIP
    assert (found.cases, found.lost) == (300, 0)
    assert found.reasons[-1] == "1 case was left out: unscored for the candidate: harness_error (c0)."


def test_a_candidate_that_could_not_be_scored_often_is_refused() -> None:
    found = decide(run("h" * 40 + "o" * 60), run("o" * 100))
    assert found.verdict is Ruling.REFUSE
    assert "Only 60 of 100 cases can be compared" in found.reasons[0]


def test_no_cases_at_all_are_refused() -> None:
    assert decide(run(""), run("")).verdict is Ruling.REFUSE
    assert decide(run(""), None).verdict is Ruling.REFUSE


def test_other_texts_under_the_same_names_are_no_comparison() -> None:
    current = run(RIGHT)
    changed = (replace(current.scores[0], fingerprint="another"), *current.scores[1:])
    found = decide(Run(current.info, changed), current)
    assert found.verdict is Ruling.REFUSE
    assert "different texts under the same names (c0)" in found.reasons[0]


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"schema": "b"}, "schema"),
        ({"database": "b"}, "database"),
        ({"setup": "single-shot"}, "set-up"),
        ({"seed": 8}, "seed"),
        ({"variants": 2}, "variants"),
    ],
)
def test_runs_that_were_not_made_alike_are_no_comparison(other: dict[str, object], named: str) -> None:
    info = RunInfo("a", ("dev",), "m", schema="a", database="a")
    found = decide(run(RIGHT, info=replace(info, **other)), run(RIGHT, info=info))  # type: ignore[arg-type]
    assert found.verdict is Ruling.REFUSE
    assert f"differ in {'number of database ' if named == 'variants' else ''}{named}" in found.reasons[0]


def test_a_fact_that_one_run_does_not_tell_is_no_difference() -> None:
    info = RunInfo("a", ("dev",), "m", schema="a", database="")
    assert decide(run(RIGHT, info=replace(info, database="b")), run(RIGHT, info=info)).ships


def test_repeats_count_with_their_mean() -> None:
    found = decide(run("oo/ox/oo"), run("oo/oo/oo"))
    assert found.cases == 2
    assert found.difference == pytest.approx(-1 / 6)
    assert (found.worse[0].before, found.worse[0].after) == (1.0, pytest.approx(2 / 3))
    assert found.worse[0].sql_after == "SELECT 1, 'x'"


def test_cases_of_the_same_name_in_two_suites_are_two_cases() -> None:
    scores = (case("o", 1, suite="dev"), case("x", 1, suite="more"))
    info = RunInfo("a", ("dev", "more"), "m")
    found = decide(Run(info, scores), Run(info, scores))
    assert (found.cases, found.right_after) == (2, 1)


def test_a_first_release_is_gated_by_must_pass_alone() -> None:
    assert decide(run("oxxp", must_pass="1"), None).ships
    found = decide(run("xooo", must_pass="1"), None)
    assert found.verdict is Ruling.REFUSE
    assert not found.compared


def test_a_first_release_says_that_nothing_was_compared() -> None:
    reasons = decide(run("ooox"), None).reasons
    assert "no model to compare with" in reasons[0]
    assert "3 of 4 cases are right" in reasons[0]
    assert "No case is marked must_pass" in reasons[1]


def test_a_first_release_that_could_not_be_scored_is_refused() -> None:
    found = decide(run("ohhh"), None)
    assert found.verdict is Ruling.REFUSE
    assert found.reasons[0] == "Only 1 of 4 cases could be scored."


def test_categories_are_corrected_for_their_number_and_never_gate() -> None:
    """All 10 losses are of one category: alarming by itself, and still within the loss allowed."""
    current = run("o" * 1000)
    lost = set(range(1, 21, 2))
    candidate = run("".join("x" if number in lost else "o" for number in range(1000)))
    found = decide(candidate, current, delta=0.5)
    by_name = {change.category: change for change in found.by_category}
    assert by_name["count"].lost == 10
    assert by_name["count"].corrected == pytest.approx(2 * by_name["count"].p)
    assert by_name["top"].p == 1
    assert not any("count" in reason for reason in found.reasons)


def test_a_delta_that_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        decide(run("o"), run("o"), delta=3)


def test_the_decision_can_be_written_as_json() -> None:
    import json

    said = json.loads(json.dumps(decide(run("xo"), run("ox")).to_json()))
    assert said["verdict"] == "too small to tell"
    assert said["worse"][0]["case"] == "c0"
