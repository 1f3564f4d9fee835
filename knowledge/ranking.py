"""Which tables a question needs, among very many with names that are alike: meaning, words and joins."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.cards import Card
from knowledge.naming import spelled
from knowledge.words import tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORDS, UNSAID, JOINED = 0.4, 0.03, 0.1
"""What counts beside the cosine similarity: the share of the best BM25; what each nat of a name's words that
the question does not say costs; what it is worth that a table has keys, which copies of it have not."""

SURE, BESIDE = 3, 2
"""So many of the first bring so many tables along that are joined to them."""

_EVERYWHERE = frozenset(("fact", "dimension"))


class Ranking:
    """Of one schema's cards; made once. The weights were chosen on the generated warehouse of the bench."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._cards = {card.table: card for card in cards}
        self._tables = tuple(self._cards)
        self._places = {table: place for place, table in enumerate(self._tables)}

    def order(self, question: str, near: Mapping[str, float]) -> list[str]:
        """All tables, the likeliest first. `near`: table -> cosine similarity of the nearest ones; the others
        count as the last of these.
        """
        words = {token.stem for token in tokens(question)}
        scores = self._similar(near) + WORDS * self._said(words) - UNSAID * self._unsaid(words) + self._joins
        ranked = [self._tables[place] for place in np.argsort(-scores, kind="stable")]
        first = ranked[:SURE]
        beside = dict.fromkeys(table for one in first for table in self._cards[one].joins)
        known = [table for table in beside if table in self._places and table not in first]
        along = sorted(known, key=lambda table: -scores[self._places[table]])[:BESIDE]
        return list(dict.fromkeys([*first, *along, *ranked]))

    def _similar(self, near: Mapping[str, float]) -> "NDArray[np.float64]":
        least = min(near.values(), default=0.0)
        return np.array([near.get(table, least) for table in self._tables])

    def _said(self, words: set[str]) -> "NDArray[np.float64]":
        """BM25 of each card's words, as a share of the best."""
        known = sorted(words & self._bm25.vocab_dict.keys())
        if not known:
            return np.zeros(len(self._tables))
        scores = np.asarray(self._bm25.get_scores(known), dtype=float)
        return scores / max(float(scores.max()), 1e-9)

    def _unsaid(self, words: set[str]) -> "NDArray[np.float64]":
        """How much each name says that the question does not: words that many tables have say little."""
        return np.array(
            [sum(self._rarity[word] for word in name if word not in words) for name in self._name_words]
        )

    @cached_property
    def _bm25(self) -> Any:
        import bm25s  # type: ignore[import-untyped]

        found = bm25s.BM25()
        found.index([_stems(card.gist) for card in self._cards.values()], show_progress=False)
        return found

    @cached_property
    def _name_words(self) -> list[list[str]]:
        names = ({*_stems(spelled(table))} - _EVERYWHERE for table in self._tables)
        return [sorted(name) for name in names]

    @cached_property
    def _rarity(self) -> dict[str, float]:
        counted = Counter(word for name in self._name_words for word in name)
        return {word: math.log(1 + len(self._tables) / count) for word, count in counted.items()}

    @cached_property
    def _joins(self) -> "NDArray[np.float64]":
        return np.array([JOINED if card.joins else 0.0 for card in self._cards.values()])


def _stems(text: str) -> list[str]:
    return [token.stem for token in tokens(text)]
