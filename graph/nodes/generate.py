"""Ask the model for statements, and the nearest known questions for theirs."""

from collections.abc import Iterable
from dataclasses import replace

from langgraph.runtime import Runtime

from graph.context import Context
from graph.grounding import grounding
from graph.models.base import Candidate, Prompt
from graph.outcome import Unanswered
from graph.prompts import NO_ANSWER, chat_prompt
from graph.specialist import SlotError, fill, neighbour_sql, prompt
from graph.state import Proposal, State

MOST_NEIGHBOURS = 3


def generate(state: State, runtime: Runtime[Context]) -> State:
    """New proposals after earlier ones; after a failure, ask for more or say what was wrong."""
    context = runtime.context
    tries = len(state["generations"]) + 1
    asked = _prompt(state, context)
    wanted = context.candidates * tries if context.model.format == "specialist" else context.candidates
    generation = context.model.generate(asked, wanted, context.max_tokens)
    known = {proposal.sql for proposal in state["proposals"]}
    proposed = [_proposal(candidate, state, context) for candidate in generation.candidates]
    if tries == 1:
        proposed += _neighbours(state, context)
    new = tuple(p for p in _distinct(proposed) if p.sql not in known)
    return {
        "prompts": (*state["prompts"], asked),
        "generations": (*state["generations"], generation),
        "proposals": state["proposals"] + new,
        "outcome": _given_up(new),
    }


def _prompt(state: State, context: Context) -> Prompt:
    if context.model.format == "specialist":
        return prompt(state["retrieval"].linked, context.schema)
    last = next((p.sql for p in reversed(state["proposals"]) if p.source == "model"), "")
    return chat_prompt(context, state["retrieval"], state["past"], state["complaint"], last)


def _proposal(candidate: Candidate, state: State, context: Context) -> Proposal:
    said = Proposal(candidate.text, "model", logprob=candidate.logprob, tokens=candidate.tokens)
    if context.model.format != "specialist":
        return said
    linked = state["retrieval"].linked
    try:
        filled = fill(candidate.text, linked, context.schema)
    except SlotError as error:
        return replace(said, error=str(error))
    grounds = grounding(candidate.text, linked, context.schema, slotted=True)
    return replace(said, sql=filled, grounds=grounds)


def _neighbours(state: State, context: Context) -> list[Proposal]:
    """The statements of like questions with our values in them, the most alike first."""
    retrieval, linker = state["retrieval"], context.retriever.linker
    known = [("example", *found) for found in retrieval.examples]
    if context.model.format == "specialist":
        known += [("pair", *found) for found in retrieval.pairs]
    proposals = []
    for source, example, similarity in sorted(known, key=lambda entry: -entry[2])[:MOST_NEIGHBOURS]:
        if similarity >= context.weights.neighbour_floor:
            sql = neighbour_sql(example, linker, retrieval.linked, context.schema)
            if sql is not None:
                grounds = grounding(sql, retrieval.linked, context.schema, slotted=False)
                proposals.append(Proposal(sql, source, similarity=similarity, grounds=grounds))
    return proposals


def _distinct(proposals: Iterable[Proposal]) -> list[Proposal]:
    """One for each source and text: that two sources say the same is what the judge wants to know."""
    return list({(p.source == "model", p.sql): p for p in reversed(list(proposals))}.values())[::-1]


def _given_up(proposals: tuple[Proposal, ...]) -> Unanswered | None:
    """What a chat model says instead of a statement where the tables cannot answer."""
    if len(proposals) == 1 and proposals[0].sql.upper().startswith(NO_ANSWER):
        missing = proposals[0].sql[len(NO_ANSWER) :].strip().splitlines()
        return Unanswered(f"The data cannot answer this: {missing[0] if missing else 'something is missing'}")
    return None
