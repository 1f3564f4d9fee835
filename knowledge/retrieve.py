"""What is known that is near to a question: tables, terms, examples and values."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from knowledge.cards import Card
from knowledge.embedder import Embedder
from knowledge.examples import Example
from knowledge.glossary import Term
from knowledge.index import Hit, Index, Kind
from knowledge.link import Linked, Linker, masked
from knowledge.ranking import Ranking
from knowledge.words import key, tokens

MOST_CARDS, MOST_TERMS, MOST_EXAMPLES, MOST_PAIRS = 6, 4, 4, 8
_NEAR_CARDS = 100
_FEW_CARDS = 30
"""So many tables are told apart by meaning alone, which spares the start of a process a library."""
_TERM_NEAR = 0.45
_NAMED = 1.0
_LONGEST_NAME = 6

T = TypeVar("T")
Scored = Sequence[tuple[T, float]]


@dataclass(frozen=True)
class Retrieval:
    """The linked question, and what was found with its similarity, the best first.

    `examples` are verified; `pairs` were taught to the specialist, and nobody has verified them.
    """

    linked: Linked
    cards: Scored[Card]
    terms: Scored[Term]
    examples: Scored[Example]
    pairs: Scored[Example]


class Retriever:
    """Looks up one question at a time: one call of the embedder, then lookups alone.

    `pairs` is the kind of the pairs that the answering specialist was taught; without it none are looked up.
    """

    def __init__(
        self,
        index: Index,
        linker: Linker,
        embedder: Embedder,
        cards: Iterable[Card],
        glossary: Iterable[Term] = (),
        pairs: Kind = "",
    ) -> None:
        self.index = index
        self.pairs = pairs
        self.linker = linker
        self.embedder = embedder
        self._cards = {card.table: card for card in cards}
        self._terms = {term.term: term for term in glossary}
        self._ranking = Ranking(list(self._cards.values()))
        self._names = {key(name): term for term in self._terms.values() for name in term.names}

    def retrieve(self, question: str) -> Retrieval:
        """Raises IndexingError when the index is missing, unfinished or of another embedder."""
        linked = self.linker.link(question)
        of_words, of_shape = self.embedder.embed([linked.question, masked(linked)])
        terms = self._near_terms(linked, self.index.search("term", of_words, MOST_TERMS))
        cards = self._near_cards(linked, terms, self.index.search("card", of_words, _NEAR_CARDS))
        return Retrieval(
            linked,
            cards,
            terms,
            _examples(self.index.search("example", of_shape, MOST_EXAMPLES)),
            _examples(self.index.search(self.pairs, of_shape, MOST_PAIRS)) if self.pairs else (),
        )

    def holding(self, words: Iterable[str], linked: Linked) -> list[tuple[Example, float]]:
        """The verified examples whose question has one of these words, which are without plural endings; the
        nearest to this question first.
        """
        (of_shape,) = self.embedder.embed([masked(linked)])
        hits = [
            hit
            for word in words
            for hit in self.index.search("example", of_shape, MOST_EXAMPLES, holding=word)
            if word in {token.stem for token in tokens(hit.name)}
        ]
        return _examples(sorted(hits, key=lambda hit: -hit.score))

    def _near_terms(self, linked: Linked, hits: list[Hit]) -> list[tuple[Term, float]]:
        """Terms that the question names, then those near in meaning."""
        found = dict.fromkeys(self._named(linked), _NAMED)
        for hit in hits:
            if hit.name in self._terms and hit.score >= _TERM_NEAR:
                found.setdefault(hit.name, hit.score)
        return [(self._terms[name], score) for name, score in found.items()]

    def _named(self, linked: Linked) -> list[str]:
        """The terms named in the question, longer names first; a word belongs to one name only."""
        words = [token.stem for token in tokens(linked.text)]
        names: list[str] = []
        used: set[int] = set()
        for count in range(_LONGEST_NAME, 0, -1):
            for first in range(len(words) - count + 1):
                span = range(first, first + count)
                term = self._names.get(" ".join(words[first : first + count]))
                if term and not used.intersection(span):
                    used.update(span)
                    names.append(term.term)
        return names

    def _near_cards(
        self, linked: Linked, terms: list[tuple[Term, float]], hits: list[Hit]
    ) -> list[tuple[Card, float]]:
        """Tables of the question's values, then of its terms, then the likeliest ones."""
        scores = {hit.name: hit.score for hit in hits if hit.name in self._cards}
        named = [reading.table for slot in linked.slots for reading in slot.readings[:2]]
        named += [hit.table for hit in linked.hits]
        named += [table for term, score in terms if score == _NAMED for table in _tables(term)]
        ranked = self._ranking.order(linked.text, scores) if len(self._cards) > _FEW_CARDS else scores
        order = dict.fromkeys([*(name for name in named if name in self._cards), *ranked])
        return [(self._cards[name], scores.get(name, 0.0)) for name in list(order)[:MOST_CARDS]]


def shape_of(linker: Linker) -> Callable[[Example], str]:
    """The text by which examples and pairs are indexed: their question without its literals."""
    return lambda example: masked(linker.link(example.question))


def _tables(term: Term) -> list[str]:
    names = [term.table, *(name.partition(".")[0] for name in (term.column, term.date) if name)]
    return [name for name in names if name]


def _examples(hits: list[Hit]) -> list[tuple[Example, float]]:
    return [
        (Example(hit.name, **{k: v for k, v in hit.payload.items() if k != "name"}), hit.score)
        for hit in hits
    ]
