"""The glossary's words in a question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.checks.remembered import remembered
from knowledge.glossary import Term

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_LONGEST = 10


@dataclass(frozen=True)
class Named:
    """The terms that words of a question may mean; `start` and `end` are the place of the words."""

    terms: tuple[Term, ...]
    start: int
    end: int

    @property
    def term(self) -> Term | None:
        """What the words mean, where they mean one thing."""
        return self.terms[0] if len(self.terms) == 1 else None


class Vocabulary:
    """The names of all terms, to be looked up word by word."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._meanings: dict[str, tuple[Term, ...]] = {}
        for term in terms:
            for name in (*term.names, *term.asks):
                key = " ".join(word.group(0) for word in _WORD.finditer(name.lower()))
                known = self._meanings.get(key, ())
                if key and all(term is not other for other in known):
                    self._meanings[key] = (*known, term)

    def named(self, question: str) -> list[Named]:
        """The names in a question, in their order; longer ones win."""
        text = question.lower()
        words = list(_WORD.finditer(text))
        found: list[Named] = []
        place = 0
        while place < len(words):
            for count in range(min(_LONGEST, len(words) - place), 0, -1):
                span = words[place : place + count]
                meant = self._meaning(" ".join(word.group(0) for word in span))
                if meant:
                    found.append(Named(meant, span[0].start(), span[-1].end()))
                    place += count - 1
                    break
            place += 1
        return found

    def _meaning(self, name: str) -> tuple[Term, ...]:
        """The terms of a name; what may be the plural of another name is that too."""
        meant, other = self._meanings.get(name, ()), self._meanings.get(name.removesuffix("s"), ())
        return (*meant, *(term for term in other if all(term is not known for known in meant)))


def named_terms(question: str, terms: Sequence[Term]) -> list[Named]:
    """The names of the glossary in a question."""
    return _vocabulary(terms).named(question)


@remembered
def _vocabulary(terms: Sequence[Term]) -> Vocabulary:
    return Vocabulary(terms)
