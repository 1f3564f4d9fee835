"""A prompt as a specialist with senses is given it: embeddings of its tokens, and the senses on top."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.models.gguf_file import GGUFFile
from graph.senses import Senses
from knowledge.errors import ModelError

EMBEDDINGS = "token_embd.weight"


class PromptEmbeddings:
    """Reads the embeddings out of the file, as llama.cpp does, and adds the senses."""

    def __init__(self, file: GGUFFile) -> None:
        try:
            self._senses = Senses.read(file.senses)
        except ValueError as error:
            raise ModelError(
                f"{file.path.name} is damaged in `quarry.senses`; train or copy it again."
            ) from error
        self._embeddings = _embeddings(file.path)

    def of(self, prompt: str, tokens: list[int], pieces: list[bytes]) -> NDArray[np.float32]:
        """(tokens, width); `pieces` are the bytes of the tokens, which make up the prompt."""
        senses = self._senses.of(prompt, _ends(prompt, pieces))
        made: NDArray[np.float32] = self._embeddings[tokens] + senses
        return made


def _ends(prompt: str, pieces: list[bytes]) -> list[int]:
    """The character behind each token; a token that ends within a character counts it."""
    bytes_at = np.cumsum([len(piece) for piece in pieces])
    characters = np.repeat(np.arange(1, len(prompt) + 1), [len(c.encode()) for c in prompt])
    return [int(characters[min(end, len(characters)) - 1]) for end in bytes_at]


def _embeddings(path: Path) -> NDArray[np.float32]:
    """(vocabulary, width), as 32-bit floats."""
    import gguf

    reader = gguf.GGUFReader(str(path))
    found = next((tensor for tensor in reader.tensors if tensor.name == EMBEDDINGS), None)
    if found is None:
        raise ModelError(f"{path.name} holds no {EMBEDDINGS}; choose another file.")
    flat = gguf.quants.dequantize(found.data, found.tensor_type)
    return np.asarray(flat, np.float32).reshape(*(int(side) for side in found.shape[::-1]))
