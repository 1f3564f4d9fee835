"""Rows as tokens: one after the other in flat tensors, from which a batch is taken without a loop."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import torch
from tokenizers import Tokenizer

from training.tokenizer import end_of
from training.word_pieces import WordPieces, WordPieceTokenizer

NONE = -1


class Encoded(NamedTuple):
    """Token ids, how many of them are the prompt, and what MiniLM is shown of it, if anything."""

    ids: list[int]
    prompt: int
    word_pieces: WordPieces = WordPieces()


def encode(tokenizer: Tokenizer, prompt: str, target: str, context: int) -> Encoded | None:
    """A row of prompt, SQL and end; None where it exceeds the context."""
    (made,) = encode_all(tokenizer, [(prompt, target)], context)
    return made


CHUNK = 10_000

_word_pieces = cache(WordPieceTokenizer)


def encode_all(tokenizer: Tokenizer, rows: Sequence[tuple[str, str]], context: int) -> list[Encoded | None]:
    """The same of many rows, (prompt, SQL) each."""
    word_pieces, end = _word_pieces(), end_of(tokenizer)
    made: list[Encoded | None] = []
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        heads = tokenizer.encode_batch([prompt for prompt, _ in part])
        tails = tokenizer.encode_batch([target for _, target in part])
        pieces = word_pieces.of(
            [(prompt, head.offsets) for (prompt, _), head in zip(part, heads, strict=True)]
        )
        for head, tail, told in zip(heads, tails, pieces, strict=True):
            ids = [*head.ids, *tail.ids, end]
            made.append(Encoded(ids, len(head.ids), told) if len(ids) <= context else None)
    return made


@dataclass(frozen=True)
class Texts:
    """What MiniLM is shown for a batch. `pieces` and `words` are (texts, longest): MiniLM's tokens, and the
    number of the word that each is of, from 1 on over all texts, 0 for none. `at` is (rows, longest): the
    number of the word that each token of a row is of, or 0. `count` is that of the words, and one.
    """

    pieces: torch.Tensor
    words: torch.Tensor
    at: torch.Tensor
    count: int

    def to(self, device: str) -> "Texts":
        return Texts(self.pieces.to(device), self.words.to(device), self.at.to(device), self.count)


@dataclass(frozen=True)
class Batch:
    """`ids` and `labels` are (rows, longest); labels are -100 outside of the SQL."""

    ids: torch.Tensor
    labels: torch.Tensor
    texts: Texts


@dataclass(frozen=True)
class Rows:
    """`ids` and `at` are all tokens and the word of each, -1 for none; `pieces` and `words` MiniLM's tokens
    and theirs. Row n is at `starts[n]` to `starts[n + 1]`, and in the pieces at `text_starts[n]` to
    `text_starts[n + 1]`;
    its first `prompts[n]` tokens are the prompt.
    """

    ids: torch.Tensor
    at: torch.Tensor
    starts: torch.Tensor
    prompts: torch.Tensor
    pieces: torch.Tensor
    words: torch.Tensor
    text_starts: torch.Tensor

    @classmethod
    def of(cls, encoded: Iterable[Encoded]) -> "Rows":
        rows = list(encoded)
        at = [[*row.word_pieces.at, *[NONE] * (len(row.ids) - len(row.word_pieces.at))] for row in rows]
        return cls(
            _flat([row.ids for row in rows], torch.int32),
            _flat(at, torch.int16),
            _starts(len(row.ids) for row in rows),
            torch.tensor([row.prompt for row in rows], dtype=torch.int32),
            _flat([row.word_pieces.pieces for row in rows], torch.int32),
            _flat([row.word_pieces.words for row in rows], torch.int16),
            _starts(len(row.word_pieces.pieces) for row in rows),
        )

    def __len__(self) -> int:
        return len(self.prompts)

    @property
    def lengths(self) -> list[int]:
        """Of all rows, in tokens."""
        found: list[int] = (self.starts[1:] - self.starts[:-1]).tolist()
        return found

    def to(self, device: str) -> "Rows":
        return replace(self, **{f.name: getattr(self, f.name).to(device) for f in fields(self)})

    def tokens(self, place: int) -> list[int]:
        """One row's."""
        found: list[int] = self.ids[self.starts[place] : self.starts[place + 1]].tolist()
        return found

    def targets(self, places: Sequence[int]) -> int:
        """How many tokens of SQL these rows have, the end included."""
        chosen = torch.tensor(places, device=self.ids.device)
        lengths = self.starts[chosen + 1] - self.starts[chosen]
        return int((lengths - self.prompts[chosen]).sum())

    def batch(self, places: Sequence[int], pad: int) -> Batch:
        """These rows, filled up with `pad`."""
        chosen = torch.tensor(places, device=self.ids.device)
        inside, where = _spread(self.starts, chosen)
        ids = torch.where(inside, self.ids[where].long(), pad)
        counted = torch.arange(ids.shape[1], device=ids.device)
        is_sql = inside & (counted >= self.prompts[chosen][:, None])
        at = torch.where(inside, self.at[where].long(), NONE)
        labels = torch.where(is_sql, ids, -100)
        return Batch(ids, labels, self.texts(chosen, at))

    def texts(self, chosen: torch.Tensor, at: torch.Tensor) -> Texts:
        """The texts of these rows; `at` is (rows, longest), the word of each token within its row, or -1."""
        inside, where = _spread(self.text_starts, chosen)
        if not where.numel():
            return Texts(where, where, torch.zeros_like(at), 1)
        pieces = torch.where(inside, self.pieces[where].long(), 0)
        words = torch.where(inside, self.words[where].long(), NONE)
        most = int(words.max()) + 1
        first = torch.arange(len(chosen), device=words.device)[:, None] * most + 1
        known = (at >= 0) & (at < most)
        return Texts(
            pieces,
            torch.where(words >= 0, words + first, 0),
            torch.where(known, at + first, 0),
            len(chosen) * most + 1,
        )


def _spread(starts: torch.Tensor, chosen: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(rows, longest): whether a place is inside of a row, and where it is in the flat tensor."""
    first, last = starts[chosen], starts[chosen + 1]
    longest = int((last - first).max()) if len(chosen) else 0
    where = first[:, None] + torch.arange(longest, device=starts.device)
    inside = where < last[:, None]
    return inside, torch.where(inside, where, first[:, None].clamp(max=max(0, int(starts[-1]) - 1)))


def _flat(rows: Sequence[Sequence[int]], kind: torch.dtype) -> torch.Tensor:
    return torch.tensor([token for row in rows for token in row], dtype=kind)


def _starts(lengths: Iterable[int]) -> torch.Tensor:
    return torch.tensor([0, *accumulate(lengths)], dtype=torch.int64)


def batches(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """Places of rows in random batches of like length, so that little is padded; length 0 is left out."""
    order = [n for n, length in enumerate(lengths) if length]
    rng.shuffle(order)
    window = size * 50
    made = []
    for start in range(0, len(order), window):
        part = sorted(order[start : start + window], key=lambda n: lengths[n])
        made += [part[at : at + size] for at in range(0, len(part), size)]
    rng.shuffle(made)
    return made
