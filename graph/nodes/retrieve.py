"""Look up what is known that is near to the question."""

from dataclasses import replace

from langgraph.runtime import Runtime

from graph.context import Context
from graph.screening import off_topic
from graph.state import State
from knowledge.retrieve import Retrieval


def retrieve(state: State, runtime: Runtime[Context]) -> State:
    """Cards, terms, examples and values for the question; an early end where there is nothing near."""
    retrieval = runtime.context.retriever.retrieve(state["question"])
    values = [slot for slot in retrieval.linked.slots if slot.kind == "value"]
    outcome = off_topic(
        state["question"],
        nearest(retrieval),
        runtime.context.on_topic,
        values=bool(values or retrieval.linked.hits),
        terms=bool(retrieval.terms),
    )
    if not runtime.context.examples:
        retrieval = replace(retrieval, examples=(), pairs=())
    return {"retrieval": retrieval, "outcome": None if state["past"] else outcome}


def nearest(retrieval: Retrieval) -> float:
    """The best similarity of a card, an example or a pair."""
    found = [*retrieval.cards, *retrieval.examples, *retrieval.pairs]
    return max((score for _, score in found), default=0.0)
