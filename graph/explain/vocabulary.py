"""The team's words for tables, columns, values, dates, metrics and conditions, as its glossary has them."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from graph.explain.canonical import spelling, spellings
from knowledge.glossary import Term
from knowledge.plural import plural, singular_noun
from knowledge.rule_checks import PLACE
from knowledge.rules import Rule
from knowledge.schema import Schema

_NAMING = ("name", "title", "label")


class Vocabulary:
    """Says names of the schema in the words of one workspace."""

    def __init__(self, schema: Schema, terms: Iterable[Term], rules: Iterable[Rule] = ()) -> None:
        self.schema = schema
        self.terms = tuple(terms)
        self.rules = tuple(rules)
        self._nouns = {t.table: t for t in self.terms if t.table}
        self._columns = {t.column: t for t in self.terms if t.column}
        self.verbs = {column: words[0] for t in self.terms for column, words in t.verbs.items() if words}

    def noun(self, table: str) -> str:
        """'order_items' -> 'order item'."""
        term = self._nouns.get(table)
        return term.term if term else singular_noun(table.replace("_", " "))

    def nouns(self, table: str) -> str:
        term = self._nouns.get(table)
        return plural(term.term) if term else table.replace("_", " ")

    def column(self, full_name: str) -> str:
        """The column's words, without those of its table."""
        term = self._columns.get(full_name)
        if term:
            return term.term
        return re.sub(r"_+", " ", full_name.rpartition(".")[2]).strip()

    def is_said(self, full_name: str) -> bool:
        """Whether the glossary has a term of its own for the column."""
        return full_name in self._columns

    def names_a_row(self, table: str, column: str) -> bool:
        """Whether people call a row by this column, or by its first and last name."""
        term = self._nouns.get(table)
        if term and term.label:
            return f"{table}.{column}" in term.label and column not in self.schema.by_name[table].primary_key
        return column in _NAMING or column in ("first_name", "last_name")

    def value(self, full_name: str, value: str) -> str:
        """A stored value in words: what a code stands for, else itself."""
        term = self._columns.get(full_name)
        words = term.values.get(value, ()) if term else ()
        if words and (len(value) <= 2 or value.isdigit()):
            return words[0] if value.isdigit() else f"{words[0]} ({value})"
        return value.replace("_", " ")

    def unit(self, full_name: str) -> str:
        """The unit of a column: that of a metric which adds it up as it is."""
        return self._units.get(full_name.lower(), "")

    def metric(self, spelled: str, read: Callable[[], frozenset[str]] = frozenset) -> Term | None:
        """The metric of that spelling. Of several, the one whose date is among the columns that are `read`.

        A count of all rows under a name such as 'new customers' needs its date read.
        """
        found = self._metrics.get(spelled, []) if spelled else []
        if not found:
            return None
        if len(found) == 1 and not _counts_rows(spelled, self.schema):
            return found[0]
        columns = read()
        dated = next((term for term in found if term.date and term.date in columns), None)
        if dated is not None:
            return dated
        return next((t for t in found if not t.date or t.term.startswith("number of ")), None)

    def filter(self, spelled: str) -> Term | None:
        return self._filters.get(spelled) if spelled else None

    def rules_of(self, spelled: str) -> tuple[Rule, ...]:
        """The rules that require this condition."""
        return tuple(self._required.get(spelled, ())) if spelled else ()

    @cached_property
    def _metrics(self) -> dict[str, list[Term]]:
        found: dict[str, list[Term]] = {}
        for term in self.terms:
            for sql in term.metric:
                found.setdefault(spelling(sql, self.schema), []).append(term)
        return found

    @cached_property
    def _filters(self) -> dict[str, Term]:
        return {spelling(t.filter, self.schema): t for t in reversed(self.terms) if t.filter}

    @cached_property
    def _required(self) -> dict[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for table, condition in rule.require.items():
                whole = condition.replace(PLACE, table)
                for spelled in dict.fromkeys([spelling(whole, self.schema), *spellings(whole, self.schema)]):
                    found.setdefault(spelled, []).append(rule)
        return found

    @cached_property
    def _units(self) -> dict[str, str]:
        whole = re.compile(r"(?:sum|avg|min|max)\(([\w.]+)\)")
        matches = ((whole.fullmatch(spelled), terms[0]) for spelled, terms in self._metrics.items())
        return {match[1]: term.unit for match, term in matches if match and term.unit}


def _counts_rows(spelled: str, schema: Schema) -> bool:
    match = re.fullmatch(r"count\((\w+)\.(\w+)\)", spelled)
    if match is None:
        return False
    keys = next((t.primary_key for t in schema.tables if t.name.lower() == match[1]), ())
    return [key.lower() for key in keys] == [match[2]]
