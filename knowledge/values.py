"""Values of the database in a question: typed as they are, in another form, or with a slip of the pen."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from knowledge.column_values import ColumnValues, by_column
from knowledge.errors import IndexingError
from knowledge.files import write_atomically
from knowledge.glossary import Term
from knowledge.naming import spelled
from knowledge.schema import Schema
from knowledge.value_keys import (
    FULL_NAME,
    MAX_WORDS,
    SINGLE_NAMES,
    Keys,
    ValueColumn,
    build_keys,
    knowledge_words,
)
from knowledge.words import Speller, Token, english, key, singular, slips, tokens, word_set

if TYPE_CHECKING:
    from knowledge.database import Database
    from knowledge.profile import Profiles

_VERSION = 1
_MAX_READINGS = 6
_MAX_ANCHORED = 300
_SLIP = 0.06
# Words that people use for questions and measures; a value of the same spelling needs a capital to be meant.
_COMMON = word_set(
    """all any average bath best big book both cheap close cost count customer daily date day deal early enter
    first free full good half hull large last late least less list long low many mark max may mean min mobile
    month more most name new next nice no none normal old one open orange order other over paid price product
    quarter rate reading return sale same share short small split standard term time top total tours two week
    year young"""
)
# Short codes that are also words: 'IT', 'NO'.
_SHORT_WORDS = word_set("am as at be by do es go he if in is it la me my no of on or so to up us we")
# A first or last name alone is meant only after one of these.
_NAME_CUES = word_set("called named name surname mr mrs ms")
# Between these an English word is a name: 'people in boulder', 'where is houston located'.
_BEFORE_NAMES = word_set(
    "are at called did do does for from has have in is named near of outside to versus vs was"
)
_BEHIND_NAMES = word_set(
    "and are as at between by do does during have has in is last located or per please since this to with"
)
_PLACE_WORDS = frozenset(("in", "from", "to", "code", "country"))


@dataclass(frozen=True)
class ValueHit:
    """A value named in the question. Hits with the same span are readings of the same words.

    `text` is the span as written, `words` the same without slips. `enum` values stay words in the question.
    """

    table: str
    column: str
    value: str
    text: str
    start: int
    end: int
    score: float
    enum: bool
    words: str = ""


_WITHOUT_NOUN = 0.97
"""The score of a value whose name the question gives with its table's noun."""


@lru_cache(maxsize=4096)
def _nouns(table: str) -> frozenset[str]:
    """What a row of a table may be called: the last word of its name."""
    return frozenset(singular(word) for word in spelled(table).split()[-1:])


@dataclass(frozen=True)
class _Candidate:
    first: int
    count: int
    score: float
    key: str

    @property
    def rank(self) -> tuple[int, float, int]:
        return (-self.count, -self.score, self.first)


