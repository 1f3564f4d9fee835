"""Names of tables and columns as words: 'cust_acct_opn_dt' is customer account open date."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

import yaml

from knowledge.glossary import Term
from knowledge.words import english

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_VOWELS = frozenset("aeiou")
_SHORTEST = 4
"""Letters of a short form that is told by its consonants alone; a shorter one could be anything."""


def parts(name: str) -> list[str]:
    """The pieces that a name is made of, in lower case.

    >>> parts("custAcctNo2"), parts("OPN_DT"), parts("HTTPStatus")
    (['cust', 'acct', 'no', '2'], ['opn', 'dt'], ['http', 'status'])
    """
    return [part.lower() for part in _PART.findall(name)]


def spelled(name: str, own: Mapping[str, str] | None = None) -> str:
    """The words of a name; `own` are the short forms of a team, which come before those that everybody has.

    >>> spelled("cust_acct_opn_dt"), spelled("cmpgn_bdgt_amt"), spelled("ord_id", {"ord": "works order"})
    ('customer account open date', 'campaign budget amount', 'works order id')
    """
    return " ".join((own or {}).get(part) or _word(part) for part in parts(name))


def short_forms(terms: Iterable[Term]) -> dict[str, str]:
    """What a glossary tells of short forms: a term or a synonym of one word or of initials that a name holds.

    Of a term for the column 'ord_dt' that is called 'order date' it is ord: order and dt: date.
    """
    found: dict[str, str] = {}
    for term in terms:
        name = parts((term.column or term.table).rpartition(".")[2])
        for said in (term.term, *term.synonyms):
            words = re.findall(r"[^\W\d_]+", said.lower())
            if len(words) != len(name):
                continue
            for part, word in zip(name, words, strict=True):
                if part != word and _is_short_for(part, word):
                    found.setdefault(part, word)
    return found


@lru_cache(maxsize=20_000)
def _word(part: str) -> str:
    known = _abbreviations()
    if part in known:
        return known[part]
    if part in english() or not part.isascii() or not part.isalpha():
        return part
    return _by_consonants(part) or part


def _by_consonants(part: str) -> str:
    """The commonest English word that has these consonants and begins with this letter; empty where none."""
    if len(part) < _SHORTEST or sum(letter in _VOWELS for letter in part[1:]) > 1:
        return ""
    return _skeletons().get(_skeleton(part), "")


def _is_short_for(part: str, word: str) -> bool:
    """Whether the letters of `part` stand in `word` in this order, the first one first."""
    letters = iter(word)
    return part[:1] == word[:1] and len(part) < len(word) and all(letter in letters for letter in part)


def _skeleton(word: str) -> str:
    """The first letter and the consonants after it, each once where it is doubled.

    >>> _skeleton("access"), _skeleton("campaign")
    ('acs', 'cmpgn')
    """
    kept = [letter for letter in word[1:] if letter not in _VOWELS]
    return word[:1] + "".join(b for a, b in zip([word[:1], *kept], kept, strict=False) if a != b)


@cache
def _abbreviations() -> dict[str, str]:
    text = (Path(__file__).parent / "abbreviations.yaml").read_text(encoding="utf-8")
    return {str(short): str(word) for short, word in yaml.load(text, Loader=yaml.BaseLoader).items()}


@cache
def _skeletons() -> dict[str, str]:
    found: dict[str, str] = {}
    for word in english():
        if len(word) > _SHORTEST:
            found.setdefault(_skeleton(word), word)
    return found
