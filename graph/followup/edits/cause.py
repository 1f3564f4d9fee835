"""Questions for a cause: 'why is that so low?'. No data answers them, and Quarry says so."""

from dataclasses import dataclass

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.pattern import Match
from graph.followup.statement import Statement
from graph.followup.whole import Whole


@dataclass(frozen=True)
class Cause:
    """Changes nothing: it is answered with what Quarry can do instead."""

    def text(self, whole: Whole) -> Whole:
        return whole

    def tree(self, statement: Statement) -> None:
        return


def read(match: Match, was: Whole) -> Edit | None:
    return Cause()


_IT = "it|that|this|they|those|these|them"
_SO = "so|too|very|such|that|this|as"
KIND = Kind(
    "cause",
    read,
    patterns(
        "why $",
        f"why is|are|was|were|did|does|do|has|have? {_IT} <any>? <any>? <any>?",
        f"why {_SO} <any>",
        f"{_IT} seems|looks|is|are|was|seem|look {_SO}? quite|rather|pretty? <any> why",
        "why the? <any> $",
        "how come <any>? <any>?",
        f"what|whats is|s? the? reason|cause|explanation for|of|behind? {_IT}?",
        f"what caused|causes|explains|drove|drives|happened {_IT}|there",
    ),
)
