"""Fewer rows: 'only in Germany', 'for phone?', 'without wholesale', 'private customers only'."""

from dataclasses import dataclass
from itertools import groupby

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.statement import Statement
from graph.followup.whole import Whole
from graph.followup.words import PREPOSITIONS
from knowledge.link import Reading

_NOT = frozenset(
    (
        "without",
        "excluding",
        "exclude",
        "except",
        "not",
        "no",
        "minus",
        "other",
        "ignore",
        "ignoring",
        "outside",
        "drop",
        "remove",
        "o",
        "leave",
        "skip",
    )
)
_WITHOUT = "without|excluding|exclude|except|minus|ignore|ignoring"
_LED = "in|for|from|of|at|with|by|via|on|through|to?"


@dataclass(frozen=True)
class Narrow:
    """Rows with these values; with `out`, all rows but those."""

    items: tuple[Item, ...]
    lead: str = ""
    out: bool = False

    def text(self, whole: Whole) -> Whole:
        words = " and ".join(item.text for item in self.items)
        if self.out:
            return whole.append(f"without {words}", ",")
        old = [item for item in whole.items if item.values and _columns(item) & _columns(self.items[0])]
        if len(old) <= len(self.items) and all(whole.says(item) for item in self.items):
            return whole
        if old:
            first, *others = whole.enumerated(old)
            for part in reversed(others):  # from the end, so that the places of those before stay
                whole = whole.without(part)
            return whole.put(first, words)
        return self._inserted(whole, words)

    def _inserted(self, whole: Whole, words: str) -> Whole:
        """'gold customers', 'revenue in dach': before the noun of its own table, else behind the measure."""
        measure = whole.measure
        if measure is None:
            return whole.append(f"{self.lead or 'for'} {words}", "" if self.lead else ",")
        noun = measure.items[0]
        own = {term.table for term in noun.tables}
        if not self.lead and noun.tables and any(r.table in own for r in self.items[0].values):
            return whole.insert(noun.start, words)
        return whole.insert(measure.end, f"{self.lead or 'for'} {words}")

    def tree(self, statement: Statement) -> None:
        readings = [statement.reading(item.values) for item in self.items]
        for (table, column), found in groupby(readings, lambda r: (r.table, r.column)):
            values = tuple(found)
            same = [node for node in statement.conditions if statement.compared(node) == (table, column)]
            wanted = statement.equals(values[0], values[1:])
            if self.out:
                statement.add(_but(wanted, values[0], statement))
            elif wanted not in same:
                statement.keep(node for node in statement.conditions if node not in same)
                statement.add(wanted)


@dataclass(frozen=True)
class Segment:
    """Rows of a kind that the glossary defines by a filter."""

    item: Item
    out: bool = False

    def text(self, whole: Whole) -> Whole:
        if not self.out and whole.says(self.item):
            return whole
        words = self.item.text.lower()
        if self.out:
            return whole.append(f"without {words}", ",")
        measure = whole.measure
        term = self.item.filters[0]
        if measure is None:
            return whole.append(f"{words} only", ",")
        table = term.filter.partition(".")[0]
        if any(found.table == table for found in measure.items[0].tables):
            return whole.put(measure.items[0], words)
        return whole.insert(measure.end, f"of {words}")

    def tree(self, statement: Statement) -> None:
        condition = statement.expression(self.item.filters[0].filter)
        if self.out:
            condition = (
                exp.Is(this=condition.this.this, expression=exp.Null())
                if _is_not_null(condition)
                else exp.not_(exp.paren(condition))
            )
        if isinstance(condition, exp.Or):
            condition = exp.paren(condition)
        if condition not in statement.conditions:
            statement.add(condition)


def _is_not_null(node: exp.Expr) -> bool:
    return (
        isinstance(node, exp.Not)
        and isinstance(node.this, exp.Is)
        and isinstance(node.this.expression, exp.Null)
    )


def _columns(item: Item) -> set[tuple[str, str]]:
    return {(reading.table, reading.column) for reading in item.values}


def _but(wanted: exp.Expr, reading: Reading, statement: Statement) -> exp.Expr:
    """Not that value; rows without any value stay."""
    other = (
        exp.NEQ(this=wanted.this, expression=wanted.expression)
        if isinstance(wanted, exp.EQ)
        else exp.not_(wanted)
    )
    if not statement.nullable(reading):
        return other
    missing = exp.Is(this=wanted.this.copy(), expression=exp.Null())
    return exp.paren(exp.or_(other, missing))


def read(match: Match, was: Whole) -> Edit | None:
    out = bool(_NOT.intersection(match.words))
    segment = match.one("filter")
    if segment is not None:
        return Segment(segment, out)
    items = match.all("value")
    if "many" in match.words and was.counts is None:
        return None
    lead = next((word for word in match.words if word in PREPOSITIONS), "")
    return Narrow(items, lead, out) if items else None


KIND = Kind(
    "narrow",
    read,
    patterns(
        f"{_LED} the? <value>+ ones?",
        f"just|only {_LED} the? <value>+ ones?",
        f"{_WITHOUT}|not|no|outside {_LED} of? the? <value>+ ones?",
        f"{_WITHOUT}|drop|remove the? <filter>",
        "drop|remove|skip the? <value>+ ones?",
        "w o the? <value>+",
        f"only|just|without|excluding|exclude|except {_LED} the? <value>+ <table>",
        f"what|how about {_LED} the? <filter> ones?",
        "leave|other out|than the? <value>+",
        "only|just the? <filter>",
        "and|but|now|same|about for|of|with|the? <filter> ones?",
        "not the? <filter>",
        "<filter> only|instead",
        f"how many of them|those|these are|were|is|was|came? about? {_LED} the? <value>+",
    ),
)
