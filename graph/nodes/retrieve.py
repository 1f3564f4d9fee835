"""Look up what is known that is near to the question."""

from dataclasses import replace

from langgraph.runtime import Runtime

from graph.ambiguity import ambiguous, dangling, may_ask
from graph.context import Context
from graph.followup import answered
from graph.missing import missing, unheard
from graph.outcome import Outcome
from graph.own_names import in_own_names
from graph.screening import off_topic
from graph.state import State
from graph.verified import verified
from knowledge.retrieve import Retrieval


def retrieve(state: State, runtime: Runtime[Context]) -> State:
    """Cards, terms, examples and values for the question; an early end where there is nothing near."""
    retrieval, without = runtime.context.retriever.retrieve(state["question"]), runtime.context.without
    values = [slot for slot in retrieval.linked.slots if slot.kind == "value"]
    outcome: Outcome | None = off_topic(
        state["question"],
        nearest(retrieval),
        runtime.context.on_topic,
        values=bool(values or retrieval.linked.hits),
        terms=bool(retrieval.terms),
    )
    if "examples" in without:
        retrieval = replace(retrieval, examples=(), pairs=())
    else:
        found = _with_explaining(retrieval, runtime.context)
        schema = runtime.context.schema
        examples = [(in_own_names(example, schema), similarity) for example, similarity in found.examples]
        retrieval = replace(found, examples=examples)
    outcome = None if state["past"] else outcome
    if "missing" not in without:
        outcome = outcome or missing(state["question"], retrieval, runtime.context)
    linked, clarify = ambiguous(retrieval.linked, runtime.context.vocabulary)
    if not answered(state["past"]):
        clarify = clarify or dangling(state["question"], linked, runtime.context.vocabulary)
    asks = "asking" not in without and may_ask(state["question"], state["past"]) and state["followup"] is None
    if asks and clarify is not None and not _is_known(retrieval, runtime.context):
        outcome = outcome or clarify
    return {"retrieval": replace(retrieval, linked=linked), "outcome": outcome}


def _is_known(retrieval: Retrieval, context: Context) -> bool:
    """Whether a verified example says how the question is read."""
    return verified(retrieval, context.retriever.linker, context.schema) is not None


def _with_explaining(retrieval: Retrieval, context: Context) -> Retrieval:
    """Besides the nearest examples, those that have a word which nothing else explains."""
    odd = unheard(retrieval.linked, context.vocabulary)
    if not odd:
        return retrieval
    explaining = context.retriever.holding(odd, retrieval.linked)
    found = dict([*explaining, *retrieval.examples])
    return replace(retrieval, examples=sorted(found.items(), key=lambda one: -one[1]))


def nearest(retrieval: Retrieval) -> float:
    """The best similarity of a card, an example or a pair."""
    found = [*retrieval.cards, *retrieval.examples, *retrieval.pairs]
    return max((score for _, score in found), default=0.0)
