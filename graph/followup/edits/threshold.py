"""Only groups or rows over or under a number: 'only those with 100+ ratings', 'over 1000 only'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.edits.measure import measured
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Part, Whole

_SIGNS: dict[str, tuple[type[exp.Binary], str]] = {
    **dict.fromkeys(
        ("more", "over", "above", "exceeding", "greater", "higher", "larger"), (exp.GT, "more than")
    ),
    **dict.fromkeys(("least", "minimum"), (exp.GTE, "at least")),
    **dict.fromkeys(("less", "under", "below", "fewer", "lower", "smaller"), (exp.LT, "less than")),
    **dict.fromkeys(("most", "maximum"), (exp.LTE, "at most")),
    **dict.fromkeys(("exactly",), (exp.EQ, "exactly")),
}


@dataclass(frozen=True)
class Threshold:
    """`noun` is what is compared; without it, the measure that is shown."""

    sign: type[exp.Binary]
    words: str
    number: float
    noun: Item | None = None

    def text(self, whole: Whole) -> Whole:
        noun = f" {self.noun.text.lower()}" if self.noun is not None else ""
        return whole.append(f"only those with {self.words} {_plain(self.number)}{noun}", ",")

    def tree(self, statement: Statement) -> None:
        bound = exp.Literal.number(_plain(self.number))
        if statement.grouped:
            new = self.sign(this=self._left(statement), expression=bound)
            having = statement.select.args.get("having")
            statement.select.set(
                "having", exp.Having(this=exp.and_(having.this, new) if having is not None else new)
            )
            return
        if self.noun is None or statement.measures:
            raise UncertainError
        column = _column(self.noun, statement)
        statement.add(self.sign(this=column, expression=bound))

    def _left(self, statement: Statement) -> exp.Expr:
        if self.noun is None:
            return statement.measure().unalias().copy()
        if self.noun.metrics or self.noun.tables:
            try:
                return measured(self.noun.metrics or self.noun.tables, statement)
            except UncertainError:
                if not self.noun.columns:
                    raise
        return exp.Count(this=_column(self.noun, statement))


@dataclass(frozen=True)
class Bound:
    """Another number in the place of the one that the question compares with."""

    sign: type[exp.Binary]
    words: str
    number: float
    old: Part

    def text(self, whole: Whole) -> Whole:
        return whole.put(self.old, f"{self.words} {_plain(self.number)}")

    def tree(self, statement: Statement) -> None:
        said = _plain(self.old.items[0].number or 0)
        found = [
            node
            for node in statement.select.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ)
            if isinstance(node.expression, exp.Literal) and node.expression.name == said
        ]
        if len(found) != 1:
            raise UncertainError
        found[0].replace(self.sign(this=found[0].this, expression=exp.Literal.number(_plain(self.number))))


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _column(noun: Item, statement: Statement) -> exp.Expr:
    own = [term for term in noun.columns if statement.knows(term.column.partition(".")[0])]
    if len(own) != 1:
        raise UncertainError
    return statement.column(own[0].column)


def read(match: Match, was: Whole) -> Edit | None:
    item = match.one("number")
    if item is None or item.number is None:
        return None
    word = next((word for word in match.words if word in _SIGNS), "")
    if not word and not (item.more or "plus" in match.words):
        return None
    sign, words = _SIGNS[word or "least"]
    noun = match.one("named")
    old = was.parts(_BOUND, "number")
    unit = match.one("any")
    if len(old) == 1 and noun is None and (unit is None or was.says(unit)):
        return Bound(sign, words, item.number, old[0])
    return None if unit is not None else Threshold(sign, words, item.number, noun)


_THOSE = "only|just? the? those|ones|these|them? that|who|which? with|of|have|has|having|made|is|are?"
_MORE = (
    "at|more|less|fewer|greater|higher|lower|over|above|under|below|exceeding|exactly|minimum|maximum?"
    " least|most|than?"
)
_BOUND = patterns(f"{_MORE} <number>")
KIND = Kind(
    "threshold",
    read,
    patterns(
        f"{_THOSE} {_MORE} <number> or? plus? more? <named>? only?",
        f"{_THOSE} {_MORE} <number> <any>",
        f"{_THOSE} a? <named> {_MORE} <number>",
    ),
)
