"""What repair was worth: how often each kind was at work, and how often its statement was the answer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.runs.records import dicts
from evals.runs.score import Score

REWRITE, COMPLAINT, FRESH = "tree rewrite", "model call", "fresh candidates"
KINDS = (REWRITE, COMPLAINT, FRESH)
"""From the cheapest on, as the agent takes them."""


@dataclass(frozen=True)
class Mending:
    """Questions, repeats too, in which this kind of repair was `used`, in which what it gave was `chosen` for
    the answer, and in which that was `right`.
    """

    kind: str
    used: int = 0
    chosen: int = 0
    right: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def mendings(scores: Sequence[Score]) -> tuple[Mending, ...]:
    """One for each of KINDS, counted from the records.

    A tree rewrite has a finding that was mended; a model call follows a complaint; fresh candidates are asked
    for where doubt is left.
    """
    return tuple(_counted(kind, scores) for kind in KINDS)


def _counted(kind: str, scores: Sequence[Score]) -> Mending:
    used = [score for score in scores if any(kind in kinds for kinds, _ in _kinds(score.record))]
    chosen = [score for score in used if any(kind in kinds for kinds, won in _kinds(score.record) if won)]
    return Mending(kind, len(used), len(chosen), sum(score.right for score in chosen))


def _kinds(record: dict[str, Any]) -> list[tuple[set[str], bool]]:
    """Of every candidate: the kinds that it owes itself to, and whether it was chosen. A call that gave
    nothing new counts as a candidate that was not.
    """
    called = _calls(record)
    found: list[tuple[set[str], bool]] = [({kind}, False) for kind in called if kind]
    for candidate in dicts(record, "candidates"):
        call = candidate.get("call")
        kinds = {called[call - 1]} if isinstance(call, int) and 0 < call <= len(called) else set()
        if any(finding.get("mended") for finding in dicts(candidate, "findings")):
            kinds.add(REWRITE)
        found.append((kinds, bool(candidate.get("chosen"))))
    return found


def _calls(record: dict[str, Any]) -> list[str]:
    """Why the model was called, call by call; empty for the first."""
    names = [str(step.get("name")) for step in dicts(record, "steps")]
    before = {"repair": COMPLAINT, "judge": FRESH}
    return [before.get(names[at - 1], "") for at, name in enumerate(names) if at and name == "generate"]
