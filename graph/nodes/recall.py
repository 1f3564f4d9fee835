"""Begin a turn: what the thread remembers stays, a follow-up is made whole, everything else starts anew."""

import math
import time

from langgraph.runtime import Runtime

from graph.ambiguity import picked
from graph.context import Context, Weights
from graph.followup import FollowUp
from graph.followup.causes import cannot_tell_why
from graph.screening import refusal
from graph.state import Proposal, State

MOST_PAST = 8


def recall(state: State, runtime: Runtime[Context]) -> State:
    """Keep the last turns of the thread; refuse what is no question; make a follow-up whole."""
    past = state.get("past", [])[-MOST_PAST:]
    refused = refusal(state["question"])
    begun: State = {
        "past": past,
        "asked": "",
        "followup": None,
        "prompts": (),
        "generations": (),
        "proposals": (),
        "complaint": "",
        "repairs": runtime.context.repairs,
        "began": time.monotonic(),
        "outcome": refused,
    }
    if refused is not None or not past or "followups" in runtime.context.without:
        return begun
    if choice := picked(state["question"], past):
        return {**begun, "question": choice, "asked": state["question"]}
    followup = runtime.context.follower.follow(state["question"], past)
    if followup is None or not (followup.sure or runtime.context.model.format == "specialist"):
        return begun
    return {
        **begun,
        "question": followup.question,
        "asked": state["question"],
        "followup": followup,
        "proposals": _proposals(followup, runtime.context),
        "outcome": cannot_tell_why(followup) if followup.why else None,
    }


def _proposals(followup: FollowUp, context: Context) -> tuple[Proposal, ...]:
    """The statement before with the edits in it."""
    if not followup.sql:
        return ()
    return (Proposal(followup.sql, "followup", similarity=_as_sure(followup, context.weights)),)


def _as_sure(followup: FollowUp, weights: Weights) -> float:
    """The similarity with which the judge is as sure of an edited statement as it was of the one before."""
    before = min(max(followup.was.get("confidence", 0.5), 0.01), 0.99)
    signs = math.log(before / (1 - before))
    others = (
        weights.bias + weights.logprob * weights.neighbour_logprob + weights.likeness * weights.usual_likeness
    )
    return weights.close + (signs - others) / weights.similarity
