"""Groups of equal results, and the chance that a proposal is right."""

import math
from dataclasses import replace

import pytest

from graph.confidence import Choice, Group, Look, evidence, groups, ranked
from graph.context import Weights
from graph.grounding import Grounding
from graph.signs import Signs
from graph.state import Proposal
from knowledge.result import Result

ONE = Result(("n",), ((1,),))
TWO = Result(("n",), ((2,),))
NONE = Result(("n",), ())
WEIGHTS = Weights()


def said(sql: str, result: Result | None = ONE, logprob: float | None = -0.1) -> Proposal:
    return Proposal(sql, "model", logprob=logprob, tokens=10, result=result)


def known(sql: str, similarity: float = 0.9) -> Proposal:
    return Proposal(sql, "example", similarity=similarity, result=ONE)


def chance_of(proposal: Proposal, look: Look | None = None, strange: int = 0, *others: Proposal) -> float:
    found = [proposal, *others]
    looks = {p.sql: Look() for p in found} | {proposal.sql: look or Look()}
    choices = ranked(groups(found, looks, WEIGHTS), looks, strange, WEIGHTS)
    return next(c.confidence for c in choices if c.proposal is proposal)


def test_equal_results_are_one_group_and_what_did_not_run_is_in_none() -> None:
    found = groups([said("a"), said("b", TWO), said("c"), said("d", None)], {}, WEIGHTS)
    assert [[p.sql for p in group.proposals] for group in found] == [["a", "c"], ["b"]]


def test_the_share_of_a_group_is_what_the_model_holds_for_its_statements() -> None:
    found = groups([said("a", logprob=math.log(0.6) / 10), said("b", TWO, math.log(0.2) / 10)], {}, WEIGHTS)
    assert [group.share for group in found] == [pytest.approx(0.75), pytest.approx(0.25)]


def test_one_statement_alone_has_no_share() -> None:
    assert [group.share for group in groups([said("a")], {}, WEIGHTS)] == [None]


def test_a_statement_against_the_question_takes_less_of_the_share() -> None:
    looks = {"a": Look(signs=Signs(against=2)), "b": Look()}
    found = groups([said("a"), said("b", TWO)], looks, WEIGHTS)
    ratio = math.exp(-2 * WEIGHTS.discount)
    assert found[0].share == pytest.approx(ratio / (1 + ratio))


def test_model_and_known_question_agree_where_they_give_the_same_rows() -> None:
    assert Group((said("a"), known("b"))).agrees
    assert not Group((said("a"), said("b"))).agrees
    assert not Group((known("a"), known("b"))).agrees


@pytest.mark.parametrize(
    ("worse", "look", "strange"),
    [
        (said("a", logprob=-0.5), None, 0),
        (replace(said("a"), grounds=Grounding(unused=1)), None, 0),
        (replace(said("a"), grounds=Grounding(missing=1)), None, 0),
        (replace(said("a"), grounds=Grounding(unfounded=1)), None, 0),
        (said("a", NONE), None, 0),
        (said("a", Result(("n",), ((None,),))), None, 0),
        (said("a"), Look(signs=Signs(uncovered=1)), 0),
        (said("a"), Look(signs=Signs(against=1)), 0),
        (said("a"), Look(likeness=0.1), 0),
        (said("a"), None, 1),
    ],
)
def test_each_thing_amiss_lowers_the_chance(worse: Proposal, look: Look | None, strange: int) -> None:
    assert chance_of(worse, look, strange) < chance_of(said("a"))


def test_agreement_raises_the_chance_of_both() -> None:
    model, example = said("a"), known("b")
    together = chance_of(model, None, 0, example)
    assert together > chance_of(model)
    assert chance_of(example, None, 0, model) > chance_of(example)


def test_a_nearer_known_question_is_the_likelier() -> None:
    assert chance_of(known("a", 0.95)) > chance_of(known("a", 0.85))
    assert chance_of(known("a", 0.7)) == chance_of(known("a", 0.6))


def test_the_log_probability_of_a_very_unlikely_text_counts_no_further() -> None:
    group = Group((said("a"),))
    least = evidence(said("a", logprob=-2.0), group, Look(), 0, WEIGHTS)["logprob"]
    assert (
        least
        == WEIGHTS.least_logprob
        == evidence(said("a", logprob=-9.0), group, Look(), 0, WEIGHTS)["logprob"]
    )


def test_a_chat_model_that_tells_no_log_probability_is_given_the_usual_one() -> None:
    found = evidence(said("a", logprob=None), Group((said("a"),)), Look(), 0, WEIGHTS)
    assert found["logprob"] == WEIGHTS.unknown_logprob


def test_the_likeliest_comes_first_and_what_was_not_looked_at_is_left_out() -> None:
    good, bad, unseen = said("a"), said("b", TWO, logprob=-0.7), said("c")
    found = [good, bad, unseen]
    looks = {"a": Look(), "b": Look()}
    choices: list[Choice] = ranked(groups(found, looks, WEIGHTS), looks, 0, WEIGHTS)
    assert [choice.proposal.sql for choice in choices] == ["a", "b"]
