"""MiniLM's forward pass in numpy, for the few texts of a question.

It gives the vectors of sentence-transformers, to which a test holds it, but is ready in a third of a second,
where importing sentence-transformers alone takes five to seven.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.weights import weights_folder

Array = NDArray[np.float32]


@cache
def forward() -> "Forward":
    """The one that a process needs. Raises IndexingError where the weights are not installed."""
    return Forward(weights_folder())


class Forward:
    """A BERT encoder with mean pooling. The tokens of all texts go through each layer together, so that its
    weights are read once; only attention keeps the texts apart."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        pooling = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
        self._layers: int = config["num_hidden_layers"]
        self._heads: int = config["num_attention_heads"]
        self._epsilon = np.float32(config["layer_norm_eps"])
        self._weights: dict[str, Array] = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(pooling["max_seq_length"])
        self._threads = ThreadpoolController()

    def embed(self, texts: list[str]) -> Array:
        """One row a text, of length 1. More threads than one would wait for each other at this size."""
        with self._threads.limit(limits=1, user_api="blas"):
            return self._embed([encoding.ids for encoding in self._tokenizer.encode_batch(texts)])

    def states(self, words: list[str]) -> Array:
        """(layers, words, width): the state of each word of one text after each layer, brought to mean 0 and
        spread 1, the mean of its pieces'; 0 for a word beyond the text's greatest length.
        """
        read = self._tokenizer.encode(words, is_pretokenized=True)
        means = np.zeros((len(words), len(read.ids)), dtype=np.float32)
        for piece, word in enumerate(read.word_ids):
            if word is not None:
                means[word, piece] = 1
        means /= np.maximum(means.sum(axis=1, keepdims=True), 1)
        with self._threads.limit(limits=1, user_api="blas"):
            return np.stack([means @ _standard(state) for state in self._passed([read.ids])])

    def _embed(self, texts: list[list[int]]) -> Array:
        *_, state = self._passed(texts)
        means = np.stack([state[span].mean(axis=0) for span in _spans(texts)])
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        vectors: Array = means / np.maximum(lengths, np.float32(1e-12))
        return vectors

    def _passed(self, texts: list[list[int]]) -> Iterator[Array]:
        """The states of all tokens after each layer."""
        spans = _spans(texts)
        places = np.concatenate([np.arange(len(ids)) for ids in texts])
        state = self._weights["embeddings.word_embeddings.weight"][np.concatenate(texts)]
        state = state + self._weights["embeddings.position_embeddings.weight"][places]
        state = state + self._weights["embeddings.token_type_embeddings.weight"][0]
        state = self._norm(state, "embeddings.LayerNorm")
        for layer in range(self._layers):
            state = self._layer(state, spans, f"encoder.layer.{layer}.")
            yield state

    def _layer(self, state: Array, spans: list[slice], name: str) -> Array:
        query, key, value = (
            self._linear(state, f"{name}attention.self.{part}") for part in ("query", "key", "value")
        )
        seen = np.concatenate([self._attend(query[span], key[span], value[span]) for span in spans])
        seen = self._linear(seen, f"{name}attention.output.dense")
        state = self._norm(state + seen, f"{name}attention.output.LayerNorm")
        inner = _gelu(self._linear(state, f"{name}intermediate.dense"))
        return self._norm(state + self._linear(inner, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _attend(self, query: Array, key: Array, value: Array) -> Array:
        """All heads of one text; arrays are (tokens, width)."""
        shape = (len(query), self._heads, -1)
        q, k, v = (part.reshape(shape).transpose(1, 0, 2) for part in (query, key, value))
        scores = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(q.shape[-1]))
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        seen: Array = (shares @ v).transpose(1, 0, 2).reshape(query.shape)
        return seen

    def _linear(self, state: Array, name: str) -> Array:
        return state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, state: Array, name: str) -> Array:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + self._epsilon)
        scaled: Array = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return scaled


def _spans(texts: list[list[int]]) -> list[slice]:
    ends = np.cumsum([len(ids) for ids in texts]).tolist()
    return [slice(end - len(ids), end) for ids, end in zip(texts, ends, strict=True)]


def _standard(state: Array) -> Array:
    centred = state - state.mean(axis=-1, keepdims=True)
    spread: Array = centred / np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + np.float32(1e-5))
    return spread


def _gelu(x: Array) -> Array:
    """x times the normal distribution function of x; erf by Abramowitz and Stegun, 7.1.26."""
    z = np.abs(x) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * t
    half: Array = x * np.float32(0.5) * (1 + np.copysign(1 - series * np.exp(-z * z), x))
    return half
