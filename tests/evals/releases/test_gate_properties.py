"""What holds of the gate whatever the two runs were."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evals.releases.decision import Ruling
from evals.releases.gate import REGRESSION, decide
from tests.evals.releases.runs import run

SIZES = st.integers(min_value=1, max_value=60)


@st.composite
def two_runs(draw: st.DrawFn, letters: str = "oxp") -> tuple[str, str]:
    size = draw(SIZES)
    text = st.text(alphabet=letters, min_size=size, max_size=size)
    return draw(text), draw(text)


@given(two_runs("oxph"), st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_ships_while_a_must_pass_case_fails(both: tuple[str, str], data: st.DataObject) -> None:
    candidate, current = both
    marked = data.draw(st.integers(0, len(candidate) - 1))
    must_pass = "0" * marked + "1"
    found = decide(run(candidate, must_pass=must_pass), run(current, must_pass=must_pass))
    if candidate[marked] != "o":
        assert found.verdict is Ruling.REFUSE
    assert bool(found.must_pass_failed) == (candidate[marked] != "o")


@given(two_runs())
@settings(max_examples=60, deadline=None)
def test_nothing_ships_that_presents_more_wrong_answers_as_right(both: tuple[str, str]) -> None:
    candidate, current = both
    found = decide(run(candidate), run(current))
    if candidate.count("p") > current.count("p"):
        assert found.verdict is Ruling.REFUSE


@given(two_runs())
@settings(max_examples=60, deadline=None)
def test_the_other_way_round_wins_are_losses(both: tuple[str, str]) -> None:
    there, back = decide(run(both[0]), run(both[1])), decide(run(both[1]), run(both[0]))
    assert (there.won, there.lost) == (back.lost, back.won)
    assert abs(there.difference + back.difference) < 1e-12
    assert {c.case for c in there.worse} == {c.case for c in back.better}
    assert [c.p for c in there.by_category] == [c.p for c in back.by_category]


@given(two_runs())
@settings(max_examples=60, deadline=None)
def test_the_verdict_follows_from_the_evidence(both: tuple[str, str]) -> None:
    found = decide(run(both[0]), run(both[1]))
    assert found.lower <= found.difference <= found.upper
    if found.ships:
        assert found.identical or found.lower > -found.delta
    if found.verdict is Ruling.TOO_SMALL:
        assert found.p_regression >= REGRESSION
        assert found.lower <= -found.delta
    assert found.reasons


@given(two_runs("oxph"), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_cases_changes_nothing(both: tuple[str, str], random: object) -> None:
    from evals.runs.info import Run

    candidate, current = run(both[0]), run(both[1])
    mixed = list(candidate.scores)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    found, again = decide(candidate, current), decide(Run(candidate.info, tuple(mixed)), current)
    assert (found.verdict, found.lower, found.won, found.lost) == (
        again.verdict,
        again.lower,
        again.won,
        again.lost,
    )


@given(two_runs())
@settings(max_examples=40, deadline=None)
def test_a_candidate_that_answers_alike_ships_or_fails_by_no_comparison(both: tuple[str, str]) -> None:
    assert decide(run(both[0]), run(both[0])).ships
