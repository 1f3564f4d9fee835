"""Patterns over items: words and kinds of items, some optional, some repeated.

>>> Pattern("top|first <number>")
Pattern('top|first <number>')
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from graph.followup.items import Item
from graph.followup.words import ADVERBS

_FACETS: dict[str, Callable[[Item], bool]] = {
    "value": lambda item: bool(item.values),
    "date": lambda item: item.window is not None,
    "number": lambda item: item.number is not None,
    "grain": lambda item: bool(item.grain),
    "adverb": lambda item: item.word in ADVERBS,
    "column": lambda item: bool(item.columns or item.tables),
    "measure": lambda item: bool(item.metrics or item.tables),
    "metric": lambda item: bool(item.metrics),
    "named": lambda item: bool(item.metrics or item.columns or item.tables),
    "table": lambda item: bool(item.tables),
    "filter": lambda item: bool(item.filters),
    "verb": lambda item: bool(item.verbs),
    "any": lambda item: True,
}
_ENDS = frozenset("^$")
_JOINTS = frozenset(("and", "or", "plus"))


@dataclass(frozen=True)
class Match:
    """The place behind the last item, and the items that the kinds in the pattern stand for, in order."""

    end: int
    found: tuple[tuple[str, Item], ...] = field(default=())
    words: tuple[str, ...] = ()

    def all(self, *kinds: str) -> tuple[Item, ...]:
        return tuple(item for kind, item in self.found if kind in kinds)

    def one(self, *kinds: str) -> Item | None:
        return next(iter(self.all(*kinds)), None)


@dataclass(frozen=True)
class _Part:
    """`only|just`: one of these words; `<value>`: a kind of item; `?` may be missing, `+` may come again;
    `^` and `$` are the ends of the sentence.
    """

    words: frozenset[str]
    kinds: tuple[str, ...]
    optional: bool
    many: bool

    @classmethod
    def of(cls, text: str) -> "_Part":
        bare = text.rstrip("?+")
        options = bare.strip("<>").split("|")
        many, optional = "+" in text[len(bare) :], text.endswith("?")
        if bare.startswith("<"):
            return cls(frozenset(), tuple(options), optional, many)
        return cls(frozenset(options), (), optional, many)

    def takes(self, item: Item) -> tuple[tuple[str, Item], ...] | None:
        if item.word and (item.word in self.words or item.stem in self.words):
            return ()
        kind = next((kind for kind in self.kinds if _FACETS[kind](item)), None)
        return ((kind, item),) if kind else None


class Pattern:
    """Compiled once; `match` gives the longest way in which the items from a place on fit."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts = tuple(_Part.of(part) for part in text.split())

    def __repr__(self) -> str:
        return f"Pattern({self._text!r})"

    @property
    def words(self) -> frozenset[str]:
        return frozenset().union(*(part.words for part in self._parts)) - _ENDS

    def match(self, items: Sequence[Item], at: int) -> Match | None:
        return self._match(items, at, 0, Match(at))

    def _match(self, items: Sequence[Item], at: int, place: int, so_far: Match) -> Match | None:
        if place == len(self._parts):
            return so_far
        part, best = self._parts[place], None
        if part.words & _ENDS:
            here = at == 0 if "^" in part.words else at == len(items)
            return self._match(items, at, place + 1, so_far) if here else None
        taken = part.takes(items[at]) if at < len(items) else None
        if taken is not None:
            said = (*so_far.words, items[at].word) if not taken else so_far.words
            step = Match(at + 1, so_far.found + taken, said)
            best = self._match(items, at + 1, place + 1, step)
            if part.many:
                joint = at + 2 if at + 1 < len(items) and items[at + 1].word in _JOINTS else at + 1
                best = _longer(self._match(items, joint, place, step), best)
        if part.optional:
            best = _longer(best, self._match(items, at, place + 1, so_far))
        return best


def _longer(one: Match | None, other: Match | None) -> Match | None:
    if one is None or other is None:
        return one or other
    return one if one.end >= other.end else other
