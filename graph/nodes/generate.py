"""Ask the model for statements, and the nearest known questions for theirs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from langgraph.runtime import Runtime

from graph.behind import Asked, by_example, by_turn
from graph.constraint import MOST_TABLES, Constraint, constraint_for
from graph.context import Context
from graph.grounding import grounding
from graph.meaning import with_meaning
from graph.models.base import Candidate, Generation, together
from graph.outcome import Unanswered
from graph.prompts import NO_ANSWER, chat_prompt
from graph.specialist import SLOTS, SlotError, fill, neighbour_sql, prompt
from graph.state import Proposal, State
from graph.verified import VERIFIED, is_reworded, told, verified
from knowledge.link import Linked
from knowledge.retrieve import Retrieval
from knowledge.schema import Schema

MOST_NEIGHBOURS = 3
SURE = -0.05
"""Mean log-probability of a token from which on a specialist is believed that it cannot answer."""


def generate(state: State, runtime: Runtime[Context]) -> State:
    """New proposals after earlier ones; after a failure, ask for more or say what was wrong."""
    context = runtime.context
    if not state["generations"] and (known := _verified(state, context)) is not None:
        return {"proposals": (*state["proposals"], known)}
    tries = len(state["generations"]) + 1
    asked = _to_ask(state, context)
    said = {proposal.sql for proposal in state["proposals"]}
    proposed, generation = _asked(asked, tries, state, context)
    if tries == 1:
        proposed += _neighbours(state, context)
    new = tuple(p for p in _distinct(proposed) if p.sql not in said)
    outcome = _given_up(new, context.model.format)
    if outcome is None and context.model.format == "specialist":
        new = tuple(p for p in new if not _refuses(p))
    return {
        "prompts": (*state["prompts"], *(one.prompt for one in asked)),
        "generations": (*state["generations"], generation),
        "proposals": state["proposals"] + new,
        "outcome": outcome,
    }


def _verified(state: State, context: Context) -> Proposal | None:
    """What a verified example says, asked once: where it does not run, the model is asked."""
    if any(p.source == VERIFIED for p in state["proposals"]):
        return None
    found = verified(state["retrieval"], context.retriever.linker, context.schema)
    if found is None:
        return None
    return Proposal(found.sql, VERIFIED, similarity=found.similarity, by=told(found.example))


def _asked(
    asked: Sequence[Asked], call: int, state: State, context: Context
) -> tuple[list[Proposal], Generation]:
    """What the model says: several things to the first prompt, one to each of the others."""
    specialist = context.model.format == "specialist"
    wanted = context.candidates * call if specialist else context.candidates
    proposed: list[Proposal] = []
    said: list[Generation] = []
    for one in asked:
        held = _constraint(one.linked, state, context)
        generation = context.model.generate(one.prompt, 1 if said else wanted, context.max_tokens, held)
        said.append(generation)
        proposed += [_proposal(candidate, call, one, state, context) for candidate in generation.candidates]
    return proposed, together(said)


def _prompt(state: State, context: Context) -> Asked:
    linked = state["retrieval"].linked
    if context.model.format == "specialist":
        failed = _failed(state) if context.model.recovers else None
        told = (failed.slotted, failed.trouble) if failed is not None else ("", "")
        return Asked(prompt(linked, context.schema, *told), linked)
    last = next((p.sql for p in reversed(state["proposals"]) if p.source == "model"), "")
    return Asked(chat_prompt(context, state["retrieval"], state["past"], state["complaint"], last), linked)


def _to_ask(state: State, context: Context) -> tuple[Asked, ...]:
    """One prompt; the first time a specialist that follows is asked behind an example or a turn, too, and
    always where an example explains a word.
    """
    besides = _besides(state, context)
    if besides is not None and besides.explained:
        return (besides,)
    plain = _prompt(state, context)
    return (plain,) if besides is None or state["generations"] else (plain, besides)


def _besides(state: State, context: Context) -> Asked | None:
    if context.model.format != "specialist" or not context.model.follows:
        return None
    followup = state["followup"]
    if followup is not None:
        return by_turn(state["asked"], followup, context) if not followup.sql else None
    return by_example(state["retrieval"], context)


def _failed(state: State) -> Proposal | None:
    """The likeliest of the last call's statements that something stands in the way of; every other time."""
    calls = len(state["generations"])
    failed = (p for p in state["proposals"] if p.source == "model" and p.call == calls and p.trouble)
    return next(failed, None) if calls % 2 else None


