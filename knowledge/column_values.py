"""The values of one column, and which of them a text in a statement may be."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.value_keys import Keys
from knowledge.words import exact_key, key, slips, umlaut_key

MOST_NEAR = 3
_FARTHEST = 0.5


class ColumnValues:
    """`ways` are the words for a value, each with the value and how surely it means that one (0..1)."""

    def __init__(self, ways: Iterable[tuple[str, str, float]]) -> None:
        self._ways: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for words, value, score in ways:
            self._ways[words].append((value, score))
        self._values = frozenset(value for found in self._ways.values() for value, _ in found)

    def meant(self, text: str) -> list[str]:
        """The values that a text may stand for: itself, or those that differ in case, accents, plural or by a
        slip of the pen, or that the glossary calls so. Empty where there is none.

        >>> ColumnValues([("espresso", "Espresso", 1.0), ("cancel", "X", 1.0)]).meant("ESPRESO")
        ['Espresso']
        """
        if text in self._values:
            return [text]
        for words in dict.fromkeys((exact_key(text), key(text), umlaut_key(text))):
            if words in self._ways:
                return self._surest(self._ways[words])
        return self._slipped(key(text))

    def nearest(self, text: str) -> list[str]:
        """A few values that look most like a text, the nearest first; empty where none does."""
        found = process.extract(
            key(text),
            list(self._ways),
            scorer=OSA.normalized_distance,
            limit=MOST_NEAR,
            score_cutoff=_FARTHEST,
        )
        return list(dict.fromkeys(value for words, *_ in found for value, _ in self._ways[words]))[:MOST_NEAR]

    def _slipped(self, words: str) -> list[str]:
        if not words:
            return []
        found = process.extract(words, list(self._ways), scorer=OSA.distance, limit=None, score_cutoff=2)
        near = [(distance, way) for way, distance, _ in found if way and distance <= slips(words, way)]
        least = min((distance for distance, _ in near), default=0)
        return self._surest([one for distance, way in near if distance == least for one in self._ways[way]])

    def _surest(self, found: list[tuple[str, float]]) -> list[str]:
        best = max((score for _, score in found), default=0.0)
        return list(dict.fromkeys(value for value, score in found if score == best))


def by_column(keys: Keys) -> dict[tuple[str, str], ColumnValues]:
    """By (table, column)."""
    ways: dict[int, list[tuple[str, str, float]]] = defaultdict(list)
    for words, meanings in keys.meanings.items():
        for column, value, score in meanings:
            ways[column].append((words, value, score))
    return {(c.table, c.column): ColumnValues(ways[place]) for place, c in enumerate(keys.columns)}
