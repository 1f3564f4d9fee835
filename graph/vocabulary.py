"""The words by which a workspace's data is spoken of, and the tables and columns each may speak of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlglot
from sqlglot import exp

from graph.common_words import COMMON, COMMON_FORMS
from graph.roots import root
from knowledge.glossary import Term
from knowledge.schema import Schema
from knowledge.words import Speller, Token, english, tokens

Roots = tuple[str, ...]
_LONGEST = 8


def roots(text: str) -> Roots:
    """The roots of all words of a text."""
    return tuple(root(token.raw) for token in tokens(text.replace("_", " ")))


@dataclass(frozen=True)
class Mention:
    """Words `first` to `last` (without) of a question, the terms they name, and what they may speak of."""

    first: int
    last: int
    terms: tuple[Term, ...]
    places: frozenset[str]

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(place.partition(".")[0] for place in self.places)


class Vocabulary:
    """Places are tables ('orders') and columns ('orders.status'). Values are left to the linker, which knows
    where they are; `value_words` has the words for coded ones: root -> (table, column, way of saying it).
    """

    def __init__(self, schema: Schema, terms: Iterable[Term]) -> None:
        self.schema = schema
        self.terms = tuple(terms)
        self.names: dict[Roots, list[Term]] = defaultdict(list)
        self.value_words: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self._phrases: dict[Roots, set[str]] = defaultdict(set)
        self._words: dict[str, set[str]] = defaultdict(set)
        self._explained: set[str] = set()
        self._said: set[str] = set()
        for table in schema.tables:
            self._speak(table.name, {table.name})
            for column in table.columns:
                self._speak(column.name, {f"{table.name}.{column.name}"})
        for term in self.terms:
            self._learn(term)

    def _learn(self, term: Term) -> None:
        spoken = self.spoken_of(term)
        for name in term.names:
            self.names[roots(name)].append(term)
        for text in (*term.names, *term.asks):
            self._speak(text, spoken)
        for column, ways in term.verbs.items():
            for way in ways:
                self._speak(way, {column})
        for value, ways in term.values.items():
            table, _, column = term.column.partition(".")
            for way in (value, *ways):
                for word in set(roots(way)) - COMMON:
                    self.value_words[word].append((table, column, way))
        self._explained.update(roots(term.meaning), roots(term.unit))

    def _speak(self, text: str, places: set[str]) -> None:
        words = roots(text)
        self._said.update(token.stem for token in tokens(text.replace("_", " ")))
        self._phrases[words] |= places
        self._explained.update(words)
        for word in set(words) - COMMON:
            self._words[word] |= places

    def spoken_of(self, term: Term) -> set[str]:
        """The tables and columns that a term stands for."""
        places = {place for place in (term.table, term.column) if place}
        for sql in (*term.metric, term.filter):
            if sql:
                places |= _read(sql, self.schema.dialect)
        return places - self._keys if places - self._keys else places

    @cached_property
    def _keys(self) -> frozenset[str]:
        """Primary keys: to count orders is to speak of the table, not of its number."""
        return frozenset(f"{table.name}.{name}" for table in self.schema.tables for name in table.primary_key)

    def explains(self, word: str) -> bool:
        """Whether a root is a word of the workspace or of any question."""
        return word in COMMON or word in self._explained or word.isdigit()

    def says(self, word: Token) -> bool:
        """Whether a word is one of the workspace's or of any question as it stands, not only by its root."""
        return word.stem in self._said or word.folded in COMMON_FORMS or word.folded.isdigit()

    def is_slip(self, word: str) -> bool:
        """Whether a word is a common one with a slip of the pen."""
        return not self._speller.knows(word) and bool(self._speller.near(word, 1))

    @cached_property
    def _speller(self) -> Speller:
        return Speller(COMMON_FORMS, english())

    def is_own(self, word: str) -> bool:
        """Whether a root is a word of the workspace."""
        return word in self._explained

    def places(self, word: str) -> frozenset[str]:
        """What a single root may speak of; nothing for words that every question may use."""
        return frozenset(self._phrases.get((word,), ())) | frozenset(self._words.get(word, ()))

    def mentions(self, words: Sequence[str]) -> list[Mention]:
        """The names, questions and verbs of the workspace in a text, longer ones first; a word belongs to one
        mention only. Other words that may speak of something are mentions without a term.
        """
        found: list[Mention] = []
        used: set[int] = set()
        for count in range(_LONGEST, 0, -1):
            for first in range(len(words) - count + 1):
                phrase = tuple(words[first : first + count])
                if phrase in self._phrases and used.isdisjoint(range(first, first + count)):
                    used.update(range(first, first + count))
                    terms = tuple(self.names.get(phrase, ()))
                    found.append(Mention(first, first + count, terms, frozenset(self._phrases[phrase])))
        for place, word in enumerate(words):
            if place not in used and word in self._words and word not in COMMON:
                found.append(Mention(place, place + 1, (), frozenset(self._words[word])))
        return sorted(found, key=lambda mention: mention.first)

    @cached_property
    def is_rich(self) -> bool:
        """Whether the glossary names most tables; a word that it does not know then tells something."""
        return len(self.nouns) * 2 > len(self.schema.tables)

    @cached_property
    def nouns(self) -> dict[str, tuple[str, ...]]:
        """What the rows of a table are called: table -> names, the first one first."""
        return {term.table: term.names for term in self.terms if term.table}

    @cached_property
    def noun_roots(self) -> frozenset[str]:
        return frozenset(word for names in self.nouns.values() for name in names for word in roots(name))

    @cached_property
    def labels(self) -> dict[str, str]:
        """What a column is called: 'orders.status' -> 'order status'; a name's column as its table's rows."""
        found = {term.column: term.term for term in self.terms if term.column}
        named = {column: term.term for term in self.terms if len(term.label) == 1 for column in term.label}
        return {**found, **named}


def _read(sql: str, dialect: str) -> set[str]:
    """The columns and tables of a glossary's expression."""
    tree = sqlglot.parse_one(sql, dialect=dialect)
    places = {f"{column.table}.{column.name}" for column in tree.find_all(exp.Column) if column.table}
    tables = {place.partition(".")[0] for place in places} | {t.name for t in tree.find_all(exp.Table)}
    return places | tables
