"""The number of what was listed: 'how many are they?'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.pattern import Match, Pattern
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole

_LISTED = Pattern("which|what|list|show|who")


@dataclass(frozen=True)
class Counted:
    def text(self, whole: Whole) -> Whole:
        first = whole.items[0]
        if _LISTED.match(whole.items, 0) is not None:
            return whole.put(first, "how many")
        return whole.insert(0, "number of")

    def tree(self, statement: Statement) -> None:
        if statement.grouped or statement.measures or statement.select.args.get("limit") is not None:
            raise UncertainError
        statement.select.set("expressions", [exp.Count(this=exp.Star())])
        statement.select.set("order", None)


def read(match: Match, was: Whole) -> Edit | None:
    return Counted() if was.counts is None and was.items else None


KIND = Kind(
    "counted",
    read,
    patterns("how many are|is|were? they|them|those|these|there|that? $", "count them|those|these"),
)
