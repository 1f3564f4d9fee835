"""Choose among the results: what several sources agree on, and what the model is sure of."""

import math
from dataclasses import dataclass

from langgraph.runtime import Runtime

from graph.context import Context, Weights
from graph.fingerprint import fingerprint
from graph.outcome import Answered
from graph.state import Proposal, State


@dataclass(frozen=True)
class Group:
    """Proposals with the same result; `share` is their part of all votes."""

    proposals: tuple[Proposal, ...]
    vote: float
    share: float

    @property
    def best(self) -> Proposal:
        """The model's own first: its SQL was written for this very question."""
        return next((p for p in self.proposals if p.source == "model"), self.proposals[0])

    @property
    def agrees(self) -> bool:
        return len({p.source == "model" for p in self.proposals}) == 2


def judge(state: State, runtime: Runtime[Context]) -> State:
    """Answer with the result that has most of the votes, and say how sure that is."""
    weights = runtime.context.weights
    winner = groups(state["proposals"], weights)[0]
    sure = confidence(winner, weights)
    best = winner.best
    assert best.gated is not None
    assert best.gated.sql is not None
    assert best.result is not None
    notes = tuple(str(finding) for finding in best.gated.findings)
    return {
        "outcome": Answered(
            best.gated.sql,
            best.result,
            sure,
            check=sure < runtime.context.threshold,
            notes=notes,
            source="model and example" if winner.agrees else best.source,
        )
    }


def groups(proposals: tuple[Proposal, ...], weights: Weights) -> list[Group]:
    """Executed proposals by equal result, the most voted first."""
    same: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        if proposal.result is not None:
            same.setdefault(fingerprint(proposal.result), []).append(proposal)
    votes = {key: _vote(members, weights) for key, members in same.items()}
    total = sum(votes.values()) or 1.0
    found = [Group(tuple(members), votes[key], votes[key] / total) for key, members in same.items()]
    return sorted(found, key=lambda group: -group.vote)


def _vote(members: list[Proposal], weights: Weights) -> float:
    """The model's likeliest and the nearest neighbour count; more of the same kind add nothing."""
    own = max((_probability(p, weights) for p in members if p.source == "model"), default=0.0)
    near = max((_nearness(p, weights) for p in members if p.source != "model"), default=0.0)
    vote: float = weights.model * own**weights.sharpness + weights.neighbour * near
    return vote * weights.empty if _empty(members[0]) else vote


def confidence(group: Group, weights: Weights) -> float:
    """How likely the group's result is right, by the signs that can be seen."""
    own = max((_probability(p, weights) for p in group.proposals if p.source == "model"), default=0.0)
    near = max((_nearness(p, weights) for p in group.proposals), default=0.0)
    signs = (
        weights.bias
        + weights.on_probability * max(own, near) * group.share
        + weights.on_agreement * group.agrees
        + weights.on_similarity * near
        + weights.on_empty * _empty(group.best)
    )
    return 1 / (1 + math.exp(-signs))


def _probability(proposal: Proposal, weights: Weights) -> float:
    """Of the whole statement, not of a token; what it leaves out of the question makes it less likely."""
    if proposal.logprob is None:
        return weights.unknown_probability
    return math.exp(proposal.logprob * proposal.tokens) * weights.unused**proposal.unused


def _nearness(proposal: Proposal, weights: Weights) -> float:
    if proposal.similarity is None:
        return 0.0
    return max(0.0, (proposal.similarity - weights.neighbour_floor) / (1 - weights.neighbour_floor))


def _empty(proposal: Proposal) -> bool:
    rows = proposal.result.rows if proposal.result is not None else ()
    return not rows or all(cell is None for row in rows for cell in row)
