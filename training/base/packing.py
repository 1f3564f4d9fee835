"""Rows of one schema in one sequence: the schema once, and each row sees it and itself alone."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from graph.specialist import SCHEMA
from training.base.lessons import Lesson
from training.base.network import Named, joined, named
from training.tokenizer import with_pieces
from training.train import Encoded, encode

LONGEST = 192
"""Tokens of a row; longer ones are left out."""


@dataclass(frozen=True)
class Course:
    """A lesson in tokens. Ids from the number of shared tokens on are the schema's pieces, in their order."""

    pieces: Named
    count: int
    head: list[int]
    rows: list[Encoded]


def course(lesson: Lesson, tokenizer: Tokenizer) -> Course:
    """A lesson in the tokens of the base and of its own pieces."""
    shared = set(tokenizer.get_vocab())
    pieces = [piece for piece in lesson.pieces if piece.text not in shared]
    wider = with_pieces(tokenizer, [piece.text for piece in pieces])
    rows = [made for prompt, target in lesson.rows if (made := encode(wider, prompt, target, LONGEST))]
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
        order = list(range(len(course.rows)))
        rng.shuffle(order)
        while order:
            with_head = rng.random() < heads and len(course.head) < longest // 2
            room = longest - (len(course.head) if with_head else 0)
            taken: list[int] = []
            while order and (not taken or len(course.rows[order[-1]][0]) <= room):
                room -= len(course.rows[order[-1]][0])
                taken.append(order.pop())
            made.append(Shown(number, taken, with_head))
    rng.shuffle(made)
    return made


@dataclass(frozen=True)
class Batch:
    """`ids`, `labels` and `places` are (sequences, longest); `sees` is (sequences, 1, longest, longest), true
    where a token sees another. `known` is (sequences, tokens), true for the tokens of its own schema.
    """

    ids: torch.Tensor
    labels: torch.Tensor
    places: torch.Tensor
    sees: torch.Tensor
    known: torch.Tensor
    pieces: Named

    def to(self, device: str) -> "Batch":
        return Batch(
            self.ids.to(device),
            self.labels.to(device),
            self.places.to(device),
            self.sees.to(device),
            self.known.to(device),
            self.pieces.to(device),
        )


def batch(chosen: Sequence[Shown], courses: Sequence[Course], shared: int, pad: int) -> Batch:
    """Sequences as tensors; the pieces of their schemas come one after the other behind the shared tokens."""
    used = list(dict.fromkeys(s.course for s in chosen))
    shift, at = {}, 0
    for number in used:
        shift[number] = at
        at += courses[number].count
    parts = [_laid_out(s, courses[s.course], shift[s.course], shared) for s in chosen]
    longest = max(len(ids) for ids, *_ in parts)
    size = (len(parts), longest)
    ids, labels = torch.full(size, pad), torch.full(size, -100)
    places, rows = torch.zeros(size, dtype=torch.long), torch.full(size, -1)
    known = torch.zeros(len(parts), shared + at, dtype=torch.bool)
    known[:, :shared] = True
    for n, (tokens, wanted, place, row) in enumerate(parts):
        length = len(tokens)
        ids[n, :length], labels[n, :length] = torch.tensor(tokens), torch.tensor(wanted)
        places[n, :length], rows[n, :length] = torch.tensor(place), torch.tensor(row)
        start = shared + shift[chosen[n].course]
        known[n, start : start + courses[chosen[n].course].count] = True
    before = torch.ones(longest, longest, dtype=torch.bool).tril()
    own = rows[:, :, None] == rows[:, None, :]
    sees = before & (own | (rows[:, None, :] == 0))
    return Batch(ids, labels, places, sees[:, None], known, joined([courses[n].pieces for n in used]))


def _laid_out(
    sequence: Shown, course: Course, shift: int, shared: int
) -> tuple[list[int], list[int], list[int], list[int]]:
    """Ids, labels, places and the number of its row for each token; the head is row 0, and rows count on."""

    def moved(token: int) -> int:
        return token + shift if token >= shared else token

    head = [moved(token) for token in course.head] if sequence.with_head else []
    ids, labels = list(head), [-100] * len(head)
    places, rows = list(range(len(head))), [0] * len(head)
    for number, place in enumerate(sequence.rows, 1):
        tokens, prompt = course.rows[place]
        ids += [moved(token) for token in tokens]
        labels += [-100] * prompt + [moved(token) for token in tokens[prompt:]]
        places += range(len(head), len(head) + len(tokens))
        rows += [number] * len(tokens)
    return ids, labels, places, rows
