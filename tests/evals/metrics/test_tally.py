"""Counting a group of cases."""

from evals.metrics.stats import Share
from evals.metrics.tally import tallies, tally
from tests.evals.metrics.made import scored


def test_a_group_is_counted_by_how_its_cases_ended() -> None:
    found = tally(
        "all",
        [
            scored("a", "exact"),
            scored("b", "superset", presented=False),
            scored("c", "wrong"),
            scored("d", "wrong", presented=False),
            scored("e", "exec_error"),
            scored("f", "timeout", presented=False),
            scored("g", "unanswered"),
            scored("h", "clarified"),
            scored("i", "undecided"),
            scored("j", "harness_error"),
        ],
    )
    assert (found.cases, found.scored) == (10, 8)
    assert found.shares == {
        "right": Share(2, 8),
        "exact": Share(1, 8),
        "superset": Share(1, 8),
        "wrong_presented": Share(2, 8),
        "selective": Share(1, 3),
        "valid": Share(4, 8),
        "exec_errors": Share(1, 8),
        "timeouts": Share(1, 8),
        "refused_rightly": Share(0, 0),
        "asked_rightly": Share(0, 0),
        "refused_wrongly": Share(2, 8),
    }


def test_refusals_and_questions_back_are_held_against_what_was_due() -> None:
    found = tally(
        "all",
        [
            scored("a", "refused", expected="refuse", right=True),
            scored("b", "unanswered", expected="refuse", right=True),
            scored("c", "wrong", expected="refuse"),
            scored("d", "clarified", expected="clarify", right=True),
            scored("e", "refused", expected="clarify"),
            scored("f", "refused"),
            scored("g", "exact"),
        ],
    )
    assert found.refused_rightly == Share(2, 3)
    assert found.asked_rightly == Share(1, 2)
    assert found.refused_wrongly == Share(1, 2)
    assert found.right == Share(4, 7)
    assert found.exact == Share(1, 7)
    assert found.valid == Share(1, 2)
    assert found.wrong_presented == Share(1, 7)


def test_a_case_with_repeats_counts_once_with_their_mean() -> None:
    repeats = [
        scored("a", verdict, repeat=place) for place, verdict in enumerate(("exact", "wrong", "exact"))
    ]
    found = tally("all", [*repeats, scored("b", "exact")])
    assert (found.cases, found.scored) == (2, 2)
    assert found.right.cases == 2
    assert abs(found.right.hits - 5 / 3) < 1e-12


def test_a_repeat_that_could_not_be_scored_is_left_out_of_the_mean() -> None:
    found = tally("all", [scored("a", "exact"), scored("a", "harness_error", repeat=1), scored("b", "wrong")])
    assert found.right == Share(1, 2)


def test_equal_names_in_two_suites_are_two_cases() -> None:
    assert tally("all", [scored("a", suite="dev"), scored("a", "wrong", suite="own")]).right == Share(1, 2)


def test_a_case_counts_in_each_of_its_groups_and_in_none_without_a_name() -> None:
    scores = [scored("a", tags=("join", "date", "join")), scored("b", "wrong", tags=("join",)), scored("c")]
    found = tallies(scores, lambda score: score.tags)
    assert [(one.name, one.cases, one.right) for one in found] == [
        ("date", 1, Share(1, 1)),
        ("join", 2, Share(1, 2)),
    ]
    assert tallies(scores, lambda score: (score.person,)) == ()
