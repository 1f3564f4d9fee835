"""What MiniLM makes of each word of a question where it stands, for a specialist to read with the tokens.

A small model has seen little English; MiniLM has seen much. A specialist with senses is given, for each token
of the question, its embedding and on top of it the state of its word in MiniLM, mapped to its own width.
"""

import base64
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.specialist import ASK
from knowledge.minilm import forward

WIDTH, LAYERS = 384, 6
MOST_WORDS = 120
"""MiniLM reads 256 tokens; words further behind have no sense."""

_WORD = re.compile(r"<[vnd]\d[ab]?>|\w+|[^\w\s]")
_STANDS_FOR = {"v": "name", "n": "ten", "d": "year"}

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Word:
    """`start` and `end` are places in the prompt; `said` is what MiniLM reads: a plain word for a slot."""

    start: int
    end: int
    said: str


def words(prompt: str) -> list[Word]:
    """The words of the question that a specialist is asked, up to the first bar: that of its links, or of
    the mark behind the question, whose '<' is shown as well. What ships was taught so. An example or a turn
    before the question is read without MiniLM.

    >>> [word.said for word in words("<|ask|>revenue in <v1>?|<v1>co.name<|sql|>")]
    ['revenue', 'in', 'name', '?']
    """
    before, mark, asked = prompt.rpartition(ASK)
    start = len(before) + len(mark)
    found = _WORD.finditer(asked.partition("|")[0]) if mark else ()
    return [Word(start + m.start(), start + m.end(), _said(m.group())) for m in found][:MOST_WORDS]


def _said(word: str) -> str:
    return _STANDS_FOR[word[1]] if word[0] == "<" and len(word) > 1 else word


def word_at(found: Sequence[Word], ends: Sequence[int]) -> list[int]:
    """Of each token that ends at such a character, the number of the word that its end is in; -1 for none."""
    starts = [word.start for word in found]
    numbers = [bisect_right(starts, end - 1) - 1 for end in ends]
    return [
        number if number >= 0 and end - 1 < found[number].end else -1
        for number, end in zip(numbers, ends, strict=True)
    ]


class Senses:
    """How a specialist reads: `layers` weighs MiniLM's layers, `projection` is (its width, MiniLM's)."""

    def __init__(self, layers: Array, projection: Array) -> None:
        self.layers, self.projection = layers, projection

    @classmethod
    def read(cls, text: str) -> "Senses":
        """From a model file. Raises ValueError where the text is none of `written`."""
        layers, _, projection = text.partition(" ")
        weights = np.array([float(part) for part in layers.split(",")], np.float32)
        flat = np.frombuffer(base64.b64decode(projection, validate=True), np.float16).astype(np.float32)
        return cls(weights, flat.reshape(-1, WIDTH))

    @property
    def written(self) -> str:
        """For a model file: a few kilobytes more than half of the projection's bytes."""
        layers = ",".join(f"{weight:.6g}" for weight in self.layers)
        return f"{layers} {base64.b64encode(self.projection.astype('<f2').tobytes()).decode()}"

    def of(self, prompt: str, ends: Sequence[int]) -> Array:
        """(tokens, the specialist's width) for tokens of the prompt that end at these characters."""
        found = words(prompt)
        if not found:
            return np.zeros((len(ends), len(self.projection)), np.float32)
        states = np.tensordot(self.layers, forward().states([word.said for word in found]), 1)
        mapped = np.concatenate([states @ self.projection.T, np.zeros((1, len(self.projection)), np.float32)])
        placed: Array = mapped[word_at(found, ends)].astype(np.float32)
        return placed
