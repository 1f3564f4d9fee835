"""A constraint held against texts, byte by byte: no model is needed for that."""

import random
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from llguidance import LLTokenizer

from graph.constraint import Constraint
from graph.constraint.columns import OutOfScopeError
from graph.constraint.scope import Scope
from graph.constraint.vocabulary import Vocabulary


@lru_cache(maxsize=1)
def byte_vocabulary() -> Vocabulary:
    return Vocabulary(LLTokenizer("byte"))


def accepted(constraint: Constraint, text: str) -> str:
    """How far the text is allowed; all of it, and nothing after it, where it is a whole answer."""
    matcher = constraint.matcher(byte_vocabulary())
    done = bytearray()
    for byte in text.encode():
        if not matcher.allows(byte):
            return done.decode(errors="replace")
        matcher.take(byte)
        done.append(byte)
    return text if matcher.allows_end() else f"{text} ..."


def accepts(constraint: Constraint, text: str) -> bool:
    return accepted(constraint, text) == text


def babble(constraint: Constraint, seed: int, most: int = 300) -> tuple[str, bool | None]:
    """A random text that the constraint allows: what was written, and whether it came to an end (None: to a
    place from which there is none)."""
    draw = random.Random(seed)
    matcher = constraint.matcher(byte_vocabulary())
    done = bytearray()
    while len(done) < most:
        may_end = matcher.allows_end()
        if may_end and draw.random() < 0.3:
            return done.decode(errors="replace"), True
        allowed = [byte for byte in map(int, np.flatnonzero(matcher.mask()[:128])) if matcher.allows(byte)]
        if not allowed:
            return done.decode(errors="replace"), True if may_end else None
        byte = draw.choices(allowed, [_weight(chr(byte)) for byte in allowed])[0]
        matcher.take(byte)
        done.append(byte)
    return done.decode(errors="replace"), False


def _weight(sign: str) -> float:
    """Closing, spaces and FROM are favoured, so that texts come to an end."""
    return {"'": 6.0, ")": 6.0, " ": 4.0}.get(sign, 3.0 if sign in "FSG" else 1.0 if sign.isalnum() else 0.5)


def refused(constraint: Constraint, statements: Iterable[str], cut: int = 6) -> list[str]:
    """The statements that cannot be written; the scope sees them in pieces of `cut` characters."""
    vocabulary = byte_vocabulary()
    found = []
    for sql in dict.fromkeys(statements):
        matcher = vocabulary.matcher(constraint.key, constraint.grammar)
        scope = Scope(constraint.known)
        grammatical = matcher.consume_tokens(list(sql.encode())) and matcher.is_accepting()
        seen = sql.encode().decode("latin-1")
        try:
            for start in range(0, len(seen), cut):
                scope.advance(seen[start : start + cut])
        except OutOfScopeError:
            grammatical = False
        if not (grammatical and scope.is_complete()):
            found.append(sql)
    return found
