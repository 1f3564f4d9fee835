"""A statement without its literals, so that what differs in these alone is parsed once."""

import re

_UNITS = frozenset(("year", "quarter", "month", "week", "day", "hour", "minute", "isoweek", "dow", "doy"))
_LITERAL = re.compile(
    r"\b(?:GROUP|ORDER)\s+BY\s+\d+(?:\s+(?:ASC|DESC))?(?:\s*,\s*\d+(?:\s+(?:ASC|DESC))?)*"
    r"|'(?:[^']|'')*'"
    r"|\"[^\"]*\"|`[^`]*`|\[[A-Za-z_][^\]]*\]"
    r"|--[^\n]*|/\*.*?\*/"
    r"|(?<![\w.$:@])\d+(?:\.\d+)?(?![\w.])",
    re.DOTALL | re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
MARK = "⟦{}⟧"
MARKED = re.compile(r"⟦(\d+)⟧")
_FIRST_NUMBER = 70_000_000
"""Numbers from here on stand for the literals of a template; no query of people holds so many."""


def template(sql: str) -> tuple[str, list[str]]:
    """The statement with marks for its literals, and the literals, as they stand.

    Units, formats of dates and columns' places say what a query does, and stay.

    >>> template("SELECT  a FROM t WHERE b = 'x' AND c > 5 -- why")
    ("SELECT a FROM t WHERE b = '⟦0⟧' AND c > 70000001", ["'x'", '5'])
    """
    literals: list[str] = []

    def mark(match: re.Match[str]) -> str:
        text = match[0]
        if text[0] == "'":
            if "%" in text or text[1:-1].lower() in _UNITS:
                return text
            literals.append(text)
            return f"'{MARK.format(len(literals) - 1)}'"
        if text[0].isdigit():
            literals.append(text)
            return str(_FIRST_NUMBER + len(literals) - 1)
        return " " if text[0] in "-/" else text

    marked = _LITERAL.sub(mark, sql)
    return _SPACE.sub(" ", marked).strip().rstrip(";").strip(), literals


def place(literal: str) -> int | None:
    """Which literal a mark stands for; None of what is none.

    >>> place("⟦3⟧"), place("70000001"), place("12")
    (3, 1, None)
    """
    if found := MARKED.fullmatch(literal):
        return int(found[1])
    return int(literal) - _FIRST_NUMBER if literal.isdigit() and int(literal) >= _FIRST_NUMBER else None


def filled(text: str, literals: list[str]) -> str:
    """With its literals again: those of one of the statements."""
    text = re.sub(r"'⟦(\d+)⟧'", lambda match: literals[int(match[1])], text)
    return re.sub(r"\b7\d{7}\b", lambda match: _number(match[0], literals), text)


def _number(text: str, literals: list[str]) -> str:
    found = place(text)
    return literals[found] if found is not None and found < len(literals) else text
