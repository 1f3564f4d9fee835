"""A question as a row of items: its values, dates, numbers and terms, and the plain words between them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from graph.followup.lexicon import Lexicon
from graph.followup.words import GRAINS
from knowledge.clock import Clock
from knowledge.glossary import Term
from knowledge.link import Linked, Linker, Reading
from knowledge.window import Window
from knowledge.words import Speller, english, tokens


@dataclass(frozen=True)
class Item:
    """One thing that the question says, at a place of its text; several readings may stand side by side.

    `word` is empty for more than one word. `verbs` are the date columns that the words may mean; `more` says
    that a number has a plus behind it ('100+').
    """

    text: str
    start: int
    end: int
    word: str = ""
    stem: str = ""
    values: tuple[Reading, ...] = ()
    terms: tuple[Term, ...] = ()
    verbs: tuple[str, ...] = ()
    grain: str = ""
    number: float | None = None
    more: bool = False
    window: Window | None = None

    @property
    def says(self) -> bool:
        """Whether it is more than a plain word."""
        return bool(self.values or self.terms or self.grain or self.number is not None or self.window)

    @property
    def metrics(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.metric)

    @property
    def tables(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.table)

    @property
    def columns(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.column)

    @property
    def filters(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.filter)


@dataclass(frozen=True)
class Sentence:
    text: str
    items: tuple[Item, ...]
    linked: Linked


class Reader:
    """Reads questions into items. Slips of the pen in the words of the grammar are mended."""

    def __init__(self, linker: Linker, lexicon: Lexicon, words: frozenset[str], clock: Clock) -> None:
        self.clock = clock
        self.linker = linker
        self.lexicon = lexicon
        self._words = words

    def read(self, text: str) -> Sentence:
        linked = self.linker.link(text)
        found = _longest([*_literals(linked, text), *self._named(text)])
        plain = [self._plain(item) for item in _words(text, found)]
        return Sentence(text, tuple(sorted([*found, *plain], key=lambda item: item.start)), linked)

    def _plain(self, item: Item) -> Item:
        if item.word in self._words or self._speller.knows(item.word):
            return item
        near = self._speller.near(item.word, 1)
        return replace(item, word=near[0][0], stem=near[0][0]) if near else item

    def _named(self, text: str) -> list[Item]:
        """The terms and verbs of the lexicon that stand in the text, the longer ones before their parts."""
        words = tokens(text)
        items = []
        for first in range(len(words)):
            for count in range(1, min(self.lexicon.longest, len(words) - first) + 1):
                span = words[first : first + count]
                name = " ".join(word.stem for word in span)
                terms, verbs = self.lexicon.terms.get(name, ()), self.lexicon.verbs.get(name, ())
                if terms or verbs:
                    start, end = span[0].start, span[-1].end
                    one = span[0] if count == 1 else None
                    items.append(
                        Item(
                            text[start:end],
                            start,
                            end,
                            one.folded if one else "",
                            one.stem if one else "",
                            terms=terms,
                            verbs=verbs,
                        )
                    )
        return items

    @cached_property
    def _speller(self) -> Speller:
        return Speller((word for word in self._words if len(word) > 3), english())


def _literals(linked: Linked, text: str) -> list[Item]:
    items = [
        Item(
            slot.text,
            slot.start,
            slot.end,
            values=slot.readings,
            number=slot.number,
            more=slot.number is not None and text[slot.end : slot.end + 1] == "+",
            window=slot.window,
        )
        for slot in linked.slots
    ]
    spans: dict[tuple[int, int], list[Reading]] = {}
    for hit in linked.hits:
        reading = Reading(hit.table, hit.column, hit.value, hit.score)
        spans.setdefault((hit.start, hit.end), []).append(reading)
    enums = [Item(text[start:end], start, end, values=tuple(found)) for (start, end), found in spans.items()]
    return [_worded(item) for item in [*items, *enums]]


def _worded(item: Item) -> Item:
    words = tokens(item.text)
    return replace(item, word=words[0].folded, stem=words[0].stem) if len(words) == 1 else item


def _longest(items: Sequence[Item]) -> list[Item]:
    """Items without overlaps, the longest first; those of the same words become one. Dates are never cut."""
    kept: list[Item] = []
    for item in sorted(items, key=lambda i: (i.window is None, i.start - i.end, i.start)):
        same = next((k for k in kept if (k.start, k.end) == (item.start, item.end)), None)
        if same is not None:
            kept[kept.index(same)] = replace(
                same,
                values=same.values or item.values,
                terms=same.terms or item.terms,
                verbs=same.verbs or item.verbs,
            )
        elif not any(k.start < item.end and item.start < k.end for k in kept):
            kept.append(item)
    return kept


def _words(text: str, found: Sequence[Item]) -> list[Item]:
    """The plain words that nothing else holds; grains are among them."""
    return [
        Item(word.raw, word.start, word.end, word.folded, word.stem, grain=GRAINS.get(word.stem, ""))
        for word in tokens(text)
        if not any(item.start < word.end and word.start < item.end for item in found)
    ]