class Values:
    """The known values, in memory; lookups need neither the database nor the index."""

    def __init__(self, keys: Keys, words: Iterable[str]) -> None:
        self._keys = keys
        self.words = frozenset(words)

    @classmethod
    def build(
        cls,
        database: "Database",
        schema: Schema,
        profiles: "Profiles",
        glossary: Iterable[Term] = (),
        *,
        skip: frozenset[tuple[str, str]] = frozenset(),
    ) -> "Values":
        """Reads the values from the database. `skip` names (table, column) pairs that rules forbid."""
        terms = tuple(glossary)
        keys = build_keys(database, schema, profiles, terms, skip)
        return cls(keys, knowledge_words(schema, terms, keys))

    def save(self, path: Path) -> None:
        content = {
            "version": _VERSION,
            "columns": [[c.table, c.column, c.enum, c.guarded] for c in self._keys.columns],
            "meanings": self._keys.meanings,
            "blocked": sorted(self._keys.blocked),
            "words": sorted(self.words),
        }
        write_atomically(path, json.dumps(content, ensure_ascii=False, separators=(",", ":")))

    @classmethod
    def load(cls, path: Path) -> "Values":
        """Raises IndexingError when the file is missing, broken or of another version."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["version"] != _VERSION:
                raise IndexingError(
                    "The list of values was made by another version of Quarry; run `quarry index`."
                )
            columns = [ValueColumn(*column) for column in content["columns"]]
            keys = Keys(columns, content["meanings"], set(content["blocked"]))
            return cls(keys, content["words"])
        except FileNotFoundError:
            raise IndexingError(
                "There is no list of the database's values yet; run `quarry index`."
            ) from None
        except (ValueError, KeyError, TypeError):
            raise IndexingError("The list of the database's values is damaged; run `quarry index`.") from None

    def lookup(self, question: str, taken: Sequence[tuple[int, int]] = ()) -> list[ValueHit]:
        """The values named in a question, by place and then by score; longer spans win over shorter ones.

        `taken` are spans that dates hold: only a longer exact value ('Spring Bloom 2025') may take them over.
        """
        words = tokens(question)
        hits: list[ValueHit] = []
        used: set[int] = set()
        for candidate in sorted(self._candidates(words), key=lambda c: c.rank):
            span = range(candidate.first, candidate.first + candidate.count)
            if used.intersection(span):
                continue
            start, end = words[span[0]].start, words[span[-1]].end
            if not _may_take(start, end, candidate.score, taken):
                continue
            found = self._readings(candidate, words, question)
            found += self._beside_nouns(candidate, words, question, found)
            if found or candidate.key in self._keys.blocked:
                used.update(span)
                hits += found
        return sorted(hits, key=lambda hit: (hit.start, -hit.score, hit.enum))

    def of_column(self, table: str, column: str) -> ColumnValues | None:
        """None where the values of a column are not known."""
        return self._by_column.get((table, column))

    @cached_property
    def _by_column(self) -> dict[tuple[str, str], ColumnValues]:
        return by_column(self._keys)

    def _readings(self, candidate: _Candidate, words: list[Token], question: str) -> list[ValueHit]:
        span = words[candidate.first : candidate.first + candidate.count]
        start, end = span[0].start, span[-1].end
        hits = []
        for index, value, score in self._keys.meanings.get(candidate.key, ()):
            column = self._keys.columns[index]
            if not self._meant(column, value, candidate, words, question):
                continue
            same = question[start:end].casefold() == value.casefold()
            total = round(score * candidate.score * (1 if same else 0.98), 3)
            mended = candidate.key if candidate.score < 1 else ""
            hits.append(
                ValueHit(
                    column.table,
                    column.column,
                    value,
                    question[start:end],
                    start,
                    end,
                    total,
                    column.enum,
                    mended,
                )
            )
        hits.sort(key=lambda hit: (-hit.score, hit.enum))
        return hits[:_MAX_READINGS]

    def _beside_nouns(
        self, candidate: _Candidate, words: list[Token], question: str, found: list[ValueHit]
    ) -> list[ValueHit]:
        """'Ohio River' may be a lowest point of that name, and the river called Ohio: what the words without
        the table's noun mean in that table.
        """
        span = words[candidate.first : candidate.first + candidate.count]
        if not found or candidate.count < 2 or candidate.score < 1:
            return []
        more = []
        for noun, rest in ((span[-1], span[:-1]), (span[0], span[1:])):
            name = " ".join(word.folded for word in rest)
            for index, value, score in self._keys.meanings.get(name, ()):
                column = self._keys.columns[index]
                if noun.stem in _nouns(column.table) and not column.enum:
                    start, end = span[0].start, span[-1].end
                    place = (column.table, column.column, value, question[start:end], start, end)
                    more.append(ValueHit(*place, round(score * _WITHOUT_NOUN, 3), column.enum, name))
        return more[:_MAX_READINGS]

    def _meant(
        self, column: ValueColumn, value: str, candidate: _Candidate, words: list[Token], question: str
    ) -> bool:
        """Whether words that equal a value were meant as that value."""
        span = words[candidate.first : candidate.first + candidate.count]
        start, end = span[0].start, span[-1].end
        exactly = candidate.key == " ".join(word.folded for word in span)
        if column.column in SINGLE_NAMES:
            cued = any(
                word.folded in _NAME_CUES for word in words[max(0, candidate.first - 2) : candidate.first]
            )
            return cued and exactly and (span[0].raw[0].isupper() or span[0].folded not in english())
        if question[start - 1 : start] in ('"', "“", "'") and question[end : end + 1] in ('"', "”", "'"):
            return True
        if len(value) <= 3 and candidate.key == key(value):
            return _code_meant(column, value, candidate.first, words)
        if candidate.count == 1 and span[0].folded in _SHORT_WORDS and not span[0].raw.isupper():
            return False
        if column.enum:
            return candidate.key not in self._tables
        if candidate.key in self._keys.blocked and candidate.count == 1:
            return False
        if column.column == FULL_NAME and candidate.score == 1 and not exactly:
            return False
        capital = all(word.raw[0].isupper() for word in span) and candidate.first > 0
        if column.column == FULL_NAME and not capital and _COMMON.intersection(word.folded for word in span):
            return False
        if candidate.count > 1 or capital:
            return True
        if span[0].folded in _COMMON:
            return False
        return not (column.guarded and span[0].folded in english()) or self._named(column, candidate, words)

    def _named(self, column: ValueColumn, candidate: _Candidate, words: list[Token]) -> bool:
        """Whether an English word stands where a name does: 'people in boulder', 'the city boulder'."""
        before = words[max(0, candidate.first - 1) : candidate.first]
        behind = words[candidate.first + candidate.count :][:1]
        if any(word.stem in _nouns(column.table) for word in (*before, *behind)):
            return True
        ends = not behind or behind[0].folded in _BEHIND_NAMES or behind[0].stem in self._keys.meanings
        return ends and any(word.folded in _BEFORE_NAMES for word in before)

    def _candidates(self, words: list[Token]) -> Iterator[_Candidate]:
        spellings = [self._spellings(word) for word in words]
        meanings, blocked = self._keys.meanings, self._keys.blocked
        for first in range(len(words)):
            for count in range(1, min(MAX_WORDS, len(words) - first) + 1):
                span = words[first : first + count]
                whole = " ".join(word.folded for word in span)
                stems = " ".join(word.stem for word in span)
                if whole in meanings:
                    yield _Candidate(first, count, 1.0, whole)
                elif stems in meanings or stems in blocked:
                    yield _Candidate(first, count, 1.0, stems)
                elif any(s[-1][1] for s in spellings[first : first + count]):
                    yield from self._mended(first, count, spellings)
        yield from self._near_names(words)

    def _spellings(self, word: Token) -> list[tuple[str, int]]:
        """The word as it stands and, for a word that nobody knows, the words it may have been."""
        same = [(form, 0) for form in sorted({word.stem, word.folded})]
        if self._speller.knows(word.folded) or self._speller.knows(word.stem):
            return same
        joined = self._joined.get(word.stem)
        own = self._own_speller.near(word.folded, 1)
        near = [
            (meant, distance)
            for meant, distance in self._speller.near(word.stem)
            if not own or distance < own[0][1] or meant == singular(own[0][0])
        ]
        return [*same, *([(joined, 1)] if joined else []), *near]

    def _mended(self, first: int, count: int, spellings: list[list[tuple[str, int]]]) -> Iterator[_Candidate]:
        for choice in product(*spellings[first : first + count]):
            words = " ".join(word for word, _ in choice)
            slipped = sum(distance for _, distance in choice)
            if slipped and words in self._keys.meanings:
                yield _Candidate(first, count, 1 - _SLIP * slipped, words)

    def _near_names(self, words: list[Token]) -> Iterator[_Candidate]:
        """Names of several words of which one is right and the others nearly so: 'hamburg harbor'."""
        for place, word in enumerate(words):
            anchored = self._anchors.get(word.stem, ())
            if len(anchored) > _MAX_ANCHORED:
                continue
            for name, parts, at in anchored:
                first = place - at
                if first < 0 or first + len(parts) > len(words):
                    continue
                slipped = _slipped(words[first : first + len(parts)], parts)
                if slipped:
                    yield _Candidate(first, len(parts), 1 - _SLIP * slipped, name)

    @cached_property
    def _speller(self) -> Speller:
        stems = {word for name in self._keys.meanings for word in name.split()}
        return Speller(stems, {*english(), *self.words})

    @cached_property
    def _own_speller(self) -> Speller:
        return Speller(word for word in self.words if len(word) > 3)

    @cached_property
    def _tables(self) -> set[str]:
        return {key(column.table) for column in self._keys.columns}

    @cached_property
    def _open_names(self) -> list[str]:
        names = (FULL_NAME, *SINGLE_NAMES)
        people = {i for i, c in enumerate(self._keys.columns) if c.column in names}
        return [
            name
            for name, found in self._keys.meanings.items()
            if " " in name and not all(meaning[0] in people for meaning in found)
        ]

    @cached_property
    def _joined(self) -> dict[str, str]:
        return {name.replace(" ", ""): name for name in self._open_names}

    @cached_property
    def _anchors(self) -> dict[str, list[tuple[str, list[str], int]]]:
        anchors: dict[str, list[tuple[str, list[str], int]]] = {}
        for name in self._open_names:
            parts = name.split()
            for place, part in enumerate(parts):
                if len(part) >= 4:
                    anchors.setdefault(part, []).append((name, parts, place))
        return anchors


def _may_take(start: int, end: int, score: float, taken: Sequence[tuple[int, int]]) -> bool:
    for first, last in taken:
        if (
            start < last
            and first < end
            and not (score == 1 and start <= first and last <= end and end - start > last - first)
        ):
            return False
    return True


def _slipped(words: list[Token], parts: list[str]) -> int:
    """The slips between words and a name's parts; 0 when they are equal or too far apart."""
    total = 0
    for word, part in zip(words, parts, strict=True):
        if word.stem == part:
            continue
        distance = OSA.distance(word.stem, part, score_cutoff=2)
        if word.stem[0] != part[0] or distance > slips(word.stem, part) or not word.stem.isalpha():
            return 0
        total += distance
    return total


def _code_meant(column: ValueColumn, value: str, place: int, words: list[Token]) -> bool:
    """Short codes must stand as they are; one that is also a word needs a neighbour that speaks for it."""
    word = words[place]
    if word.raw != value and not (column.enum and word.raw == value.upper()):
        return False
    if value.lower() not in _SHORT_WORDS:
        return True
    neighbours = {w.stem for w in words[max(0, place - 1) : place + 2]} - {word.stem}
    own = {singular(part) for part in re.split("_", column.column)} | {singular(column.table)}
    return bool(neighbours & own) or (word.raw.isupper() and bool(neighbours & _PLACE_WORDS))
