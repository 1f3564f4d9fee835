"""The one at an end: 'which of them is the lowest?', 'and the best one?'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.edits.limit import Limit
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole

_LEAST = frozenset(
    ("lowest", "worst", "least", "smallest", "weakest", "fewest", "cheapest", "shortest", "slowest")
)


@dataclass(frozen=True)
class Extreme:
    word: str

    @property
    def least(self) -> bool:
        return self.word in _LEAST

    def text(self, whole: Whole) -> Whole:
        """'which main category has the lowest gross margin this year'."""
        group, measure = next(iter(whole.groups), None), whole.measure
        if whole.limits or group is None or measure is None or group.start < measure.end or not group.items:
            return Limit(1, self.least).text(whole)
        said = whole.text[measure.start : measure.end]
        which = f"which {group.items[0].text.lower()} has the {'lowest' if self.least else 'highest'} {said}"
        return whole.put(group, "").put(measure, which).bare()

    def tree(self, statement: Statement) -> None:
        if not statement.grouped:
            raise UncertainError
        place = statement.select.expressions.index(statement.measure()) + 1
        statement.sort(exp.Literal.number(place), down=not self.least)
        statement.limit(1)


def read(match: Match, was: Whole) -> Edit | None:
    about = match.one("column", "grain")
    if about is not None and not was.says(about):
        return None
    return Extreme(match.words[-1] if match.words[-1] != "one" else match.words[-2])


_ENDS = (
    "lowest|worst|least|smallest|weakest|fewest|cheapest|shortest|slowest"
    "|highest|best|most|largest|biggest|strongest|top|longest"
)
KIND = Kind(
    "extreme",
    read,
    patterns(
        f"which|who|what one? of|among them|those|these is|was|has|had|did|were|are? the? {_ENDS} one?",
        f"which|who one? is|was|has|had the? {_ENDS} one?",
        f"which|what|who <column|grain> is|was|has|had the? on? {_ENDS} one?",
        f"^ and|but|the? the? {_ENDS} <column|grain> $",
        f"and|but the {_ENDS} one? $",
        f"the? {_ENDS} one",
    ),
)
