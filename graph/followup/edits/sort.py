"""In which order: 'sort them by rating, best first', 'highest first', 'alphabetically'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole

_UP = frozenset(
    (
        "ascending",
        "asc",
        "lowest",
        "smallest",
        "least",
        "worst",
        "oldest",
        "earliest",
        "cheapest",
        "fewest",
        "low",
        "up",
    )
)
_BY_NAME = frozenset(("alphabetically", "alphabetical", "name", "names"))


@dataclass(frozen=True)
class Sort:
    """Without an `item`, by the measure, or by what the order is already."""

    item: Item | None
    down: bool
    by_name: bool = False

    def text(self, whole: Whole) -> Whole:
        first = "highest first" if self.down else "lowest first"
        if self.item is not None and not self.item.metrics and not self.down:
            return whole.append(f"sorted by {self.item.text.lower()}", ",")
        if self.by_name:
            return whole.append("sorted alphabetically", ",")
        return whole.append(f"sorted by {self.item.text.lower()}, {first}" if self.item else first, ",")

    def tree(self, statement: Statement) -> None:
        statement.sort(self._by(statement), down=self.down)

    def _by(self, statement: Statement) -> exp.Expr:
        shown = statement.select.expressions
        if self.by_name:
            return (
                exp.Literal.number(shown.index(statement.dimensions[0]) + 1)
                if statement.dimensions
                else _raise()
            )
        if self.item is None:
            return _usual(statement)
        for term in self.item.metrics:
            try:
                wanted = statement.metric(term)
            except UncertainError:
                continue
            if any(node.unalias() == wanted for node in shown) or statement.grouped:
                return wanted
        for term in self.item.columns:
            if statement.knows(term.column.partition(".")[0]):
                column = statement.column(term.column)
                if statement.grouped and column not in [node.unalias() for node in shown]:
                    raise UncertainError
                if column not in [node.unalias() for node in shown]:
                    statement.select.append("expressions", column.copy())
                return column
        tables = [term.table for term in self.item.tables if statement.knows(term.table)]
        if tables == [statement.base] and statement.grouped:
            return exp.Count(this=exp.Star())
        if tables:
            return statement.labels(tables[0])[0]
        raise UncertainError


def _usual(statement: Statement) -> exp.Expr:
    order = statement.select.args.get("order")
    if order is not None and not statement.measures:
        found: exp.Expr = order.expressions[0].this
        return found
    return exp.Literal.number(statement.select.expressions.index(statement.measure()) + 1)


def _raise() -> exp.Expr:
    raise UncertainError


@dataclass(frozen=True)
class Reverse:
    def text(self, whole: Whole) -> Whole:
        return whole.append("in reverse order", ",")

    def tree(self, statement: Statement) -> None:
        order = statement.select.args.get("order")
        if order is None:
            raise UncertainError
        for entry in order.expressions:
            down = not entry.args.get("desc")
            entry.set("desc", down)
            entry.set("nulls_first", not down)


def read(match: Match, was: Whole) -> Edit | None:
    if {"reverse", "flip", "invert", "reversed"}.intersection(match.words):
        return Reverse()
    item = match.one("named")
    up = bool(_UP.intersection(match.words))
    by_name = item is None and bool(_BY_NAME.intersection(match.words))
    told = up or "first" in match.words or "descending" in match.words or "desc" in match.words
    down = not up and (told or item is None or not item.columns or bool(item.metrics)) and not by_name
    return Sort(item, down, by_name)


_SORT = "sort|sorted|order|ordered|rank|ranked|arrange|arranged it|that|this|them|these|those? "
_DIRECTION = (
    "highest|best|largest|biggest|most|newest|latest"
    "|lowest|worst|smallest|least|oldest|earliest|cheapest|fewest"
)
KIND = Kind(
    "sort",
    read,
    patterns(
        f"{_SORT}by|on <named> {_DIRECTION} ones? first",
        f"{_SORT}by|on <named> in? ascending|descending|asc|desc? order?",
        f"{_SORT}by name ascending|descending|asc|desc?",
        f"{_SORT}in? ascending|descending|asc|desc order?",
        f"{_SORT}alphabetically",
        "in? alphabetical order",
        "alphabetically",
        f"with? the? {_DIRECTION} ones? first",
        "reverse|flip|invert it|that|the? order|ordering|sorting?",
        "in reverse order",
        "from high to low",
        "from low to high",
        "in? descending|ascending|desc|asc order?",
    ),
)
