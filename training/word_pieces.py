"""What MiniLM is shown of a prompt, in its own tokens, and which word each token of ours is of."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tokenizers import Tokenizer

from graph.senses import word_at, words
from knowledge.weights import weights_folder

LONGEST = 256  # tokens that MiniLM reads


class WordPieces(NamedTuple):
    """MiniLM's tokens, the word of each (-1 for its own marks), and the word of each token of the prompt."""

    pieces: Sequence[int] = ()
    words: Sequence[int] = ()
    at: Sequence[int] = ()


class WordPieceTokenizer:
    """MiniLM's tokenizer."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(weights_folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)

    def of(self, prompts: Iterable[tuple[str, Sequence[tuple[int, int]]]]) -> list[WordPieces]:
        """Of prompts, each with where its tokens begin and end."""
        asked = [(words(prompt), offsets) for prompt, offsets in prompts]
        read = self._tokenizer.encode_batch(
            [[word.said for word in found] for found, _ in asked], is_pretokenized=True
        )
        return [
            WordPieces(
                made.ids,
                [-1 if word is None else word for word in made.word_ids],
                word_at(found, [end for _, end in offsets]),
            )
            if found
            else WordPieces(at=[-1] * len(offsets))
            for (found, offsets), made in zip(asked, read, strict=True)
        ]
