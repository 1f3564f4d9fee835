"""What was said wrongly: 'not closed. opened', 'instead of channel', 'not the count'."""

from dataclasses import dataclass

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.edits.narrow import Narrow
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole


@dataclass(frozen=True)
class OtherEvent:
    """Another date of the same rows: tickets by when they were opened, not by when they were closed."""

    item: Item
    old: Item

    def text(self, whole: Whole) -> Whole:
        return whole.put(next(i for i in whole.items if i.stem == self.old.stem), self.item.text.lower())

    def tree(self, statement: Statement) -> None:
        column = next((c for c in self.item.verbs if c.partition(".")[0] == statement.base), None)
        if column is None:
            raise UncertainError
        values = {(r.table, r.column) for r in self.old.values}
        statement.keep(node for node in statement.conditions if statement.compared(node) not in values)
        statement.redate(column)


@dataclass(frozen=True)
class Taken:
    """What another edit of the same sentence replaces; by itself it changes nothing."""

    def text(self, whole: Whole) -> Whole:
        return whole

    def tree(self, statement: Statement) -> None:
        return


def _event(match: Match, was: Whole) -> Edit | None:
    verbs = match.all("verb")
    said = [
        next((item for item in was.items if item.stem and item.stem == verb.stem), None) for verb in verbs
    ]
    new = [verb for verb, old in zip(verbs, said, strict=True) if old is None]
    old = next((found for found in said if found is not None), None)
    if old is None:
        old = next((item for item in was.items if item.verbs), None)
    return OtherEvent(new[0], old) if old is not None and len(new) == 1 else None


def _taken(match: Match, was: Whole) -> Edit | None:
    """It has to stand in the question, or to name what it measures."""
    item = match.one("any")
    if item is None:
        return Taken()
    measured = item.stem in ("count", "number", "amount")
    return Taken() if measured or was.says(item) else None


def _value(match: Match, was: Whole) -> Edit | None:
    """'not germany, france': the one that the question does not name."""
    new = [item for item in match.all("value") if not was.says(item)]
    return Narrow((new[0],)) if len(new) == 1 else None


VALUE = Kind(
    "value",
    _value,
    patterns("not <value> but? <value> $", "<value> not <value> $", "<value> instead|rather of|than <value>"),
)
EVENT = Kind(
    "event",
    _event,
    patterns(
        "not <verb> <verb>", "<verb> not <verb>", "<verb> instead|rather of|than <verb>", "<verb> instead",
    ),
)  # fmt: skip
TAKEN = Kind(
    "taken",
    _taken,
    patterns(
        "instead|rather of|than in? total|all",
        "instead|rather of|than by|per|in|for? the? <any>",
        "not by|per|in? the? <any>",
    ),
)
