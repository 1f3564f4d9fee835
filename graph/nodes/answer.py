"""End the turn: an outcome in any case, and what the thread will remember."""

from langgraph.runtime import Runtime

from graph.context import Context
from graph.outcome import Answered, Unanswered
from graph.state import Proposal, State


def answer(state: State, runtime: Runtime[Context]) -> State:
    """Say why there is no answer, or remember the question and its SQL."""
    outcome = state.get("outcome") or _without_answer(state["proposals"])
    if not isinstance(outcome, Answered):
        return {"outcome": outcome}
    return {
        "outcome": outcome,
        "past": [*state["past"], {"question": state["question"], "sql": outcome.sql}],
    }


def _without_answer(proposals: tuple[Proposal, ...]) -> Unanswered:
    tried = dict.fromkeys(p.problem for p in proposals if p.source == "model" and p.problem)
    return Unanswered(
        "I could not turn this into a query that runs; ask for one thing, and name it as your tables or your "
        "glossary do.",
        tuple(tried),
    )
