"""Choose among the results: which is likeliest to be what was asked for, and how likely is that."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from langgraph.runtime import Runtime

from graph.checks import strip_rules
from graph.context import Context, Weights
from graph.fingerprint import fingerprint
from graph.outcome import Answered, Unanswered
from graph.state import Proposal, State

MOST_DESCRIBED = 5
UNSURE = (
    "I could not turn this into a query that I would trust; ask for one thing, and name it as your tables or "
    "your glossary do."
)


@dataclass(frozen=True)
class Group:
    """Proposals with the same result. `agrees`: the model and a known question gave it independently."""

    proposals: tuple[Proposal, ...]

    @property
    def agrees(self) -> bool:
        return len({p.source == "model" for p in self.proposals}) == 2


@dataclass(frozen=True)
class Choice:
    """A proposal, with the chance that it is right."""

    proposal: Proposal
    group: Group
    confidence: float


def judge(state: State, runtime: Runtime[Context]) -> State:
    """Answer with the likeliest result, and say how sure that is; below `least`, do not answer."""
    context = runtime.context
    chances = ranked(groups(state["proposals"]), {}, context.weights)
    if chances[0].confidence < context.weights.settled and len({id(c.group) for c in chances}) > 1:
        likely = chances[:MOST_DESCRIBED]
        likeness = _round_trip(state["question"], [c.proposal for c in likely], context)
        chances = ranked({id(c.group): c.group for c in likely}.values(), likeness, context.weights)
    choice = chances[0]
    best = choice.proposal
    assert best.gated is not None
    assert best.gated.sql is not None
    assert best.result is not None
    if choice.confidence < context.least:
        return {"outcome": Unanswered(UNSURE, (best.gated.sql,))}
    return {
        "outcome": Answered(
            best.gated.sql,
            best.result,
            choice.confidence,
            check=choice.confidence < context.threshold,
            notes=tuple(str(finding) for finding in best.gated.findings),
            source="model and example" if choice.group.agrees else best.source,
        )
    }


def groups(proposals: Iterable[Proposal]) -> list[Group]:
    """Executed proposals by equal result."""
    same: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        if proposal.result is not None:
            same.setdefault(fingerprint(proposal.result), []).append(proposal)
    return [Group(tuple(members)) for members in same.values()]


def ranked(found: Iterable[Group], likeness: dict[str, float], weights: Weights) -> list[Choice]:
    """All proposals, the likeliest first; `likeness` is that of a description to the question, by SQL."""
    chances = [
        Choice(proposal, group, chance(proposal, group, likeness.get(proposal.sql), weights))
        for group in found
        for proposal in group.proposals
        if not likeness or proposal.sql in likeness
    ]
    return sorted(chances, key=lambda choice: -choice.confidence)


def chance(proposal: Proposal, group: Group, likeness: float | None, weights: Weights) -> float:
    """A logistic function of the signs.

    Most weights were fitted on the demo's dev cases; those of `unused` and of known questions (`similarity`,
    `close`, `neighbour_logprob`) are set by hand, for want of cases.
    """
    grounds = proposal.grounds
    signs = (
        weights.bias
        + weights.logprob * _logprob(proposal, weights)
        + weights.unused * grounds.unused
        + weights.missing * grounds.missing
        + weights.unfounded * grounds.unfounded
        + weights.likeness * (weights.usual_likeness if likeness is None else likeness)
        + weights.similarity * max(0.0, (proposal.similarity or 0.0) - weights.close)
        + weights.agreement * group.agrees
        + weights.empty * _empty(proposal)
    )
    return 1 / (1 + math.exp(-signs))


def _logprob(proposal: Proposal, weights: Weights) -> float:
    """Of the whole statement; a known question's has none, a chat model's is not told."""
    if proposal.source != "model":
        return weights.neighbour_logprob
    if proposal.logprob is None:
        return weights.unknown_logprob
    return max(weights.least_logprob, proposal.logprob * proposal.tokens)


def _round_trip(question: str, proposals: list[Proposal], context: Context) -> dict[str, float]:
    """How like the question the statements are when they are said in words: SQL -> cosine."""
    if context.describer is None:
        return {}
    said = {p.sql: context.describer.describe(_bare(p, context)) for p in proposals}
    texts = list(dict.fromkeys(text for text in said.values() if text))
    vectors = context.retriever.embedder.embed([question, *texts])
    likeness = dict(zip(texts, (vectors[1:] @ vectors[0]).tolist(), strict=True))
    return {sql: likeness.get(text, context.weights.usual_likeness) for sql, text in said.items()}


def _bare(proposal: Proposal, context: Context) -> str:
    """The statement without what business rules require; a model has not written that in the first place."""
    if proposal.source == "model" or proposal.gated is None or proposal.gated.tree is None:
        return proposal.sql
    tree = strip_rules(proposal.gated.tree, context.schema, context.rules)
    return tree.sql(dialect=context.schema.dialect)


def _empty(proposal: Proposal) -> bool:
    rows = proposal.result.rows if proposal.result is not None else ()
    return not rows or all(cell is None for row in rows for cell in row)
