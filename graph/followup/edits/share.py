"""Parts of the whole: 'as a share', 'in percent', 'what percentage is that?'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole


@dataclass(frozen=True)
class Share:
    def text(self, whole: Whole) -> Whole:
        return whole.append("as a share of the total", ",")

    def tree(self, statement: Statement) -> None:
        """Only of what can be added up: sums and counts, grouped."""
        measure = statement.measure().unalias()
        if not statement.grouped or statement.select.args.get("limit") is not None:
            raise UncertainError
        if not isinstance(measure, exp.Sum | exp.Count) or measure.find(exp.Distinct):
            raise UncertainError
        statement.put_measure(statement.parsed("100.0 * {0} / NULLIF(SUM({0}) OVER (), 0) AS share", measure))


def read(match: Match, was: Whole) -> Edit | None:
    return Share()


_SHARE = "share|percentage|percent|proportion|fraction|percentages|shares|pct"
KIND = Kind(
    "share",
    read,
    patterns(
        f"what|which {_SHARE} do|does|is|has|have each|every|they|those|that|it one? have|has|get|make|up?",
        f"turn|convert|put it|that|this|them? into|to|in|as {_SHARE}",
        f"as a? {_SHARE} of? the? total|whole|all|overall?",
        f"in {_SHARE} of? the? total|whole|all|overall?",
        f"what|which {_SHARE} is|are that|this|it|those|these|they of? the? total|whole|all|overall?",
        f"show? me? the? {_SHARE} instead? of? the? total|whole|all|overall?",
    ),
)
