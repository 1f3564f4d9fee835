"""SQL cut into lexemes while it is being written: what may still grow is kept back."""

import re
from functools import lru_cache
from typing import NamedTuple

WORD, QUOTED, NUMBER, STRING = "word", "quoted", "number", "string"
SLOT, SIGN, FENCE = "slot", "sign", "fence"

_LEXEME = re.compile(
    r"""(?P<space>\s+)
    |(?P<word>[^\W\d]\w*)
    |(?P<number>\d+(?:\.\d*)?)
    |(?P<string>'(?:[^']|'')*'?)
    |(?P<fence>```)
    |(?P<quoted>"[^"]*"?|`[^`]*`?)
    |(?P<slot><[vnd]\d[ab]?>)
    |(?P<begun><[vnd]\d?[ab]?$)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


class Lexeme(NamedTuple):
    kind: str
    text: str


@lru_cache(maxsize=16_384)
def cut(text: str) -> tuple[tuple[Lexeme, ...], str]:
    """The lexemes of `text` that no further text can change, and what is left.

    >>> cut("o.net_am")
    ((Lexeme(kind='word', text='o'), Lexeme(kind='sign', text='.')), 'net_am')
    >>> cut("= 'it''s' AND")[0][1]
    Lexeme(kind='string', text="'it''s'")
    """
    found: list[Lexeme] = []
    place, end = 0, len(text)
    while place < end:
        match = _LEXEME.match(text, place)
        assert match is not None
        kind = match.lastgroup or SIGN
        if match.end() == end and _may_grow(kind, match[0]):
            return tuple(found), text[place:]
        if kind != "space":
            found.append(Lexeme(kind, match[0]))
        place = match.end()
    return tuple(found), ""


def _may_grow(kind: str, text: str) -> bool:
    if kind in (WORD, NUMBER, STRING):
        return True
    if kind == QUOTED:
        return len(text) == 1 or text[-1] != text[0] or text == "``"
    return kind == "begun" or (kind == SIGN and text == "<")
