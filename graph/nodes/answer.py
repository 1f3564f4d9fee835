"""End the turn: an outcome in any case, and what the thread will remember."""

from dataclasses import replace

from langgraph.runtime import Runtime

from graph.context import Context
from graph.fingerprint import fingerprint
from graph.followup import FollowUp, PastTurn
from graph.literals import LiteralFinding
from graph.outcome import Answered, Clarify, Outcome, Unanswered
from graph.state import Proposal, State


def answer(state: State, runtime: Runtime[Context]) -> State:
    """Say why there is no answer, tell how a follow-up was read, and remember the turn."""
    outcome = state.get("outcome") or _without_answer(state["proposals"])
    followup = state["followup"]
    if followup is not None and not followup.why:
        outcome = _read_as(followup, outcome, state["proposals"], runtime.context)
    return {"outcome": outcome, "past": [*state["past"], _remembered(state, outcome)]}


def _read_as(
    followup: FollowUp, outcome: Outcome, proposals: tuple[Proposal, ...], context: Context
) -> Outcome:
    """An edited statement is no surer than the one it edits, unless a known question gives the same rows."""
    read = f"I read this as: {followup.question}{', as a chart' if followup.chart else ''}"
    if isinstance(outcome, Unanswered):
        return replace(outcome, reason=f"{read}. {outcome.reason}")
    if not isinstance(outcome, Answered):
        return outcome
    rows = fingerprint(outcome.result)
    sources = {p.source for p in proposals if p.result is not None and fingerprint(p.result) == rows}
    confidence, source = outcome.confidence, outcome.source
    if "followup" in sources and not sources & {"example", "pair"}:
        confidence = min(confidence, followup.was.get("confidence", confidence))
        source = "model and followup" if "model" in sources else source
    return replace(
        outcome,
        confidence=confidence,
        source=source,
        check=outcome.check or confidence < context.threshold,
        notes=(read, *outcome.notes),
    )


def _remembered(state: State, outcome: Outcome) -> PastTurn:
    turn: PastTurn = {
        "question": state["asked"] or state["question"],
        "composed": state["question"],
        "sql": "",
        "kind": type(outcome).__name__.lower(),
    }
    if isinstance(outcome, Answered):
        turn["sql"] = outcome.sql
        turn["columns"] = list(outcome.result.columns)
        turn["confidence"] = outcome.confidence
    if isinstance(outcome, Clarify):
        turn["choices"] = list(outcome.choices)
    return turn


def _without_answer(proposals: tuple[Proposal, ...]) -> Unanswered:
    """What is missing where a value is, else that no statement runs."""
    findings = [f for p in proposals if p.source == "model" and p.gated is not None for f in p.gated.findings]
    nowhere = dict.fromkeys(f.told for f in findings if isinstance(f, LiteralFinding) and not f.mended)
    if nowhere:
        return Unanswered(" ".join(nowhere))
    tried = dict.fromkeys(p.problem for p in proposals if p.source == "model" and p.problem)
    return Unanswered(
        "I could not turn this into a query that runs; ask for one thing, and name it as your tables or your "
        "glossary do.",
        tuple(tried),
    )
