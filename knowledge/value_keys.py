"""Which values of the database can be recognised in a question, and by which words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge.glossary import Term
from knowledge.profile import LONGEST_VALUE
from knowledge.schema import Schema, Table
from knowledge.words import english, exact_key, fold, key, tokens, umlaut_key, word_set

if TYPE_CHECKING:
    from knowledge.database import Database
    from knowledge.profile import Profiles

ENUM_LIMIT = 12
MAX_VALUES = 50_000
MAX_WORDS = 6
FULL_NAME = "full_name"
SINGLE_NAMES = ("first_name", "last_name")
_FREE_TEXT = 40
_EXACT, _WITHOUT_YEAR, _PART = 1.0, 0.9, 0.8
_MAX_PART_READINGS = 3
_PRIVATE = re.compile(r"e_?mail|phone|fax|passw|secret|token|hash|url|iban|uuid|(^|_)ip($|_)", re.IGNORECASE)
_PERSONAL = re.compile(r"name$|company|contact", re.IGNORECASE)
_TRAILING_YEAR = re.compile(r"^(.*\D)\s+((?:19|20)\d\d)$")
_FUNCTION_WORDS = word_set("a an and at by de del for from in la los of on or the to with")


@dataclass(frozen=True)
class ValueColumn:
    """A column whose values are known. `enum`: few values, which stay words in the question; `guarded`: its
    values are names of people or companies, which may equal common words."""

    table: str
    column: str
    enum: bool
    guarded: bool = False


@dataclass
class Keys:
    """Every key with what it may mean: (index of the column, value, score). Blocked words and phrases are the
    team's own words, which no value may take over."""

    columns: list[ValueColumn] = field(default_factory=list)
    meanings: dict[str, list[tuple[int, str, float]]] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    _added: set[tuple[str, int, str]] = field(default_factory=set, repr=False, compare=False)

    def add(self, words: str, column: int, value: str, score: float) -> None:
        if not words or words.count(" ") >= MAX_WORDS:
            return
        if (words, column, value) not in self._added:
            self._added.add((words, column, value))
            self.meanings.setdefault(words, []).append((column, value, score))


def build_keys(
    database: "Database",
    schema: Schema,
    profiles: "Profiles",
    glossary: Iterable[Term],
    skip: frozenset[tuple[str, str]],
) -> Keys:
    """Reads the distinct values of every text column that people may name."""
    keys = Keys()
    places: dict[tuple[str, str], int] = {}
    named: list[tuple[int, list[str]]] = []
    for column, values in _read(database, schema, profiles, skip):
        index = places[column.table, column.column] = len(keys.columns)
        keys.columns.append(column)
        _add_values(keys, index, column, values)
        if (
            not column.enum
            and column.column.endswith("name")
            and column.column not in (FULL_NAME, *SINGLE_NAMES)
        ):
            named.append((index, values))
    terms = tuple(glossary)
    for term in terms:
        _add_term(keys, places, term)
    keys.blocked = _own_words(schema, terms)
    _add_parts(keys, named)
    return keys


def _read(
    database: "Database", schema: Schema, profiles: "Profiles", skip: frozenset[tuple[str, str]]
) -> Iterator[tuple[ValueColumn, list[str]]]:
    pointing = {(k.table, name) for k in schema.foreign_keys for name in k.columns}
    for table in schema.tables:
        people = set(SINGLE_NAMES) <= table.by_name.keys() and FULL_NAME not in table.by_name
        for column in table.columns:
            place = (table.name, column.name)
            if not column.is_text or place in pointing or place in skip or _PRIVATE.search(column.name):
                continue
            values = _profiled(profiles, *place)
            if values is None:
                values = _distinct(database, schema, table, (column.name,))
            if values and sum(map(len, values)) <= _FREE_TEXT * len(values):
                enum = len(values) <= ENUM_LIMIT
                guarded = not enum and len(values) > 200 and bool(_PERSONAL.search(column.name))
                enum = enum and column.name not in SINGLE_NAMES
                yield ValueColumn(*place, enum, guarded), values
        if people and not {(table.name, name) for name in SINGLE_NAMES} & skip:
            names = _distinct(database, schema, table, SINGLE_NAMES)
            yield ValueColumn(table.name, FULL_NAME, enum=False, guarded=True), names


