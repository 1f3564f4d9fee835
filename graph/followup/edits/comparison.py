"""Two periods beside each other: 'compared to the month before', 'vs last year'."""

from dataclasses import dataclass

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.edits.period import Period
from graph.followup.edits.period import read as read_period
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole


@dataclass(frozen=True)
class Comparison:
    """Left to the model: one statement does not simply become another."""

    words: str

    def text(self, whole: Whole) -> Whole:
        return whole.insert(whole.dates[0].end, f"vs {self.words}")

    def tree(self, statement: Statement) -> None:
        raise UncertainError


def read(match: Match, was: Whole) -> Edit | None:
    period = read_period(match, was) if len(was.dates) == 1 else None
    return Comparison(period.words) if isinstance(period, Period) else None


_COMPARE = "compare|compared|comparison|vs|versus|against it|that|this|them? with|to|against|and? "
KIND = Kind(
    "comparison",
    read,
    patterns(
        "how do|does that|it|this|they|those compare with|to|against the? <date>",
        f"{_COMPARE}the? <date>",
        f"{_COMPARE}the? one|period before",
        f"{_COMPARE}the? previous one|period",
    ),
)
