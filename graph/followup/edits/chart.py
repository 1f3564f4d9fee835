"""The same answer, drawn: 'as a chart', 'plot that'."""

from dataclasses import dataclass

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.pattern import Match
from graph.followup.statement import Statement
from graph.followup.whole import Whole


@dataclass(frozen=True)
class Chart:
    def text(self, whole: Whole) -> Whole:
        return whole

    def tree(self, statement: Statement) -> None:
        return


def read(match: Match, was: Whole) -> Edit | None:
    return Chart()


_CHART = "chart|graph|plot|diagram|graphic|picture|bars|line|pie"
_IT = "it|that|this|them|these|those"
KIND = Kind(
    "chart",
    read,
    patterns(
        f"as|in a? bar|line|pie|column|simple|nice? {_CHART}",
        f"plot|chart|graph|draw|visualise|visualize {_IT}? as? a? bar|line|pie|column? {_CHART}?",
        f"show|make|give|draw {_IT}|me? as|in? a {_CHART} of? {_IT}?",
    ),
)