def _profiled(profiles: "Profiles", table: str, column: str) -> list[str] | None:
    """The values where the profile holds them all, which spares a query for each column of few values."""
    seen, found = profiles.tables.get(table), profiles.column(table, column)
    if seen is None or seen.sampled or not found.is_enum:
        return None
    texts = [value for value, _ in found.frequent if isinstance(value, str) and len(value) < LONGEST_VALUE]
    if len(texts) < found.distinct:
        return None
    return sorted(text.strip() for text in texts if text)


def _distinct(database: "Database", schema: Schema, table: Table, columns: tuple[str, ...]) -> list[str]:
    from sqlglot import exp

    names = [exp.column(name, quoted=True) for name in columns]
    query = exp.select(*names).distinct().from_(exp.Table(this=exp.to_identifier(table.name, quoted=True)))
    for name in names:
        query = query.where(exp.Not(this=exp.Is(this=name.copy(), expression=exp.Null())))
    query = query.order_by(*(name.copy() for name in names)).limit(MAX_VALUES)
    rows = database.run(query.sql(schema.dialect), max_rows=MAX_VALUES, own=True).rows
    return [" ".join(str(part).strip() for part in row) for row in rows if all(row)]


def _add_values(keys: Keys, index: int, column: ValueColumn, values: list[str]) -> None:
    for value in values:
        if column.column in (FULL_NAME, *SINGLE_NAMES):
            keys.add(exact_key(value), index, value, _EXACT)
        elif len(value) > 1:
            keys.add(key(value), index, value, _EXACT)
            keys.add(umlaut_key(value), index, value, _EXACT)
    for value in sorted(values, reverse=True):
        if dated := _TRAILING_YEAR.match(value):
            keys.add(key(dated[1]), index, value, _WITHOUT_YEAR)


def _add_parts(keys: Keys, named: list[tuple[int, list[str]]]) -> None:
    """The head of a long name, or its one strange word, where that leaves little doubt."""
    parts: dict[str, list[tuple[int, str]]] = {}
    for index, values in named:
        for value in values:
            for part in _parts(value, keys.columns[index].guarded):
                parts.setdefault(part, []).append((index, value))
    for part, owners in parts.items():
        if len(owners) <= _MAX_PART_READINGS and part not in keys.meanings and part not in keys.blocked:
            for index, value in owners:
                keys.add(part, index, value, _PART)


def _parts(value: str, guarded: bool) -> set[str]:
    words = tokens(value)
    heads = (words[:count] for count in range(2, len(words)))
    parts = {
        " ".join(word.stem for word in head)
        for head in heads
        if head[-1].end >= 0.5 * len(value) and head[-1].folded not in _FUNCTION_WORDS
    }
    if len(words) > 1 and not guarded:
        parts |= {w.stem for w in words if len(w.folded) >= 5 and not {w.folded, w.stem} & english().keys()}
    return {part for part in parts if not part.isdigit()}


def _add_term(keys: Keys, places: dict[tuple[str, str], int], term: Term) -> None:
    table, _, name = term.column.rpartition(".")
    if not term.values:
        return
    if (table, name) not in places:
        places[table, name] = len(keys.columns)
        keys.columns.append(ValueColumn(table, name, enum=True))
    for value, ways in term.values.items():
        for way in ways:
            words = exact_key(way) if way.casefold().startswith("the ") else key(way)
            keys.add(words, places[table, name], str(value), _EXACT)


def _own_words(schema: Schema, terms: tuple[Term, ...]) -> set[str]:
    own = {key(name) for term in terms for name in term.names}
    own |= {key(way) for term in terms for ways in term.verbs.values() for way in ways}
    for table, column in schema.columns():
        own |= {key(table.name), key(column.name)}
    return {words for words in own if words and words.count(" ") < MAX_WORDS}


def knowledge_words(schema: Schema, glossary: Iterable[Term], keys: Keys) -> set[str]:
    """The words of schema, glossary and enum values, folded: what a typo in a question is mended to."""
    texts: list[str] = []
    for table, column in schema.columns():
        texts += [table.name, column.name]
    for term in glossary:
        texts += [term.term, *term.synonyms, *term.asks]
        texts += [way for ways in (*term.values.values(), *term.verbs.values()) for way in ways]
    for meanings in keys.meanings.values():
        texts += [value for column, value, _ in meanings if keys.columns[column].enum]
    return {fold(token.raw) for text in texts for token in tokens(text) if len(token.raw) > 2}