def _constraint(linked: Linked, state: State, context: Context) -> Constraint | None:
    """Names of the schema alone; of a big one, those of tables that were retrieved or stand in an example."""
    if "constraint" in context.without:
        return None
    if context.model.format == "specialist":
        refusal = NO_ANSWER if context.model.recovers else ""
        return constraint_for(context.schema, slots=SLOTS, refusal=refusal).where(
            lambda before, slot: _fits(before + slot, linked, context.schema)
        )
    tables = _near(state["retrieval"], context.schema) if len(context.schema.tables) > MOST_TABLES else ()
    return constraint_for(context.schema, refusal=NO_ANSWER, tables=tables)


def _fits(sql: str, linked: Linked, schema: Schema) -> bool:
    try:
        fill(sql, linked, schema)
    except SlotError:
        return False
    return True


def _near(retrieval: Retrieval, schema: Schema) -> set[str]:
    examples = " ".join(example.sql for example, _ in retrieval.examples)
    named = set(re.findall(r"\w+", examples)) & set(schema.by_name)
    return named | {card.table for card, _ in retrieval.cards} | {hit.table for hit in retrieval.linked.hits}


def _proposal(candidate: Candidate, call: int, asked: Asked, state: State, context: Context) -> Proposal:
    said = Proposal(
        candidate.text,
        "model",
        call,
        logprob=candidate.logprob,
        tokens=candidate.tokens,
        explained=asked.explained,
    )
    if context.model.format != "specialist":
        return said
    try:
        filled = fill(candidate.text, asked.linked, context.schema)
    except SlotError as error:
        return replace(said, error=str(error), slotted=candidate.text)
    linked = state["retrieval"].linked
    same = asked.linked is linked
    grounds = grounding(candidate.text if same else filled, linked, context.schema, slotted=same)
    said = replace(said, sql=filled, grounds=grounds, slotted=candidate.text)
    if not asked.meaning:
        return said
    whole = with_meaning(filled, asked.meaning, context)
    return replace(said, sql=whole or filled, error="" if whole else f"it leaves out {asked.explained}")


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
                same = is_reworded(example, sql, similarity, retrieval.linked, linker, context.vocabulary)
                by = f"answered like '{example.question}', {told(example)}" if same else ""
                proposals.append(Proposal(sql, source, similarity=similarity, grounds=grounds, by=by))
    return proposals


def _distinct(proposals: Iterable[Proposal]) -> list[Proposal]:
    """One for each source and text: that two sources say the same is what the judge wants to know."""
    return list({(p.source == "model", p.sql): p for p in reversed(list(proposals))}.values())[::-1]


def _given_up(proposals: tuple[Proposal, ...], model_format: str) -> Unanswered | None:
    """What the model says instead of a statement where the tables cannot answer.

    A specialist writes several candidates: it is believed where it says so first, and is sure.
    """
    first = next((p for p in proposals if p.source == "model"), None)
    if first is None or not _refuses(first):
        return None
    missing = (first.slotted or first.sql)[len(NO_ANSWER) :].strip().splitlines()
    if model_format == "specialist":
        sure = first.logprob is not None and first.logprob >= SURE
        told = f"I find no {missing[0]} in the data; ask for something that it holds." if missing else ""
        return Unanswered(told) if sure and told else None
    if len(proposals) > 1:
        return None
    return Unanswered(f"The data cannot answer this: {missing[0] if missing else 'something is missing'}")


def _refuses(proposal: Proposal) -> bool:
    return (proposal.slotted or proposal.sql).upper().startswith(NO_ANSWER)
