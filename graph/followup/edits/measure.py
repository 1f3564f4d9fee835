"""Another measure: 'same for refunds', 'and margin?', 'no, I meant gross', 'in euros'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.reach import belongs
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Part, Whole
from knowledge.glossary import Term
from knowledge.words import key

_MONEY = {
    "EUR": "euro", "USD": "dollar", "GBP": "pound", "CHF": "franc", "SEK": "krona", "NOK": "krone",
    "DKK": "krone", "PLN": "zloty", "CZK": "koruna", "JPY": "yen", "INR": "rupee",
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """What is counted or summed from now on: `words` say it, `terms` are what they may mean."""

    words: str
    terms: tuple[Term, ...]

    def text(self, whole: Whole) -> Whole:
        measure = whole.measure
        if measure is None:
            return whole.append(self.words, ",")
        is_noun = not any(term.metric for term in self.terms)
        noun = measure.items[0]
        if is_noun and (noun.tables and not noun.metrics):
            whole = whole.put(noun, self.words)
        else:
            whole = whole.put(measure, f"number of {self.words}" if is_noun else self.words)
        for part in reversed(whole.groups):
            if not self._may_group(part, whole):
                whole = whole.put(part, "")
        return whole

    def _may_group(self, part: Part, whole: Whole) -> bool:
        bases = {term.table or term.metric[0].partition(".")[0].rpartition("(")[2] for term in self.terms}
        return all(
            item.grain
            or any(
                belongs(whole.lexicon.schema, base, term.table or term.column.partition(".")[0])
                for base in bases
                for term in (*item.tables, *item.columns)
            )
            for item in part.items
        )

    def tree(self, statement: Statement) -> None:
        statement.put_measure(measured(self.terms, statement))


def measured(terms: tuple[Term, ...], statement: Statement) -> exp.Expr:
    """The expression of a metric, or the number of rows, over the rows of the statement."""
    for term in terms:
        if term.metric:
            try:
                return statement.metric(term)
            except UncertainError:
                continue
    if any(term.table == statement.base for term in terms):
        return exp.Count(this=exp.Star())
    raise UncertainError


def read(match: Match, was: Whole) -> Edit | None:
    item = next(iter(match.all("measure")[::-1]), None)
    if item is not None:
        money = None if item.metrics else _amount(item, was)
        terms = item.metrics or item.tables
        return None if _same(terms, was) else money or Measure(item.text.lower(), terms)
    ranked = match.one("metric")
    if ranked is not None:
        return (
            Measure(ranked.text.lower(), ranked.metrics)
            if was.limits and not _same(ranked.metrics, was)
            else None
        )
    word = match.one("any")
    if word is not None:
        return _in_unit(word, was) if match.words[:1] == ("in",) else _kind_of(word, was)
    table = table_of(was)
    if table is None:
        return None
    term = was.lexicon.table(table)
    noun = term.term if term is not None else table.replace("_", " ")
    return Measure(f"{noun}s", (term,)) if term is not None else None


def _same(terms: tuple[Term, ...], was: Whole) -> bool:
    measure = was.measure
    return measure is not None and terms == (measure.items[0].metrics or measure.items[0].tables)


def _kind_of(word: Item, was: Whole) -> Measure | None:
    """'gross' after 'sales' is 'gross sales', if the glossary has it."""
    measure = was.measure
    if measure is None or not word.word:
        return None
    said = {measure.items[0].text: None}
    said |= {name: None for term in measure.items[0].metrics for name in term.names}
    for name in said:
        full = f"{word.word} {name.split()[-1]}"
        for candidate in (f"{word.word} {name}", full):
            terms = tuple(term for term in was.lexicon.terms.get(key(candidate), ()) if term.metric)
            if terms and terms != measure.items[0].metrics:
                return Measure(candidate.lower(), terms)
    return None


def _amount(item: Item, was: Whole) -> Measure | None:
    """'same for refunds' after revenue, which is in euros: what the refunds came to."""
    units = {term.unit for term in (was.measure.items[0].metrics if was.measure else ()) if term.unit}
    return next((found for t in item.tables if (found := _sum_of(t.table, units, was)) is not None), None)


def _sum_of(table: str, units: set[str], was: Whole) -> Measure | None:
    for term in was.lexicon.glossary:
        if term.unit in units and any(form.startswith(f"SUM({table}.") for form in term.metric):
            return Measure(term.term, (term,))
    return None


def _in_unit(word: Item, was: Whole) -> Measure | None:
    """'in euros' after a count: the sum of the same table that has this unit."""
    table = table_of(was)
    units = {unit for unit, name in _MONEY.items() if word.stem in (name, unit.lower())} | {word.text.upper()}
    if table is None or (
        was.measure is not None and any(t.unit in units for t in was.measure.items[0].metrics)
    ):
        return None
    return _sum_of(table, units, was)


def table_of(was: Whole) -> str | None:
    """The table that the question counts or sums."""
    measure = was.measure
    if measure is None:
        return None
    for term in (*measure.items[0].tables, *measure.items[0].metrics):
        return term.table or term.metric[0].partition(".")[0].rpartition("(")[2]
    return None


_OF = "for|of|with|to|in? "
_HOW = "the? how|number|amount|count? many|of? "
KIND = Kind(
    "measure",
    read,
    patterns(
        f"and|but|or|now|then {_OF}{_HOW}<measure> instead?",
        "no|sorry the? <measure>",
        f"what|how about {_OF}{_HOW}<measure> instead?",
        f"same|that|it|this {_OF}{_HOW}<measure> instead?",
        f"{_HOW}<measure> instead",
        f"not <any> but? {_HOW}<measure>",
        f"i? meant {_HOW}<measure>",
        f"i mean {_HOW}<measure>",
        "i? meant the? <any>",
        "i mean the? <any>",
        "the? <any> instead",
        "^ and|but|now|ok? the? <any> $",
        "by <metric> instead?",
        "the? <measure> of|for those|them|these|it|that|this",
        "in <any> instead?",
        "the? count|number instead",
        "as a? count|number",
    ),
)
