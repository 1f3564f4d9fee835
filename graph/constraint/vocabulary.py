"""A model's tokens as llguidance knows them: read once (half a second for 152,000), then shared."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llguidance import LLMatcher, LLTokenizer

MOST_GRAMMARS = 8


class VocabularyError(Exception):
    """llguidance cannot read this vocabulary, or not use a grammar with it."""


class Vocabulary:
    """`special` names the tokens that stand for themselves alone: a grammar can ask for them by name."""

    def __init__(self, tokenizer: "LLTokenizer", special: Iterable[str] = ()) -> None:
        self.tokenizer = tokenizer
        self.size = tokenizer.vocab_size
        self.special = frozenset(special)
        self.text = lru_cache(maxsize=8192)(self._text)
        self._grammars: OrderedDict[Hashable, LLMatcher] = OrderedDict()

    def matcher(self, key: Hashable, grammar: Callable[[], str]) -> "LLMatcher":
        """At the beginning of the grammar, which is built once for a key. Raises VocabularyError."""
        from llguidance import LLMatcher

        if key not in self._grammars:
            made = LLMatcher(self.tokenizer, LLMatcher.grammar_from_lark(grammar()), log_level=0)
            if made.is_error():
                raise VocabularyError(made.get_error().splitlines()[0])
            self._grammars[key] = made
            if len(self._grammars) > MOST_GRAMMARS:
                self._grammars.popitem(last=False)
        self._grammars.move_to_end(key)
        return self._grammars[key].deep_copy()

    def _text(self, token: int) -> str:
        """A token's bytes, one character each."""
        return self.tokenizer.decode_bytes([token]).removeprefix(b"\xff").decode("latin-1")


def vocabulary_of(llama: Any, wanted: Iterable[str] = ()) -> Vocabulary:
    """Of a llama_cpp.Llama; `wanted` names the tokens that a grammar may ask for. Raises VocabularyError."""
    try:
        from llguidance.llamacpp import lltokenizer_from_vocab
    except ImportError as error:
        raise VocabularyError("llguidance is not installed") from error
    vocabulary = llama._model.vocab
    try:
        tokenizer = lltokenizer_from_vocab(vocabulary, eos_token=_ends(llama))
    except (ValueError, RuntimeError, OverflowError) as error:
        raise VocabularyError(str(error).splitlines()[0]) from error
    found = {name: llama.tokenize(name.encode(), add_bos=False, special=True) for name in wanted}
    alone = (name for name, ids in found.items() if len(ids) == 1 and tokenizer.is_special_token(ids[0]))
    return Vocabulary(tokenizer, alone)


def _ends(llama: Any) -> list[int]:
    """Every token that ends a generation, the model's own first."""
    import llama_cpp

    vocabulary = llama._model.vocab
    own = llama_cpp.llama_vocab_eos(vocabulary)
    every = (token for token in range(llama.n_vocab()) if llama_cpp.llama_vocab_is_eog(vocabulary, token))
    return list(dict.fromkeys(token for token in (own, *every) if token >= 0))
