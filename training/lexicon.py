"""How English speaks of figures: 'the longest river', 'how long is the Rhine', for a column named length."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Manner:
    """Superlatives of the most and of the least, questions for one row's figure ({x}), and other nouns.

    Of two figures of a table that claim the same words the one of the smaller `place` has them.
    """

    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    place: int = 0


PLAIN = Manner()


def manner(words: str) -> Manner:
    """Of a column by the words of its name; PLAIN where they are none that English has its own way for.

    >>> manner("mountain altitude").more
    ('highest', 'tallest')
    >>> manner("area code")
    Manner(more=(), less=(), asks=(), nouns=(), place=0)
    """
    known = _lexicon()
    last = words.split()[-1:] + words.split()[:1]
    if last[:1] and last[0] in ("code", "id", "name", "type", "number"):
        return PLAIN
    return next((known[word] for word in last if word in known), PLAIN)


_COUNTRIES = (
    ("usa", "us", "united states", "america", "the us", "the usa", "the united states"),
    ("uk", "united kingdom", "great britain", "britain", "the uk", "the united kingdom"),
    ("uae", "united arab emirates", "the uae", "the united arab emirates"),
)


def also_called(value: str) -> tuple[str, ...]:
    """What people say for a country that a database writes in one of several ways.

    >>> also_called("UAE")
    ('united arab emirates', 'the uae', 'the united arab emirates')
    >>> also_called("France")
    ()
    """
    names = next((names for names in _COUNTRIES if value.lower() in names), ())
    return tuple(name for name in names if name != value.lower())


@cache
def _lexicon() -> dict[str, Manner]:
    text = (Path(__file__).parent / "lexicon.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    return {
        word: Manner(**{kind: _said(found) for kind, found in one.items()}, place=place)
        for place, (word, one) in enumerate(given.items(), 1)
    }


def _said(found: list[str]) -> tuple[str, ...]:
    return tuple(text.replace("_", "{x}") for text in found)
