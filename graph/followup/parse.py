"""From the items of a sentence to the edits that it asks for."""

from dataclasses import dataclass
from operator import itemgetter

from graph.followup.edits import KINDS, Edit, Measure
from graph.followup.edits.edit import patterns
from graph.followup.items import Item, Sentence
from graph.followup.whole import Whole, longest
from graph.followup.words import CLAUSE, FILLERS, OPENINGS, TIES

PHRASES = patterns(
    "what|how about",
    "how much|many was|is|were|are it|that|this|they|those",
    "what was|is|were|are it|that|this|they|those",
)
"""Phrases that tie the sentence to the one before."""

NEUTRAL = patterns("is|are|be enough|fine|plenty|sufficient|ok", "would be enough|fine|great|nice", "so far")

VOCABULARY = FILLERS.union(
    CLAUSE, TIES, OPENINGS, *(pattern.words for kind in KINDS for pattern in kind.patterns)
)


@dataclass(frozen=True)
class Parsed:
    """`rest` are the items that no edit takes and that say something; `whole`: it is a clause of its own."""

    edits: tuple[Edit, ...]
    rest: tuple[Item, ...]
    whole: bool

    @property
    def complete(self) -> bool:
        return bool(self.edits) and not self.rest and not self.whole


def parse(sentence: Sentence, was: Whole) -> Parsed:
    """Walk over the items: at each place the longest pattern, else a word that says nothing, else a rest."""
    items = sentence.items
    edits: list[Edit] = []
    rest: list[Item] = []
    skipped: set[str] = set()
    tied = bool(items) and (items[0].word in OPENINGS or any(item.word in TIES for item in items))
    at = 0
    while at < len(items):
        opening = longest(PHRASES, items, at)
        tied = tied or opening is not None
        found = _edit(items, at, was)
        if found is not None:
            edit, at = found
            edits.append(edit)
            continue
        phrase = opening or longest(NEUTRAL, items, at)
        if phrase is not None:
            at = phrase.end
            continue
        skipped.add(items[at].word)
        if items[at].word not in FILLERS | CLAUSE:
            rest.append(items[at])
        at += 1
    return Parsed(tuple(edits), tuple(rest), _is_whole(edits, skipped, tied))


def _is_whole(edits: list[Edit], skipped: set[str], tied: bool) -> bool:
    """It has a verb of its own: untied, or with something of its own to measure."""
    if not skipped & CLAUSE:
        return False
    return not tied or any(isinstance(edit, Measure) for edit in edits)


def _edit(items: tuple[Item, ...], at: int, was: Whole) -> tuple[Edit, int] | None:
    matches = [
        (match.end, -order, match, kind)
        for order, kind in enumerate(KINDS)
        for pattern in kind.patterns
        if (match := pattern.match(items, at)) is not None
    ]
    for end, _, match, kind in sorted(matches, key=itemgetter(0, 1), reverse=True):
        edit = kind.read(match, was)
        if edit is not None:
            return edit, end
    return None
