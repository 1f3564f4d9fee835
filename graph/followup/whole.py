"""The whole question that a follow-up edits, as text: what it measures and groups by, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from graph.followup.items import Item, Reader, Sentence
from graph.followup.lexicon import Lexicon
from graph.followup.pattern import Match, Pattern
from graph.followup.words import FILLERS, PREPOSITIONS
from knowledge.dates import DateHit
from knowledge.words import tokens

_GROUPS = tuple(
    map(
        Pattern,
        (
            "split|broken|grouped|divided down? by|per <column|grain|filter>+",
            "by|per each|every? <column|grain|filter>+",
            "for|of|in|from each|every <column|grain|filter>+",
            "across all? <column|grain|filter>+",
            "<grain> by <grain>",
            "<adverb>",
        ),
    )
)
_LIMITS = tuple(
    map(
        Pattern,
        ("top|best|bottom|worst|first|last|biggest|largest|highest|lowest <number>", "<number> best|biggest"),
    )
)
_COUNTED = (Pattern("how many"), Pattern("number|count of"))
_RANKED = Pattern("by <metric>")
_ASIDE = " ,;:-\u2013"
_LEADING = PREPOSITIONS | {"only", "just", "the"}
_LISTING = _LEADING | {"and", "or"}


@dataclass(frozen=True)
class Part:
    """A stretch of the text, with the items that matter in it."""

    start: int
    end: int
    items: tuple[Item, ...]


class Whole:
    """Reads the parts of a question where they stand; every change makes a new one from the changed text."""

    def __init__(self, text: str, reader: Reader) -> None:
        self.text = text.strip().rstrip(" ?.!")
        self._reader = reader

    @cached_property
    def sentence(self) -> Sentence:
        return self._reader.read(self.text)

    @property
    def lexicon(self) -> Lexicon:
        return self._reader.lexicon

    @property
    def today(self) -> date:
        return self._reader.clock.today()

    def find_dates(self, text: str) -> list[DateHit]:
        return self._reader.linker.dates(text)

    @property
    def items(self) -> tuple[Item, ...]:
        return self.sentence.items

    @property
    def dates(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.window is not None)

    @cached_property
    def groups(self) -> tuple[Part, ...]:
        """'by country', 'per month', 'for each plan'; not 'by revenue'."""
        return self.parts(_GROUPS, "column", "grain", "adverb", "filter")

    @property
    def limits(self) -> tuple[Part, ...]:
        return self.parts(_LIMITS, "number")

    @cached_property
    def measure(self) -> Part | None:
        """What is counted or summed: 'revenue', 'how many orders'; of a list, what is listed."""
        outside = [item for item in self.items if not self._grouping(item)]
        ranked = next((m for at in range(len(self.items)) if (m := _RANKED.match(self.items, at))), None)
        if ranked is not None:
            item = ranked.all("metric")[0]
            return Part(item.start, item.end, (item,))
        metric = next((item for item in outside if item.metrics), None)
        noun = next((item for item in outside if item.tables), None)
        counted = self.parts(_COUNTED)
        if noun is not None and counted and (metric is None or metric.start > noun.start):
            return Part(counted[0].start, noun.end, (noun,))
        found = metric or noun
        return Part(found.start, found.end, (found,)) if found else None

    @property
    def counts(self) -> Part | None:
        """'how many', 'number of'."""
        return next(iter(self.parts(_COUNTED)), None)

    def _grouping(self, item: Item) -> bool:
        return any(part.start <= item.start < part.end for part in self.groups)

    def parts(self, patterns: Sequence[Pattern], *kinds: str) -> tuple[Part, ...]:
        """Where patterns stand, each with its items of these kinds."""
        parts, at = [], 0
        while at < len(self.items):
            match = longest(patterns, self.items, at)
            if match is None:
                at += 1
                continue
            parts.append(Part(self.items[at].start, self.items[match.end - 1].end, match.all(*kinds)))
            at = match.end
        return tuple(parts)

    def put(self, part: Part | Item, text: str) -> "Whole":
        """Other words in a part's place; without any, the part goes and leaves no hole."""
        before, behind = self.text[: part.start], self.text[part.end :]
        if not text:
            before, behind = before.rstrip(), behind.lstrip()
            if not behind or behind[0] in _ASIDE:
                before = before.rstrip(_ASIDE)
            return Whole(f"{before} {behind}".replace(" ,", ",").strip(_ASIDE), self._reader)
        return Whole(before + text + behind, self._reader)

    def insert(self, place: int, text: str) -> "Whole":
        """Words before or behind what stands at a place, with spaces around."""
        before, behind = self.text[:place].rstrip(), self.text[place:].lstrip()
        return Whole(" ".join(part for part in (before, text, behind) if part), self._reader)

    def append(self, text: str, aside: str = "") -> "Whole":
        return Whole(f"{self.text}{aside} {text}", self._reader)

    def enumerated(self, items: Iterable[Item]) -> tuple[Part, ...]:
        """Where items stand: one part for what is listed together, as in 'germany, france and in austria'."""
        parts: list[Part] = []
        for item in items:
            last = parts[-1] if parts else None
            between = [o.word for o in self.items if last and last.end <= o.start and o.end <= item.start]
            if last and _LISTING.issuperset(between):
                parts[-1] = Part(last.start, item.end, (*last.items, item))
            else:
                parts.append(Part(item.start, item.end, (item,)))
        return tuple(parts)

    def without(self, part: Part) -> "Whole":
        """Take out a part together with the preposition before it ('in germany')."""
        start = part.start
        for before in reversed([item for item in self.items if item.end <= part.start]):
            if before.word not in _LEADING:
                break
            start = before.start
        return self.put(replace(part, start=start), "")

    def bare(self) -> "Whole":
        """Without 'what was our' and the like before the measure."""
        if self.measure is None:
            return self
        head = self.text[: self.measure.start]
        if all(word.folded in FILLERS for word in tokens(head)):
            return Whole(self.text[self.measure.start :], self._reader)
        return self

    def says(self, item: Item) -> bool:
        """Whether the words of an item stand in the question already."""
        said = [token.stem for token in tokens(self.text)]
        words = [token.stem for token in tokens(item.text)]
        return any(said[n : n + len(words)] == words for n in range(len(said)))


def longest(patterns: Sequence[Pattern], items: Sequence[Item], at: int) -> Match | None:
    """The longest match of several patterns at a place; the first of those equally long."""
    found = [match for pattern in patterns if (match := pattern.match(items, at)) is not None]
    return max(found, key=lambda match: match.end, default=None)
