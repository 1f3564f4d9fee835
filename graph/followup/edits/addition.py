"""One more measure beside the others: 'add how many parcels each of them delivered', 'also show margin'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.edits.measure import measured
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole


@dataclass(frozen=True)
class Addition:
    """`only` are the values of the rows that the new measure counts."""

    item: Item
    only: Item | None = None

    def text(self, whole: Whole) -> Whole:
        words = self.item.text.lower()
        if not self.item.metrics:
            words = f"number of {words}"
        if self.only is not None:
            words = f"{words} {self.only.text}"
        measure = whole.measure
        return whole.insert(measure.end, f"and {words}") if measure else whole.append(f"and {words}")

    def tree(self, statement: Statement) -> None:
        statement.by_place()
        if not statement.measures:
            raise UncertainError
        new = measured(self.item.metrics or self.item.tables, statement)
        if self.only is not None:
            if not isinstance(new, exp.Count):
                raise UncertainError
            condition = statement.equals(statement.reading(self.only.values))
            case = exp.Case(ifs=[exp.If(this=condition, true=exp.Literal.number(1))])
            new = exp.Count(this=case)
        statement.select.append("expressions", new)


def read(match: Match, was: Whole) -> Edit | None:
    item = match.one("measure")
    return Addition(item, match.one("value")) if item is not None else None


_ADD = "add|include|including|plus|also show|give|add|list|include?"
_HOW = "the? how|number|amount|count? many|of? <measure>"
_EACH = "each|every|all? of? them|those|these|it|one?"
KIND = Kind(
    "addition",
    read,
    patterns(
        f"show|put? me? {_HOW} next|beside|besides|alongside to? it|that|them",
        f"{_ADD} me? {_HOW} {_EACH} <value>? too?",
        f"and|with? {_HOW} {_EACH} <value>? as? too|well",
        f"and|with also|additionally {_HOW} {_EACH} <value>?",
    ),
)
