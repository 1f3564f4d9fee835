"""Tokens through llama.cpp, with the key-value cache of what was read before."""

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import ModelError


class Evaluation:
    """`tokens` are those in the cache; `logits` belong to the tokens that the last call evaluated."""

    def __init__(self, llama: Any, name: str) -> None:
        self._llama = llama
        self._name = name
        self.tokens: list[int] = []
        self._embeddings: NDArray[np.float32] | None = None

    def read(self, tokens: Sequence[int], embeddings: NDArray[np.float32] | None = None) -> int:
        """Hold exactly these tokens, the last one evaluated for its logits; how many were there already.

        `embeddings` is (tokens, width): what the model is given in place of the tokens' own embeddings.
        """
        kept = 0
        for ours, theirs in zip(tokens[:-1], self.tokens, strict=False):
            if ours != theirs or not _is_same(embeddings, self._embeddings, kept):
                break
            kept += 1
        kept = self.keep(kept)
        if embeddings is None:
            self._run(tokens[kept:], every=False)
        else:
            self._run_embeddings(tokens[kept:], embeddings[kept:])
        self._embeddings = embeddings
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

        def decode(start: int) -> None:
            part = tokens[start : start + llama.n_batch]
            llama._batch.set_batch(batch=part, n_past=llama.n_tokens, logits_all=every)
            llama._ctx.decode(llama._batch)

        self._decoded(tokens, decode)

    def _run_embeddings(self, tokens: Sequence[int], embeddings: NDArray[np.float32]) -> None:
        import llama_cpp

        llama = self._llama

        def decode(start: int) -> None:
            part = np.ascontiguousarray(embeddings[start : start + llama.n_batch], dtype=np.float32)
            batch = llama_cpp.llama_batch_init(*part.shape, 1)
            try:
                batch.n_tokens = len(part)
                ctypes.memmove(batch.embd, part.ctypes.data, part.nbytes)
                for place in range(len(part)):
                    batch.pos[place] = llama.n_tokens + place
                    batch.n_seq_id[place] = 1
                    batch.seq_id[place][0] = 0
                    batch.logits[place] = place == len(part) - 1
                code = llama_cpp.llama_decode(llama._ctx.ctx, batch)
            finally:
                llama_cpp.llama_batch_free(batch)
            if code != 0:
                raise RuntimeError(f"llama_decode returned {code}")

        self._decoded(tokens, decode)

    def _decoded(self, tokens: Sequence[int], decode: Callable[[int], None]) -> None:
        """Call `decode` with the beginning of each part, and keep account."""
        llama = self._llama
        try:
            llama._ctx.kv_cache_seq_rm(-1, llama.n_tokens, -1)
            for start in range(0, len(tokens), llama.n_batch):
                part = tokens[start : start + llama.n_batch]
                decode(start)
                llama.input_ids[llama.n_tokens : llama.n_tokens + len(part)] = part
                llama.n_tokens += len(part)
        except RuntimeError as error:
            self.tokens = []
            llama.n_tokens = 0
            raise ModelError(
                f"{self._name} failed while decoding ({error}); lower `context` or try again."
            ) from error
        self.tokens += tokens


def _is_same(one: NDArray[np.float32] | None, other: NDArray[np.float32] | None, place: int) -> bool:
    """Whether a token had this embedding in the prompt before; what the model wrote is behind those."""
    if one is None and other is None:
        return True
    if one is None or other is None or place >= len(other):
        return False
    return np.array_equal(one[place], other[place])
