"""Texts as vectors. The default is MiniLM, whose weights come with a package: nothing is downloaded."""

import os
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.minilm import forward
from knowledge.weights import weights_folder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_DIMENSIONS = 384
_FEW = 32
_MOST_THREADS = 4


class Embedder(Protocol):
    """`id` names the weights: vectors of embedders with different ids cannot be compared."""

    @property
    def id(self) -> str: ...

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        """One row a text, of length 1."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2, offline.

    Many texts go through sentence-transformers, which is loaded for them; the few texts of a question through
    a forward pass of our own, which is there at once and gives the same vectors.
    """

    id = "all-MiniLM-L6-v2"

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Begin to load, in the background, what a question needs."""
        threading.Thread(target=self.embed, args=(["ready"],), name="embedder", daemon=True).start()

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, _DIMENSIONS), dtype=np.float32)
        if len(texts) <= _FEW:
            with self._lock:
                few = forward()
            return few.embed(texts)
        with self._lock:
            model = self._model
        vectors = model.encode(
            texts, batch_size=64, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # threads that spin take a busy machine's time
        folder = weights_folder()
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        torch.set_num_threads(min(_MOST_THREADS, torch.get_num_threads()))
        disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
