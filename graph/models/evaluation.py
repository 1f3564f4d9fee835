"""Tokens through llama.cpp, with the key-value cache of what was read before."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.errors import ModelError


class Evaluation:
    """`tokens` are those in the cache; `logits` belong to the tokens that the last call evaluated."""

    def __init__(self, llama: Any, name: str) -> None:
        self._llama = llama
        self._name = name
        self.tokens: list[int] = []

    def read(self, tokens: Sequence[int]) -> int:
        """Hold exactly these tokens, the last one evaluated for its logits; how many were there already."""
        kept = 0
        for ours, theirs in zip(tokens[:-1], self.tokens, strict=False):
            if ours != theirs:
                break
            kept += 1
        kept = self.keep(kept)
        self._run(tokens[kept:], every=False)
        return kept

    def keep(self, count: int) -> int:
        """Forget all but the first tokens; all of them where the architecture cannot forget a part."""
        if count < len(self.tokens) and (self._llama._is_recurrent or self._llama._is_hybrid):
            count = 0
            self._llama.reset()
        self._llama.n_tokens = count
        self.tokens = self.tokens[:count]
        return count

    @property
    def can_forget(self) -> bool:
        return not (self._llama._is_recurrent or self._llama._is_hybrid)

    def go_on(self, tokens: Sequence[int]) -> None:
        """Evaluate these after the others, with the logits after each."""
        self._run(tokens, every=True)

    def logits(self, place: int = -1) -> np.ndarray:
        """After the token at `place` of the last call, as 32-bit floats; valid until the next call."""
        pointer = self._llama._ctx.get_logits_ith(place)
        return np.ctypeslib.as_array(pointer, shape=(self._llama.n_vocab(),))

    def _run(self, tokens: Sequence[int], every: bool) -> None:
        llama = self._llama
        try:
            llama._ctx.kv_cache_seq_rm(-1, llama.n_tokens, -1)
            for start in range(0, len(tokens), llama.n_batch):
                part = tokens[start : start + llama.n_batch]
                llama._batch.set_batch(batch=part, n_past=llama.n_tokens, logits_all=every)
                llama._ctx.decode(llama._batch)
                llama.input_ids[llama.n_tokens : llama.n_tokens + len(part)] = part
                llama.n_tokens += len(part)
        except RuntimeError as error:
            self.tokens = []
            llama.n_tokens = 0
            raise ModelError(
                f"{self._name} failed while decoding ({error}); lower `context` or try again."
            ) from error
        self.tokens += tokens
