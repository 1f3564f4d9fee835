"""The chance that a proposal is right: a logistic function of what speaks for and against it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.context import Weights
from graph.fingerprint import fingerprint
from graph.signs import UNKNOWN, Signs
from graph.state import Proposal


@dataclass(frozen=True)
class Group:
    """Proposals with the same result. `agrees`: the model and a known question gave it independently; `share`
    is how much of what the model holds for possible stands in it, None where it only said one thing.
    """

    proposals: tuple[Proposal, ...]
    share: float | None = None

    @property
    def agrees(self) -> bool:
        return len({p.source == "model" for p in self.proposals}) == 2


@dataclass(frozen=True)
class Choice:
    """A proposal, with the chance that it is right."""

    proposal: Proposal
    group: Group
    confidence: float


@dataclass(frozen=True)
class Look:
    """How like the question the statement is in words (None: not looked at), and what its tree tells."""

    likeness: float | None = None
    signs: Signs = UNKNOWN


def groups(proposals: Sequence[Proposal], looks: Mapping[str, Look], weights: Weights) -> list[Group]:
    """Executed proposals by equal result."""
    same: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        if proposal.result is not None:
            same.setdefault(fingerprint(proposal.result), []).append(proposal)
    held = {
        p.sql: _probability(p, looks.get(p.sql, Look()), weights)
        for p in proposals
        if p.source == "model" and not p.problem
    }
    total = sum(held.values()) if len(held) > 1 else 0.0
    return [Group(tuple(found), _held(found, held) / total if total else None) for found in same.values()]


def _held(found: Iterable[Proposal], held: Mapping[str, float]) -> float:
    return sum(held.get(p.sql, 0.0) for p in found if p.source == "model")


def _probability(proposal: Proposal, look: Look, weights: Weights) -> float:
    """What the model gives it, less for each thing in the question that it goes against."""
    grounds, signs = proposal.grounds, look.signs
    amiss = grounds.unused + grounds.missing + grounds.unfounded + signs.uncovered + signs.against
    said = 0.0 if proposal.logprob is None else proposal.logprob * proposal.tokens
    return math.exp(said - weights.discount * amiss)


def ranked(found: Iterable[Group], looks: Mapping[str, Look], strange: int, weights: Weights) -> list[Choice]:
    """All proposals that were looked at, the likeliest first; `strange` counts words of the question."""
    chances = [
        Choice(
            proposal, group, chance(evidence(proposal, group, looks[proposal.sql], strange, weights), weights)
        )
        for group in found
        for proposal in group.proposals
        if proposal.sql in looks
    ]
    return sorted(chances, key=lambda choice: -choice.confidence)


def evidence(
    proposal: Proposal, group: Group, look: Look, strange: int, weights: Weights
) -> dict[str, float]:
    """What speaks for and against, each under the name of its weight."""
    grounds, signs = proposal.grounds, look.signs
    return {
        "logprob": _logprob(proposal, weights),
        "share": weights.usual_share if group.share is None else group.share,
        "unused": grounds.unused,
        "missing": grounds.missing,
        "unfounded": grounds.unfounded,
        "uncovered": signs.uncovered,
        "against": signs.against,
        "strange": strange,
        "likeness": weights.usual_likeness if look.likeness is None else look.likeness,
        "similarity": max(0.0, (proposal.similarity or 0.0) - weights.close),
        "agreement": group.agrees,
        "reworded": bool(proposal.by),
        "empty": bool(proposal.remarks.findings) or _is_empty(proposal),
    }


def chance(found: Mapping[str, float], weights: Weights) -> float:
    """In 0..1.

    >>> from graph.context import Weights
    >>> chance({"agreement": 1.0}, Weights(bias=0.0, agreement=0.0))
    0.5
    """
    return 1 / (1 + math.exp(-weights.bias - sum(getattr(weights, name) * found[name] for name in found)))


def _logprob(proposal: Proposal, weights: Weights) -> float:
    """Of the whole statement; a known question's has none, a chat model's is not told."""
    if proposal.source != "model":
        return weights.neighbour_logprob
    if proposal.logprob is None:
        return weights.unknown_logprob
    return max(weights.least_logprob, proposal.logprob * proposal.tokens)


def _is_empty(proposal: Proposal) -> bool:
    rows = proposal.result.rows if proposal.result is not None else ()
    return not rows or all(cell is None for row in rows for cell in row)
