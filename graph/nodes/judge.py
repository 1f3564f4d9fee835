"""Choose among the results: which is likeliest to be what was asked for, and how likely is that."""

from dataclasses import replace

from langgraph.runtime import Runtime

from graph.ambiguity import MOST_IN_A_ROW, ambiguous, in_a_row
from graph.checks import strip_rules
from graph.confidence import Choice, Look, groups, ranked
from graph.context import Context
from graph.missing import strange
from graph.nodes.execute import in_time
from graph.outcome import Answered, Unanswered
from graph.results import Seen, look
from graph.signs import signs
from graph.state import Proposal, State
from graph.ties import with_ties
from graph.verified import SURE, VERIFIED

MOST_DESCRIBED = 5
UNSURE = (
    "I could not turn this into a query that I would trust; ask for one thing, and name it as your tables or "
    "your glossary do."
)


def judge(state: State, runtime: Runtime[Context]) -> State:
    """Answer with the likeliest result, and say how sure that is; below `least`, do not answer.

    Where doubt is left the model is asked for more, and there is no outcome yet.
    """
    context = runtime.context
    proposals = looked_at(state, context)
    if known := next((p for p in proposals if p.source == VERIFIED and p.result is not None), None):
        return {"proposals": proposals, "outcome": _as_verified(known)}
    choice = _likeliest(proposals, state, context)
    best = choice.proposal
    assert best.gated is not None
    assert best.gated.sql is not None
    assert best.result is not None
    if choice.confidence < context.least:
        return {"proposals": proposals, "outcome": Unanswered(UNSURE, (best.gated.sql,))}
    if choice.confidence < context.enough and _may_sample(state, context) and in_time(state, context):
        return {"proposals": proposals, "outcome": None}
    told = (best.by, best.explained, *best.gated.findings, *best.gated.notes, *best.remarks.all)
    outcome = Answered(
        best.gated.sql,
        best.result,
        choice.confidence,
        check=choice.confidence < context.threshold or _is_doubtful(choice) or _asked_enough(state, context),
        notes=tuple(filter(None, map(str, told))),
        source="model and example" if choice.group.agrees else best.source,
    )
    return {"proposals": proposals, "outcome": with_ties(outcome, state["retrieval"].linked, context)}


def _is_doubtful(choice: Choice) -> bool:
    """Another wording of what a person verified, on its own: likely, and for the reader to compare. Of a word
    that only an example explains the same example is no second witness.
    """
    return bool(choice.proposal.explained or (choice.proposal.by and not choice.group.agrees))


def _as_verified(known: Proposal) -> Answered:
    """A person has looked at it: no model is asked, and no doubt is told."""
    assert known.gated is not None
    assert known.gated.sql is not None
    assert known.result is not None
    notes = (known.by, *map(str, (*known.gated.findings, *known.gated.notes, *known.remarks.all)))
    return Answered(known.gated.sql, known.result, SURE, notes=notes, source=VERIFIED)


def looked_at(state: State, context: Context) -> tuple[Proposal, ...]:
    """The proposals with what the checks on results say of them."""
    asked, linked = context.check(state["question"]), state["retrieval"].linked
    wanted = "results" not in context.without
    readings = [reading for slot in linked.slots for reading in slot.readings]
    values = frozenset((r.table, r.column, r.value) for r in readings)
    values |= frozenset((hit.table, hit.column, hit.value) for hit in linked.hits)
    return tuple(
        replace(p, remarks=look(Seen(p.result, p.gated.tree, asked, values)))
        if p.result is not None and p.gated is not None and p.gated.tree is not None and wanted
        else p
        for p in state["proposals"]
    )


def _likeliest(proposals: tuple[Proposal, ...], state: State, context: Context) -> Choice:
    """By their signs; where these leave doubt, the likeliest are held against the question in words too."""
    linked, weights = state["retrieval"].linked, context.weights
    odd = len(strange(linked, context.vocabulary, state["retrieval"].examples))
    said = {p.sql: bare(p, context) for p in proposals if p.result is not None}
    looks = {sql: Look(None, signs(text, linked, context.vocabulary)) for sql, text in said.items()}
    found = groups(proposals, looks, weights)
    chances = ranked(found, looks, odd, weights)
    if chances[0].confidence >= weights.settled:
        return chances[0]
    likely = [choice.proposal for choice in chances[:MOST_DESCRIBED]]
    likeness = round_trip(state["question"], {p.sql: said[p.sql] for p in likely}, context)
    closer = {p.sql: replace(looks[p.sql], likeness=likeness.get(p.sql)) for p in likely}
    return ranked(found, closer, odd, weights)[0]


def _may_sample(state: State, context: Context) -> bool:
    """A chat model that is asked for one statement would say the same again."""
    sampled = context.model.format == "specialist" or context.candidates > 1
    return sampled and len(state["generations"]) <= context.more


def _asked_enough(state: State, context: Context) -> bool:
    """The question is still ambiguous, and the person has been asked back as often as they bear."""
    enough = in_a_row(state["past"]) >= MOST_IN_A_ROW
    return enough and ambiguous(state["retrieval"].linked, context.vocabulary)[1] is not None


def round_trip(question: str, statements: dict[str, str], context: Context) -> dict[str, float]:
    """How like the question statements are when they are said in words: proposed SQL -> cosine, from
    proposed SQL -> the statement without its rules.
    """
    if context.describer is None or "roundtrip" in context.without:
        return {}
    said = {sql: context.describer.describe(text) for sql, text in statements.items()}
    texts = list(dict.fromkeys(text for text in said.values() if text))
    vectors = context.retriever.embedder.embed([question, *texts])
    likeness = dict(zip(texts, (vectors[1:] @ vectors[0]).tolist(), strict=True))
    return {sql: likeness.get(text, context.weights.usual_likeness) for sql, text in said.items()}


def bare(proposal: Proposal, context: Context) -> str:
    """The statement as it ran, without what business rules require."""
    if proposal.gated is None or proposal.gated.tree is None:
        return proposal.sql
    tree = strip_rules(proposal.gated.tree, context.schema, context.rules)
    return tree.sql(dialect=context.schema.dialect)
