"""What stands in a statement for MySQL and MariaDB: these tell neither its tree nor its functions.

So the door reads the words itself, by the server's own rules for texts, names and comments, and refuses what
it does not know. It keeps to the session's mode: no ANSI_QUOTES, and a backslash escapes.
"""

import re
from dataclasses import dataclass

from knowledge.errors import QueryError
from knowledge.readonly.names import listed

_FIRST = {"select", "with", "values", "table", "("}
_FORBIDDEN = {
    "call", "delete", "dumpfile", "handler", "into", "load", "lock", "outfile", "procedure", "update",
}  # fmt: skip
_ROW_LOCKS = {"update", "share"}
_SYSTEM = {"information_schema", "mysql", "performance_schema", "sys"}

_TOKEN = re.compile(
    r"""
      (?P<text>'(?:[^'\\]|\\.|'')*')
    | (?P<double>"(?:[^"\\]|\\.|"")*")
    | (?P<name>`(?:[^`]|``)*`)
    | (?P<comment>--(?=[\s\x00-\x1f]|$)[^\n]*|\#[^\n]*|/\*.*?\*/)
    | (?P<word>(?:[^\W]|[$\u0080-\uffff])+)
    | (?P<space>\s+)
    | (?P<sign>:=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str

    @property
    def word(self) -> str:
        """What a bare or a quoted name means, in lower case; '' for anything else."""
        if self.kind == "word":
            return self.text.lower()
        return self.text[1:-1].replace("``", "`").lower() if self.kind == "name" else ""


def require_harmless(sql: str) -> None:
    """Raise QueryError for all but one SELECT without locks, files, variables and unknown functions."""
    tokens = words(sql)
    while tokens and tokens[-1].text == ";":
        tokens.pop()
    if not tokens:
        raise QueryError("there is no statement")
    if tokens[0].text.lower() not in _FIRST:
        raise QueryError("only one SELECT can be run")
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else Token("sign", "")
        after = tokens[place + 1] if place + 1 < len(tokens) else Token("sign", "")
        _require_sign(token)
        if token.kind == "word" and before.text != ".":
            _require_word(token.word, before, after)
        if token.word in _SYSTEM and after.text == ".":
            raise QueryError(f"{token.word} belongs to the server itself and cannot be read")
        if after.text == "(" and not _is_fine(tokens, place):
            name = token.word or token.text
            raise QueryError(f"the function {name} cannot be used; it may do more than give a value")


def words(sql: str) -> list[Token]:
    """The tokens of a statement, without spaces and plain comments.

    Raises QueryError for comments that the server would run and for characters that hide.
    """
    found = []
    for match in _TOKEN.finditer(sql):
        kind, text = str(match.lastgroup), match[0]
        if kind == "comment":
            if text.startswith(("/*!", "/*M!", "/*m!", "/*+")):
                raise QueryError("comments that change what is run are not allowed")
        elif kind == "space" or text in "\x1a":
            continue
        elif text < " " or text == "\x7f":
            raise QueryError("the statement holds control characters")
        else:
            found.append(Token(kind, text))
    return found


def _require_sign(token: Token) -> None:
    if token.kind != "sign":
        return
    if token.text == ";":
        raise QueryError("only one statement can be run")
    if token.text in ("@", ":=", "?", "'", '"', "`"):
        raise QueryError("variables, placeholders and open quotes are not allowed")


def _require_word(word: str, before: Token, after: Token) -> None:
    if word == "for" and after.word in _ROW_LOCKS:
        raise QueryError("only a SELECT can be run; this statement locks rows")
    if word == "value" and before.word in ("next", "previous") and after.word == "for":
        raise QueryError("only a SELECT can be run; this statement moves a sequence")
    if word in _FORBIDDEN:
        raise QueryError(f"only a SELECT can be run; this statement has {word.upper()}")


def _is_fine(tokens: list[Token], place: int) -> bool:
    """Whether what stands before a bracket may stand there."""
    token = tokens[place]
    before = tokens[place - 1] if place else Token("sign", "")
    if token.kind == "sign" or token.kind == "text":
        return True
    if before.text == ".":
        return False
    if token.word in listed()["mysql_functions"]:
        return True
    if token.kind == "word" and token.word in listed()["mysql_before_brackets"]:
        return True
    if token.kind in ("word", "name"):
        return before.word in ("as", "with", "recursive") or _names_columns(tokens, place)
    return False


def _names_columns(tokens: list[Token], place: int) -> bool:
    """`name (a, b)`, where `name` is a derived table behind its bracket, or defined with AS ( ... )."""
    depth, end = 0, place + 1
    for end in range(place + 1, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[end].text, 0)
        if not depth:
            break
    inside = tokens[place + 2 : end]
    plain = all(one.word if turn % 2 == 0 else one.text == "," for turn, one in enumerate(inside))
    defined = end + 2 < len(tokens) and tokens[end + 1].word == "as" and tokens[end + 2].text == "("
    behind = place > 0 and tokens[place - 1].text == ")"
    return plain and bool(inside) and (defined or behind)
