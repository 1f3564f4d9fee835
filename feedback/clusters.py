"""Questions that mean nearly the same, put together: what people miss."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.stats import Often

NEAR = 0.6
NEAR_IN_WORDS = 0.5
_FREE = """
the what which who how many much was were are did does has have had our their for from with and per that this
show give list tell all each can
"""
_EMPTY = frozenset(_FREE.split())
Embed = Callable[[list[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class Cluster:
    """`question` is asked most of all in it; `times` counts all of `questions`."""

    question: str
    times: int
    questions: tuple[str, ...]


def clusters(asked: Sequence[Often], embed: Embed, near_from: float = NEAR) -> list[Cluster]:
    """Each question joins the first cluster whose leading question is near; the biggest come first.

    `near_from` is the cosine similarity from which on two are near.
    """
    if not asked:
        return []
    vectors = embed([one.question for one in asked])
    leaders: list[int] = []
    members: dict[int, list[int]] = {}
    for n in range(len(asked)):
        near = next((leader for leader in leaders if float(vectors[leader] @ vectors[n]) >= near_from), None)
        if near is None:
            leaders.append(n)
        members.setdefault(n if near is None else near, []).append(n)
    made = [
        Cluster(asked[leader].question, sum(asked[n].times for n in of), tuple(asked[n].question for n in of))
        for leader, of in members.items()
    ]
    return sorted(made, key=lambda cluster: -cluster.times)


def by_words(asked: Sequence[Often]) -> list[Cluster]:
    """By the words that they share, the rare ones counting most; no embedder has to be opened."""
    return clusters(asked, _word_vectors, NEAR_IN_WORDS)


def _word_vectors(texts: list[str]) -> NDArray[np.float32]:
    """TF-IDF within `texts`, of length 1."""
    words = [set(re.findall(r"\w{3,}", text.lower())) - _EMPTY for text in texts]
    found = Counter(word for of in words for word in of)
    places = {word: n for n, word in enumerate(found)}
    vectors = np.zeros((len(texts), max(1, len(places))), dtype=np.float32)
    for row, of in enumerate(words):
        for word in of:
            vectors[row, places[word]] = np.log((1 + len(texts)) / found[word])
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(lengths > 0, lengths, 1)
    return vectors
