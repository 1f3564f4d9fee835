"""How many rows: 'top 5', 'just the first one', 'the worst 3', 'all of them'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.edits.sort import Sort
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole

_FROM_BELOW = frozenset(("bottom", "worst", "last", "lowest", "smallest", "weakest", "least"))


@dataclass(frozen=True)
class Limit:
    count: int
    below: bool = False
    by: Item | None = None

    def text(self, whole: Whole) -> Whole:
        words = f"{'bottom' if self.below else 'top'} {self.count}"
        if self.by is not None:
            return whole.append(f"{words} by {self.by.text.lower()}", ",")
        if whole.limits:
            return whole.put(whole.limits[0], words)
        if (
            whole.groups
            and whole.measure is not None
            and whole.groups[0].items
            and not whole.groups[0].items[0].grain
        ):
            group, measure = whole.groups[0], whole.measure
            said = f"{words} {many(group.items[0].text)} by {whole.text[measure.start : measure.end]}"
            if group.start >= measure.end:
                return whole.put(group, "").put(measure, said).bare()
        return whole.append(words, ",")

    def tree(self, statement: Statement) -> None:
        if self.by is not None:
            Sort(self.by, down=not self.below).tree(statement)
        order = statement.select.args.get("order")
        entry = order.expressions[0] if order is not None else None
        is_time = entry is not None and not _by_measure(entry, statement)
        if self.by is None and (entry is None or self.below or (is_time and statement.grouped)):
            place = statement.select.expressions.index(statement.measure()) + 1
            if not statement.grouped:
                raise UncertainError
            statement.sort(exp.Literal.number(place), down=not self.below)
        statement.limit(self.count)


def _by_measure(entry: exp.Expr, statement: Statement) -> bool:
    return statement.places([entry.this])[0].find(exp.AggFunc) is not None


def many(noun: str) -> str:
    """A plural for text."""
    noun = noun.lower()
    if noun.endswith("s"):
        return noun
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun + "s"


def read(match: Match, was: Whole) -> Edit | None:
    item = match.one("number")
    count = int(item.number or 0) if item is not None else 1
    if {"make", "instead"}.intersection(match.words) and not was.limits:
        return None
    below = bool(_FROM_BELOW.intersection(match.words))
    return Limit(count, below, match.one("named")) if count > 0 else None


_ROWS = "ones|rows|results|of? them|these|those?"
KIND = Kind(
    "limit",
    read,
    patterns(
        f"the? top|best|first|highest|biggest|largest|strongest <number> {_ROWS}",
        f"the? bottom|worst|last|lowest|smallest|weakest <number> {_ROWS}",
        "just|only? the? <number> best|biggest|largest|highest|top|worst|smallest|lowest ones?",
        "just|only the? first|top|best|highest|worst|last|lowest one|row|result?",
        "just|only the? <number>",
        "just|only? the? top|best|first <number> by <named>",
        "make it|that <number>",
        "show? just|only? <number> instead of|than <number>",
    ),
)
