"""llama.cpp's own grammars in the process: they follow a text where llguidance cannot be had.

llama.cpp ends the process when it is given a token that its grammar does not allow: each is asked for first.
"""

import ctypes
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from graph.constraint.vocabulary import MOST_GRAMMARS, VocabularyError

LONGEST_PIECE = 1024
NOTHING = 256
_TOKEN_DATA = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


class LlamaVocabulary:
    """Of a llama_cpp.Llama. `special` names the slots that are tokens of their own."""

    def __init__(self, llama: Any, wanted: Iterable[str] = ()) -> None:
        self._llama = llama
        self.size = int(llama.n_vocab())
        self.pointer = llama._model.vocab
        self.text = lru_cache(maxsize=8192)(self._text)
        self.is_writable = lru_cache(maxsize=8192)(self._is_writable)
        alone = {name: llama.tokenize(name.encode(), add_bos=False, special=True) for name in wanted}
        self._slots = frozenset(ids[0] for ids in alone.values() if len(ids) == 1)
        self.special = frozenset(name for name, ids in alone.items() if len(ids) == 1)
        self._samplers: OrderedDict[Hashable, _Sampler] = OrderedDict()

    def matcher(self, key: Hashable, grammar: Callable[[], str]) -> "LlamaGrammar":
        """At the beginning of the GBNF, which is built once for a key. Raises VocabularyError."""
        if key not in self._samplers:
            self._samplers[key] = _Sampler.of(self.pointer, grammar())
            if len(self._samplers) > MOST_GRAMMARS:
                self._samplers.popitem(last=False)
        self._samplers.move_to_end(key)
        return LlamaGrammar(self, self._samplers[key])

    @cached_property
    def ends(self) -> np.ndarray:
        """The tokens that end a text."""
        import llama_cpp

        found = (t for t in range(self.size) if llama_cpp.llama_vocab_is_eog(self.pointer, t))
        return np.fromiter(found, dtype=np.int32)

    @cached_property
    def firsts(self) -> np.ndarray:
        """The first byte of each token, and NOTHING of those that cannot be written."""
        texts = (self._text(token) if self._is_writable(token) else "" for token in range(self.size))
        return np.fromiter((ord(text[0]) if text else NOTHING for text in texts), dtype=np.int32)

    @cached_property
    def alone(self) -> np.ndarray:
        """Tokens of a single byte."""
        likely = np.flatnonzero(self.firsts != NOTHING)
        return np.array([token for token in likely if len(self._text(int(token))) == 1], dtype=np.int32)

    def _is_writable(self, token: int) -> bool:
        """Marks of a chat's turns are no text, though llama.cpp would take them for their names."""
        import llama_cpp

        if llama_cpp.llama_vocab_is_eog(self.pointer, token):
            return False
        return token in self._slots or not llama_cpp.llama_vocab_is_control(self.pointer, token)

    def _text(self, token: int) -> str:
        """A token's bytes, one character each."""
        import llama_cpp

        buffer = (ctypes.c_char * LONGEST_PIECE)()
        length = llama_cpp.llama_token_to_piece(self.pointer, token, buffer, LONGEST_PIECE, 0, True)
        return buffer.raw[: max(0, length)].decode("latin-1")


class LlamaGrammar:
    """Follows one text. A copy, and one that went back, reads its tokens again when it is next asked."""

    def __init__(self, vocabulary: LlamaVocabulary, start: "_Sampler", tokens: Sequence[int] = ()) -> None:
        self._vocabulary = vocabulary
        self._start = start
        self._tokens = list(tokens)
        self._now: _Sampler | None = None
        self._checked: int | None = None

    def deep_copy(self) -> "LlamaGrammar":
        return LlamaGrammar(self._vocabulary, self._start, self._tokens)

    def rollback(self, tokens: int) -> None:
        del self._tokens[len(self._tokens) - tokens :]
        self._now = self._checked = None

    def validate_tokens(self, tokens: Sequence[int]) -> int:
        """All of them where the first may follow: it is the only one that is looked at."""
        return len(tokens) if tokens and self._allows(tokens[0]) else 0

    def consume_token(self, token: int) -> bool:
        if not self._allows(token):
            return False
        self._sampler.accept(token)
        self._tokens.append(token)
        self._checked = None
        return True

    def is_accepting(self) -> bool:
        ends = self._vocabulary.ends[:1]
        return len(ends) > 0 and bool(self._sampler.allowed(ends)[0])

    def is_stopped(self) -> bool:
        """Not known: the end is then the one token that may follow."""
        return False

    def compute_ff_tokens(self) -> list[int]:
        return []

    def compute_bitmask(self) -> bytes:
        """Of the tokens that begin with a byte that may follow: to try each of them whole takes seconds."""
        vocabulary = self._vocabulary
        begins = np.ones(NOTHING + 1, dtype=bool)
        begins[NOTHING] = False
        begins[vocabulary.firsts[vocabulary.alone]] = self._sampler.allowed(vocabulary.alone)
        allowed = begins[vocabulary.firsts]
        allowed[vocabulary.ends] = self.is_accepting()
        return np.packbits(allowed, bitorder="little").tobytes()

    def get_error(self) -> str:
        return "the grammar does not allow this token"

    def _allows(self, token: int) -> bool:
        if token != self._checked and self._vocabulary.is_writable(token):
            allowed = self._sampler.allowed(np.array([token], dtype=np.int32))
            self._checked = token if allowed[0] else None
        return token == self._checked

    @property
    def _sampler(self) -> "_Sampler":
        if self._now is None:
            self._now = self._start.copy()
            for token in self._tokens:
                self._now.accept(token)
        return self._now


class _Sampler:
    """A llama_sampler, freed with this object."""

    def __init__(self, pointer: Any) -> None:
        import llama_cpp

        self._pointer = pointer
        weakref.finalize(self, llama_cpp.llama_sampler_free, pointer)

    @classmethod
    def of(cls, vocabulary: Any, grammar: str) -> "_Sampler":
        import llama_cpp

        pointer = llama_cpp.llama_sampler_init_grammar(vocabulary, grammar.encode(), b"root")
        if not pointer:
            raise VocabularyError("llama.cpp cannot read the grammar")
        return cls(pointer)

    def copy(self) -> "_Sampler":
        import llama_cpp

        return _Sampler(llama_cpp.llama_sampler_clone(self._pointer))

    def accept(self, token: int) -> None:
        import llama_cpp

        llama_cpp.llama_sampler_accept(self._pointer, token)

    def allowed(self, tokens: np.ndarray) -> np.ndarray:
        """Which of these tokens may follow."""
        import llama_cpp

        data = np.zeros(len(tokens), dtype=_TOKEN_DATA)
        data["id"] = tokens
        array = llama_cpp.llama_token_data_array(
            data=data.ctypes.data_as(llama_cpp.llama_token_data_p),
            size=len(tokens),
            selected=-1,
            sorted=False,
        )
        llama_cpp.llama_sampler_apply(self._pointer, ctypes.byref(array))
        allowed: np.ndarray = np.isfinite(data["logit"])
        return allowed
