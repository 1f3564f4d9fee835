"""Senses in a training: MiniLM, which stays as it is, and the map from its states that is learnt."""

from functools import cache
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn import functional

from graph import senses
from graph.senses import LAYERS, WIDTH
from knowledge.weights import weights_folder
from training.rows import Texts

SPREAD = 0.001


@cache
def _minilm(device: str) -> Any:
    from transformers import BertConfig, BertModel

    folder = weights_folder()
    model: Any = BertModel(BertConfig.from_pretrained(folder), add_pooling_layer=False)
    model.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    model.train(False)
    return model.requires_grad_(False).to(device)


class Senses(torch.nn.Module):
    """What is added to the embeddings of a question's tokens. It has no part of MiniLM's own weights."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = torch.nn.Parameter(torch.zeros(LAYERS))
        self.projection = torch.nn.Linear(WIDTH, width, bias=False)
        with torch.no_grad():
            self.projection.weight.normal_(std=SPREAD)

    def forward(self, texts: Texts) -> torch.Tensor:
        """(rows, longest, width)."""
        states = self._states(texts)
        mixed = (self.layers.softmax(0)[:, None, None] * states).sum(0)
        mapped = self.projection(mixed)
        return functional.embedding(texts.at, mapped)

    @torch.no_grad()
    def _states(self, texts: Texts) -> torch.Tensor:
        """(layers, words, WIDTH), each word's the mean of its pieces'; number 0 is none's."""
        states = torch.zeros(LAYERS, texts.count, WIDTH, device=texts.at.device)
        if not texts.pieces.numel():
            return states
        read = _minilm(str(texts.at.device))(
            input_ids=texts.pieces, attention_mask=_mask(texts), output_hidden_states=True
        )
        words = texts.words.flatten()
        for layer, state in enumerate(read.hidden_states[1:]):
            plain = functional.layer_norm(state.float(), (WIDTH,)).flatten(0, 1)
            states[layer].index_add_(0, words, plain)
        counts = torch.bincount(words, minlength=texts.count).clamp(min=1)
        states /= counts[:, None]
        states[:, 0] = 0
        return states

    @property
    def plain(self) -> senses.Senses:
        """As a model file keeps them."""
        layers = self.layers.detach().softmax(0).cpu().numpy().astype(np.float32)
        return senses.Senses(layers, self.projection.weight.detach().float().cpu().numpy())

    @classmethod
    def of(cls, plain: senses.Senses) -> "Senses":
        """From a model file."""
        made = cls(len(plain.projection))
        with torch.no_grad():
            made.layers.copy_(torch.from_numpy(plain.layers).clamp(min=1e-6).log())
            made.projection.weight.copy_(torch.from_numpy(plain.projection.copy()))
        return made


def _mask(texts: Texts) -> torch.Tensor:
    """Padding is MiniLM's token 0, which no text holds."""
    return (texts.pieces != 0).long()
