"""What may be written next: the grammar's masks and the scope of names, token by token."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from graph.constraint.columns import OutOfScopeError
from graph.constraint.scope import Scope

if TYPE_CHECKING:
    from llguidance import LLMatcher

    from graph.constraint.llama_grammar import LlamaGrammar, LlamaVocabulary
    from graph.constraint.vocabulary import Vocabulary

SlotTest = Callable[[str, str], bool]
"""Whether a slot may stand after a text."""

SLOT_CONTEXT = 64
"""Tokens that are looked back at for the column that a slot is compared with."""


class Matcher:
    """Follows one text. With llguidance a copy costs some microseconds, as does going back."""

    def __init__(
        self,
        vocabulary: "Vocabulary | LlamaVocabulary",
        grammar: "LLMatcher | LlamaGrammar",
        scope: Scope,
        fits: SlotTest | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._grammar = grammar
        self._fits = fits
        self._written: list[str] = []
        self._scopes = [scope]
        self._tried: tuple[int, Scope] | None = None

    def copy(self) -> "Matcher":
        made = Matcher(self._vocabulary, self._grammar.deep_copy(), self._scopes[0], self._fits)
        made._scopes, made._written = self._scopes.copy(), self._written.copy()
        return made

    def back(self, tokens: int) -> None:
        """Forget the last tokens."""
        if tokens:
            self._grammar.rollback(tokens)
            del self._scopes[-tokens:], self._written[-tokens:]
        self._tried = None

    def allows(self, token: int) -> bool:
        """Whether a text in the grammar and in scope goes on with this token; none ends with it here."""
        if self._grammar.validate_tokens([token]) != 1:
            return False
        return self._in_scope(token)

    def allows_end(self) -> bool:
        return self._grammar.is_accepting() and self._scopes[-1].is_complete()

    def is_over(self) -> bool:
        """Whether nothing but the end can follow."""
        return self._grammar.is_stopped()

    def take(self, token: int) -> None:
        """The token is written. It has to be allowed."""
        if (self._tried is None or self._tried[0] != token) and not self._in_scope(token):
            raise ValueError(f"token {token} is out of scope")
        assert self._tried is not None
        if not self._grammar.consume_token(token):
            raise ValueError(self._grammar.get_error())
        self._scopes.append(self._tried[1])
        self._written.append(self._vocabulary.text(token))
        self._tried = None

    def forced(self) -> list[int]:
        """Tokens that are the only way on, as the model's own tokenizer would cut them."""
        return list(self._grammar.compute_ff_tokens())

    def agrees(self, tokens: Sequence[int]) -> int:
        """How many of these may follow, by the grammar alone."""
        return self._grammar.validate_tokens(list(tokens))

    def mask(self) -> np.ndarray:
        """Which tokens the grammar allows; their names may still be out of scope."""
        words = np.frombuffer(self._grammar.compute_bitmask(), dtype=np.uint8)
        bits = np.unpackbits(words, bitorder="little")
        return bits[: self._vocabulary.size].astype(bool)

    def _fits_here(self, slot: str) -> bool:
        return self._fits is None or self._fits("".join(self._written[-SLOT_CONTEXT:]), slot)

    def _in_scope(self, token: int) -> bool:
        scope, text = self._scopes[-1].copy(), self._vocabulary.text(token)
        if text in self._vocabulary.special and not self._fits_here(text):
            return False
        try:
            scope.advance(text)
        except OutOfScopeError:
            return False
        self._tried = (token, scope)
        return True
