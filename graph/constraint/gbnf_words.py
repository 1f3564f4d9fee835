"""Lists of words and plain patterns as GBNF: written so that a character leads to one place, or to few.

llama.cpp follows every alternative that a text may be on, one character after the other. So words that begin
alike share their beginning, and a name that is none of some words leaves their tree where it differs.
"""

import json
import re
from collections.abc import Iterable
from itertools import groupby, takewhile
from string import ascii_letters, ascii_lowercase, digits

_PIECE = re.compile(
    r"""(?P<letters>\[\^?(?:\\.|[^\]])*\])
    |(?P<count>\{\d+(?:,\d*)?\}|[?*+])
    |(?P<sign>[()|])
    |(?P<text>(?:\\.|[^][\\(){}|?*+])+(?![{?*+])|\\.|.)""",
    re.VERBOSE,
)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def any_case(text: str) -> str:
    """
    >>> any_case("o2")
    '[oO] "2"'
    """
    return " ".join(f"[{c}{c.upper()}]" if c in ascii_lowercase else quoted(c) for c in text)


def spelled(words: Iterable[str], in_any_case: bool = False) -> str:
    """One of these words.

    >>> spelled(["IN", "INNER JOIN", "IS NULL"])
    '"I" ("N" ("NER JOIN")? | "S NULL")'
    """
    parts = []
    for _, same in groupby(sorted(set(words) - {""}), key=lambda word: word[0]):
        alike = list(same)
        head = _beginning(alike[0], alike[-1])
        tails = {word[len(head) :] for word in alike}
        part = any_case(head) if in_any_case else quoted(head)
        if tails != {""}:
            part += f" ({spelled(tails, in_any_case)}){'?' if '' in tails else ''}"
        parts.append(part)
    return " | ".join(parts)


def _beginning(first: str, last: str) -> str:
    """What both begin with, and so all the words between them in order."""
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))


def name_but(words: Iterable[str], lower: bool, longest: int) -> str:
    """A name that is none of `words`; the rules of `rest_of_name` go with it."""
    return _but(set(words), ascii_lowercase if lower else ascii_letters, _inside(lower), longest - 1)


def rest_of_name(lower: bool, longest: int) -> dict[str, str]:
    """Rules of what may follow a name's beginning, by how many characters may be left."""
    rules = {f"MORE-{left}": f'"" | {_one_of(_inside(lower))} MORE-{left - 1}' for left in range(2, longest)}
    return {"MORE-1": f'"" | {_one_of(_inside(lower))}', **rules}


def _inside(lower: bool) -> str:
    return f"{ascii_lowercase if lower else ascii_letters}{digits}_"


def _but(tails: set[str], first: str, inside: str, left: int) -> str:
    parts, others = [], set(first)
    for head in sorted({tail[0] for tail in tails if tail}):
        both = {head, head.upper()} & set(first)
        if not both:
            continue
        others -= both
        rest = {tail[1:] for tail in tails if tail[:1] == head}
        may_end = "" if "" in rest else '"" | '
        parts.append(f"{_one_of(both)} ({may_end}{_but(rest, inside, inside, left - 1)})")
    return " | ".join([*parts, f"{_one_of(others)} MORE-{left}"])


def _one_of(characters: Iterable[str]) -> str:
    """
    >>> _one_of("abcxy_")
    '[_a-cx-y]'
    """
    found = []
    for _, run in groupby(enumerate(sorted(map(ord, characters))), key=lambda pair: pair[1] - pair[0]):
        codes = [code for _, code in run]
        found.append(chr(codes[0]) if len(codes) == 1 else f"{chr(codes[0])}-{chr(codes[-1])}")
    return f"[{''.join(found)}]"


def pattern(expression: str) -> str:
    """A regular expression of classes, groups and counts.

    >>> pattern("-[0-9]{1,15}([.][0-9])?|x")
    '"-" [0-9]{1,15} ([.] [0-9])? | "x"'
    """
    said = ""
    for piece in _PIECE.finditer(expression):
        kind, text = piece.lastgroup, piece[0]
        if kind == "count" or text == ")":
            said = said.rstrip() + f"{text} "
        elif text == "(":
            said += text
        elif kind == "text":
            said += quoted(re.sub(r"\\(.)", r"\1", text)) + " "
        else:
            said += text.replace("\\/", "/") + " "
    return said.strip()
