"""The base's network: a decoder whose tokens for a schema's pieces are made of the words that name them."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import LlamaForCausalLM

from training.pieces import KINDS, Piece
from training.senses import Senses


class Namer(torch.nn.Module):
    """Embeddings of pieces: the means of their own words and of their table's, each mapped, and a kind."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.own = torch.nn.Linear(width, width, bias=False)
        self.of = torch.nn.Linear(width, width, bias=False)
        self.kind = torch.nn.Embedding(len(KINDS), width)
        with torch.no_grad():
            self.own.weight.copy_(torch.eye(width))
            self.of.weight.copy_(torch.eye(width) * 0.5)
            self.kind.weight.normal_(std=0.005)

    def forward(self, table: torch.Tensor, named: "Named") -> torch.Tensor:
        """(pieces, width) from `table`, the embeddings of the shared tokens, (tokens, width)."""
        own = functional.embedding_bag(named.own, table, named.own_at, mode="mean")
        of = functional.embedding_bag(named.of, table, named.of_at, mode="mean")
        made: torch.Tensor = self.own(own) + self.of(of) + self.kind(named.kinds)
        return made


@dataclass(frozen=True)
class Named:
    """Pieces as token ids: all own words in one row and where each piece's begin; the tables' so too."""

    own: torch.Tensor
    own_at: torch.Tensor
    of: torch.Tensor
    of_at: torch.Tensor
    kinds: torch.Tensor

    def to(self, device: str) -> "Named":
        return Named(*(t.to(device) for t in (self.own, self.own_at, self.of, self.of_at, self.kinds)))


def named(pieces: Sequence[Piece], tokenizer: Tokenizer) -> Named:
    """The words of pieces in the tokens of the base."""
    own = [_words(piece.own, tokenizer) for piece in pieces]
    of = [_words(piece.of, tokenizer) for piece in pieces]
    kinds = torch.tensor([KINDS.index(piece.kind) for piece in pieces])
    return Named(*_flat(own), *_flat(of), kinds)


def joined(parts: Sequence[Named]) -> Named:
    """Several schemas' pieces, one after the other."""
    own_at, of_at, own_from, of_from = [], [], 0, 0
    for part in parts:
        own_at.append(part.own_at + own_from)
        of_at.append(part.of_at + of_from)
        own_from += len(part.own)
        of_from += len(part.of)
    own, of = torch.cat([p.own for p in parts]), torch.cat([p.of for p in parts])
    return Named(own, torch.cat(own_at), of, torch.cat(of_at), torch.cat([p.kinds for p in parts]))


def _words(text: str, tokenizer: Tokenizer) -> list[int]:
    return list(tokenizer.encode(" " + text.lower().replace("_", " ")).ids) or [0]


def _flat(rows: Sequence[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    starts, at = [], 0
    for row in rows:
        starts.append(at)
        at += len(row)
    return torch.tensor([token for row in rows for token in row]), torch.tensor(starts)


class Base(torch.nn.Module):
    """The decoder over the shared tokens, the namer of all others, and the senses of a question's words."""

    def __init__(self, network: LlamaForCausalLM) -> None:
        super().__init__()
        self.network = network
        self.namer = Namer(network.config.hidden_size)
        self.senses = Senses(network.config.hidden_size)

    def table(self, pieces: Named) -> torch.Tensor:
        """(shared tokens + pieces, width): the embeddings of all tokens that a schema's rows hold."""
        shared = self.network.model.embed_tokens.weight
        return torch.cat([shared, self.namer(shared, pieces).to(shared.dtype)])
