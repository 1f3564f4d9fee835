"""What a model may write: one read-only SELECT with the names of one schema."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from graph.constraint.columns import Known, known
from graph.constraint.gbnf import gbnf
from graph.constraint.grammar import lark
from graph.constraint.llama_grammar import LlamaVocabulary
from graph.constraint.matcher import Matcher, SlotTest
from graph.constraint.names import Names, names_of
from graph.constraint.scope import OPENING, Scope
from graph.constraint.vocabulary import Vocabulary
from knowledge.schema import Schema

if TYPE_CHECKING:
    from llguidance import LLMatcher

    from graph.constraint.llama_grammar import LlamaGrammar

MOST_TABLES = 60
"""Of a schema with more tables, those near the question should be given: each costs time."""


@dataclass(frozen=True, eq=False)
class Constraint:
    """With `slots` it is a specialist's, which writes nothing but a query; else a chat model's, whose query
    may stand in a block of code, and which may write `refusal` and a reason instead.
    """

    names: Names
    slots: tuple[str, ...] = ()
    refusal: str = ""
    fits: SlotTest | None = None
    key: object = field(default_factory=object)

    def where(self, fits: SlotTest) -> "Constraint":
        """For one question: of the slots only those that it has, and each only where it fits."""
        return replace(self, fits=fits)

    def matcher(self, vocabulary: Vocabulary | LlamaVocabulary) -> Matcher:
        """At the beginning of a text. Raises VocabularyError."""
        grammar: LLMatcher | LlamaGrammar
        if isinstance(vocabulary, LlamaVocabulary):
            grammar = vocabulary.matcher(self.key, lambda: self.gbnf)
        else:
            grammar = vocabulary.matcher(self.key, lambda: self.grammar(vocabulary.special))
        return Matcher(vocabulary, grammar, Scope(self.known), self.fits)

    def grammar(self, special: frozenset[str] = frozenset()) -> str:
        """In llguidance's Lark; the slots in `special` are tokens of the model's vocabulary."""
        return lark(self.names, slots=self.slots, special=special, start=self._start)

    @cached_property
    def gbnf(self) -> str:
        """In llama.cpp's GBNF."""
        return gbnf(self.names, slots=self.slots, start=self._start)

    @property
    def _start(self) -> str:
        if self.slots:
            return "query"
        block = f'"{OPENING[:-1]}\\n" query o (";" o)? "```"'
        refusal = f' | "{self.refusal}" /[^\\n]{{0,300}}/' if self.refusal else ""
        return f'query (o ";")? | {block}{refusal}'

    @cached_property
    def known(self) -> Known:
        return known(self.names, bool(self.slots))


def constraint_for(
    schema: Schema, *, slots: Sequence[str] = (), refusal: str = "", tables: Iterable[str] = ()
) -> Constraint:
    """Of `tables`, or where none are given of all."""
    chosen = frozenset(tables)
    key = (schema.fingerprint, schema.dialect, tuple(slots), refusal, chosen)
    if key not in _made:
        while len(_made) >= _MOST_MADE:
            _made.pop(next(iter(_made)), None)
        _made[key] = Constraint(names_of(schema, chosen), tuple(slots), refusal)
    return _made[key]


_made: dict[tuple[object, ...], Constraint] = {}
_MOST_MADE = 64
