"""Rows of one schema in one sequence: the schema once, and each row sees it and itself alone."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from graph.specialist import SCHEMA
from training.base.lessons import Lesson
from training.base.network import Named, joined, named
from training.rows import Rows, Texts, encode_all
from training.tokenizer import with_pieces

LONGEST = 192
"""Tokens of a row; longer ones are left out."""


@dataclass(frozen=True)
class Course:
    """A lesson in tokens. Ids from the number of shared tokens on are the schema's pieces, in their order."""

    pieces: Named
    count: int
    head: list[int]
    rows: Rows


def course(lesson: Lesson, tokenizer: Tokenizer) -> Course:
    """A lesson in the tokens of the base and of its own pieces."""
    shared = set(tokenizer.get_vocab())
    pieces = [piece for piece in lesson.pieces if piece.text not in shared]
    wider = with_pieces(tokenizer, [piece.text for piece in pieces])
    rows = Rows.of(made for made in encode_all(wider, lesson.rows, LONGEST) if made is not None)
    return Course(named(pieces, tokenizer), len(pieces), wider.encode(SCHEMA + lesson.head).ids, rows)


@dataclass(frozen=True)
class Shown:
    """Rows of one course that are shown together, with its head or without."""

    course: int
    rows: list[int]
    with_head: bool


def sequences(courses: Sequence[Course], longest: int, heads: float, rng: random.Random) -> list[Shown]:
    """All rows once, in random sequences of at most `longest` tokens; a share `heads` has the schema."""
    made = []
    for number, course in enumerate(courses):
        lengths = course.rows.lengths
        order = list(range(len(lengths)))
        rng.shuffle(order)
        while order:
            with_head = rng.random() < heads and len(course.head) < longest // 2
            room = longest - (len(course.head) if with_head else 0)
            taken: list[int] = []
            while order and (not taken or lengths[order[-1]] <= room):
                room -= lengths[order[-1]]
                taken.append(order.pop())
            made.append(Shown(number, taken, with_head))
    rng.shuffle(made)
    return made


@dataclass(frozen=True)
class Batch:
    """`ids`, `labels`, `places` and `rows` are (sequences, longest); `rows` is 0 in the schema, counts the
    rows behind it, and is -1 in the padding. `known` is (sequences, tokens), true for the tokens of its own
    schema. `texts` are what MiniLM is shown, one for each row.
    """

    ids: torch.Tensor
    labels: torch.Tensor
    places: torch.Tensor
    rows: torch.Tensor
    known: torch.Tensor
    texts: Texts
    pieces: Named

    @property
    def sees(self) -> torch.Tensor:
        """(sequences, 1, longest, longest), true where a token sees another."""
        longest = self.ids.shape[1]
        before = torch.ones(longest, longest, dtype=torch.bool, device=self.ids.device).tril()
        own = self.rows[:, :, None] == self.rows[:, None, :]
        return (before & (own | (self.rows[:, None, :] == 0)))[:, None]

    def to(self, device: str) -> "Batch":
        return Batch(
            self.ids.to(device),
            self.labels.to(device),
            self.places.to(device),
            self.rows.to(device),
            self.known.to(device),
            self.texts.to(device),
            self.pieces.to(device),
        )


def batch(chosen: Sequence[Shown], courses: Sequence[Course], shared: int, pad: int) -> Batch:
    """Sequences as tensors; the pieces of their schemas come one after the other behind the shared tokens."""
    used = list(dict.fromkeys(s.course for s in chosen))
    shift, at = {}, 0
    for number in used:
        shift[number] = at
        at += courses[number].count
    collected = _Collected()
    parts = [_laid_out(s, courses[s.course], shift[s.course], shared, collected) for s in chosen]
    ids, labels, places, rows, words = (
        _padded([part[n] for part in parts], empty) for n, empty in enumerate((pad, -100, 0, -1, 0))
    )
    known = torch.zeros(len(parts), shared + at, dtype=torch.bool)
    known[:, :shared] = True
    for n, one in enumerate(chosen):
        start = shared + shift[one.course]
        known[n, start : start + courses[one.course].count] = True
    pieces = joined([courses[n].pieces for n in used])
    return Batch(ids, labels, places, rows, known, collected.texts(words), pieces)


Numbers = npt.NDArray[np.int64]


class _Collected:
    """Collects what MiniLM is shown, and numbers the words from 1 on."""

    def __init__(self) -> None:
        self.count = 1
        self._pieces: list[Numbers] = []
        self._words: list[Numbers] = []

    def add(self, rows: Rows, place: int) -> Numbers:
        """The words of one row's tokens, by their numbers here."""
        part = slice(int(rows.text_starts[place]), int(rows.text_starts[place + 1]))
        words = rows.words[part].numpy().astype(np.int64)
        self._pieces.append(rows.pieces[part].numpy().astype(np.int64))
        self._words.append(np.where(words >= 0, words + self.count, 0))
        at = rows.at[int(rows.starts[place]) : int(rows.starts[place + 1])].numpy().astype(np.int64)
        count = int(words.max(initial=-1)) + 1
        numbered = np.where((at >= 0) & (at < count), at + self.count, 0)
        self.count += count
        return numbered

    def texts(self, at: torch.Tensor) -> Texts:
        return Texts(_padded(self._pieces, 0), _padded(self._words, 0), at, self.count)


def _padded(parts: Sequence[Numbers], empty: int) -> torch.Tensor:
    whole = np.full((len(parts), max(map(len, parts), default=0)), empty)
    for n, values in enumerate(parts):
        whole[n, : len(values)] = values
    return torch.from_numpy(whole)


def _laid_out(
    sequence: Shown, course: Course, shift: int, shared: int, collected: _Collected
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Ids, labels, places, the number of its row and of its word for each token; the head is row 0."""
    head = np.asarray(course.head if sequence.with_head else [], np.int64)
    starts = course.rows.starts
    shown = [
        course.rows.ids[int(starts[n]) : int(starts[n + 1])].numpy().astype(np.int64) for n in sequence.rows
    ]
    lengths = np.array([len(head), *map(len, shown)])
    ids = np.concatenate([head, *shown])
    ids[ids >= shared] += shift
    rows = np.repeat(np.arange(len(lengths)), lengths)
    places = np.arange(len(ids)) - (np.cumsum(lengths) - lengths)[rows]
    prompts = np.array([len(head), *(int(course.rows.prompts[n]) for n in sequence.rows)])
    labels = np.where(places < prompts[rows], -100, ids)
    words = np.concatenate([np.zeros_like(head), *(collected.add(course.rows, n) for n in sequence.rows)])
    return ids, labels, places + np.where(rows > 0, len(head), 0), rows, words
