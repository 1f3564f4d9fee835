"""Which names are in scope, followed word by word: what no grammar without context can say.

A SELECT names columns before the tables that they come from. So until FROM anything that the schema has may
be named, and is noted as a need; FROM cannot be left while a need is open. After it, only what the sources
offer.
"""

from graph.constraint import frame as at
from graph.constraint.beginnings import AFTER_TABLE, QUOTES, fits
from graph.constraint.columns import (
    Known,
    OutOfScopeError,
    add_source,
    derived_first,
    may_qualify,
    offers_of,
    pass_on,
    refer,
)
from graph.constraint.frame import Frame
from graph.constraint.lexemes import FENCE, NUMBER, QUOTED, SIGN, STRING, WORD, Lexeme, cut
from graph.constraint.words import AGGREGATES, ASKING, JOINING, LEAVING, OPERANDS

OPENING = "```sql\n"
_SETS = frozenset(("EXCEPT", "INTERSECT", "UNION"))
_UNIT_FIRST = frozenset(("EXTRACT", "TIMESTAMPADD", "TIMESTAMPDIFF"))
_BRACKETS = {"USING": "using", "EXTRACT": "unit", "OVER": "over", "IN": "in", "EXISTS": "exists"}


class Scope:
    """The text so far. `advance` takes more of it, or raises OutOfScopeError and is of no more use."""

    __slots__ = ("_free", "_known", "_rest", "frames")

    def __init__(self, known: Known) -> None:
        self._known = known
        self.frames = [Frame("top")]
        self._rest = ""
        self._free = False

    def copy(self) -> "Scope":
        made = Scope.__new__(Scope)
        made._known, made._rest, made._free = self._known, self._rest, self._free
        made.frames = [frame.copy() for frame in self.frames]
        return made

    def advance(self, text: str) -> None:
        if self._free:
            return
        text = self._rest + text
        if self.frames[0].clause == at.BEFORE and self.frames[0].first is None:
            if OPENING.startswith(text):
                self._rest = text
                return
            text = text.removeprefix(OPENING)
            if text[:1] in ("N", "n"):
                self._free = True
                return
        lexemes, self._rest = cut(text)
        for lexeme in lexemes:
            self._take(lexeme)
            if self._free:
                return
        if self._rest:
            self._look_at(self._rest)
        elif text[-1:].isspace():
            self._pause()

    def is_complete(self) -> bool:
        """Whether the statement may end here."""
        if self._free:
            return True
        ended = self.copy()
        try:
            ended.advance(" ;")
        except OutOfScopeError:
            return False
        return ended._free

    def _take(self, lexeme: Lexeme) -> None:
        frame = self.frames[-1]
        if frame.word and self._is_understood(frame, lexeme):
            return
        kind, text = lexeme
        if frame.qualifier:
            self._column(frame, text)
        elif kind == WORD:
            self._word(frame, text)
        elif kind == QUOTED:
            self._quoted(frame, text[1:-1].replace(text[0] * 2, text[0]).lower())
        elif kind == SIGN:
            self._sign(frame, text)
        elif kind == FENCE:
            self._end()
        else:
            self._literal(frame, lexeme)
        self.frames[-1].before = text.upper()

    def _pause(self) -> None:
        """After a space a word is no qualifier and no function."""
        frame = self.frames[-1]
        if frame.word and frame.word.upper() not in ("DATE", "TIMESTAMP"):
            self._is_understood(frame, Lexeme(WORD, ""))

    def _is_understood(self, frame: Frame, lexeme: Lexeme) -> bool:
        """What the word before this lexeme was: a qualifier, a function, a literal's type, or a column."""
        word, frame.word = frame.word, ""
        if lexeme == (SIGN, "."):
            frame.qualifier = word.lower()
            if not may_qualify(self.frames, frame.qualifier):
                raise OutOfScopeError
            return True
        if lexeme == (SIGN, "("):
            frame.before = word.upper()
            frame.calls = True
            if frame.before in AGGREGATES:
                if not frame.takes_aggregates:
                    raise OutOfScopeError
                frame.sums_up = True
            return False
        if lexeme.kind == STRING and word.upper() in ("DATE", "TIMESTAMP"):
            return False
        self._refer(frame, "", word.lower())
        return False

    def _column(self, frame: Frame, text: str) -> None:
        qualifier, frame.qualifier = frame.qualifier, ""
        if text == "*":
            frame.stars, frame.is_named = (*frame.stars, qualifier), True
        elif text[0] in QUOTES:
            text = text[1:-1]
        self._refer(frame, qualifier, text.lower())

    def _refer(self, frame: Frame, qualifier: str, column: str) -> None:
        refer(self.frames, qualifier, column)
        frame.operand = False
        frame.grow(column if column != "*" else "")

    def _quoted(self, frame: Frame, name: str) -> None:
        if frame.clause == at.RELATION:
            self._relation(frame, name)
        elif frame.clause == at.ALIAS:
            add_source(frame, name)
        elif frame.is_naming:
            frame.name_item(name)
        elif frame.operand:
            frame.word = name

    def _word(self, frame: Frame, text: str) -> None:
        upper = text.upper()
        if frame.clause == at.BEFORE:
            frame.clause = {"SELECT": at.LIST, "WITH": at.WITH}.get(upper, frame.clause)
            frame.operand = upper == "SELECT"
        elif frame.clause == at.WITH and not frame.brackets:
            if upper == "SELECT":
                frame.clause, frame.operand = at.LIST, True
            elif upper != "AS":
                frame.cte, frame.cte_columns = text.lower(), frozenset()
        elif frame.brackets[-1:] == ("columns",):
            frame.cte_columns |= {text.lower()}
        elif frame.clause == at.RELATION and not frame.brackets:
            self._relation(frame, text.lower())
        elif frame.brackets[-1:] == ("unit",) and frame.before == "(":
            frame.operand = False
        elif frame.is_naming:
            frame.name_item(text.lower())
        elif frame.operand and not self._is_keyword(frame, text):
            frame.word = text
        elif frame.clause == at.ALIAS and not frame.brackets and upper not in AFTER_TABLE:
            add_source(frame, text.lower())
        else:
            self._keyword(frame, upper)

    def _is_keyword(self, frame: Frame, text: str) -> bool:
        """Where an operand is due: a keyword, not a name."""
        if self._known.fixed and not text.isupper():
            return False
        if text in ("CURRENT", "UNBOUNDED"):
            return "over" in frame.brackets
        return text.upper() in OPERANDS

    def _keyword(self, frame: Frame, upper: str) -> None:
        if upper in ("SELECT", "WITH") and frame.brackets:
            self._open(frame, upper)
            return
        if upper == "CASE":
            frame.brackets = (*frame.brackets, "case")
        elif upper == "END" and frame.brackets[-1:] == ("case",):
            frame.brackets = frame.brackets[:-1]
        elif not frame.brackets:
            self._clause(frame, upper)
        frame.operand = upper in ASKING and (frame.operand or upper != "NOT")
        if upper not in ("DISTINCT", "AS"):
            frame.grow()

    def _clause(self, frame: Frame, upper: str) -> None:
        """A word of the SELECT itself, outside all brackets."""
        if upper == "FROM" and frame.clause == at.LIST:
            if frame.short:
                raise OutOfScopeError
            frame.end_item()
            frame.wanted = derived_first(frame, self._known.columns) or frozenset()
            frame.derived_first = derived_first(frame, self._known.columns) is not None
            frame.clause = at.RELATION
        elif upper in JOINING and frame.clause in (at.ALIAS, at.ON):
            self._end_table(frame)
            frame.joined = frame.before != "CROSS"
            frame.clause = at.RELATION if upper == "JOIN" else at.ON
        elif upper in ("ON", "USING"):
            self._end_table(frame)
            frame.joined, frame.by_using, frame.clause = False, upper == "USING", at.ON
        elif upper in LEAVING and frame.before != "WITHIN":
            self._leave(frame, upper)

    def _leave(self, frame: Frame, upper: str) -> None:
        if frame.clause != at.AFTER:
            self._end_select(frame)
        frame.section = upper
        if upper in _SETS:
            frame.next_select()

    def _relation(self, frame: Frame, name: str) -> None:
        if frame.derived_first and not frame.sources:
            raise OutOfScopeError
        frame.offers = offers_of(frame, self._known, name)
        frame.source, frame.clause, frame.aliased, frame.operand = name, at.ALIAS, False, False

    def _end_table(self, frame: Frame) -> None:
        """A table without an alias goes by its own name."""
        if frame.clause == at.ALIAS and not frame.aliased:
            add_source(frame, frame.source)

    def _sign(self, frame: Frame, sign: str) -> None:
        if sign == "(":
            frame.grow()
            frame.brackets = (*frame.brackets, _bracket(frame))
            frame.operand = frame.brackets[-1] != "columns"
        elif sign == ")" and frame.brackets:
            frame.called = frame.brackets[-1] == "call"
            frame.brackets, frame.operand = frame.brackets[:-1], False
        elif sign == ")":
            self._close(frame)
        elif sign == ",":
            self._comma(frame)
        elif sign == "*" and frame.operand:
            if not frame.brackets and frame.clause == at.LIST:
                if frame.expected == 1:
                    raise OutOfScopeError
                frame.stars, frame.is_named = (*frame.stars, ""), True
            frame.operand = False
        elif sign == ";":
            self._end()
        else:
            frame.grow()
            frame.operand = sign != ":"

    def _comma(self, frame: Frame) -> None:
        if not frame.brackets and frame.clause == at.LIST:
            if frame.full:
                raise OutOfScopeError
            frame.end_item()
        frame.operand = frame.clause != at.WITH

    def _literal(self, frame: Frame, lexeme: Lexeme) -> None:
        if lexeme.kind == NUMBER and not frame.takes_ordinal(lexeme.text):
            raise OutOfScopeError
        frame.operand = False
        frame.grow()

    def _open(self, frame: Frame, upper: str) -> None:
        """A query within brackets."""
        kind = frame.brackets[-1]
        use = kind if kind in ("cte", "derived") else "expr"
        alone = kind == "(" or (kind == "in" and self._known.fixed)
        inner = Frame(use, expected=1 if alone else None, ctes=frame.ctes)
        if use == "derived" and frame.derived_first and not frame.sources:
            inner.wanted = frame.wanted
        self.frames.append(inner)
        self._word(inner, upper)

    def _close(self, frame: Frame) -> None:
        if len(self.frames) == 1:
            raise OutOfScopeError
        self._end_select(frame)
        self.frames.pop()
        outer = self.frames[-1]
        kind, outer.brackets = outer.brackets[-1], outer.brackets[:-1]
        outer.operand = False
        if kind == "cte":
            outer.ctes = (*outer.ctes, (outer.cte, outer.cte_columns or frame.offered()))
        elif kind == "derived":
            outer.offers, outer.source, outer.clause, outer.aliased = frame.offered(), "", at.ALIAS, False

    def _end_select(self, frame: Frame) -> None:
        if frame.brackets or frame.clause in (at.BEFORE, at.WITH, at.RELATION):
            raise OutOfScopeError
        if frame.clause == at.AFTER:
            return
        if frame.clause == at.LIST:
            if frame.short or frame.stars:
                raise OutOfScopeError
            frame.end_item()
        self._end_table(frame)
        pass_on(self.frames)
        frame.clause = at.AFTER

    def _end(self) -> None:
        if len(self.frames) > 1:
            raise OutOfScopeError
        self._end_select(self.frames[0])
        self._free = True

    def _look_at(self, rest: str) -> None:
        frame = self.frames[-1]
        if frame.word:
            self._is_understood(frame, Lexeme(STRING if rest[0] == "'" else WORD, rest))
        if not fits(self.frames, self._known, rest, self._owes):
            raise OutOfScopeError

    def _owes(self) -> bool:
        ended = self.copy()
        try:
            ended._end_select(ended.frames[-1])
        except OutOfScopeError:
            return True
        return False


def _bracket(frame: Frame) -> str:
    """What kind of bracket opens here."""
    if not frame.brackets:
        if frame.clause == at.WITH:
            return "cte" if frame.before == "AS" else "columns"
        if frame.clause == at.RELATION:
            return "derived"
    if frame.before in _UNIT_FIRST:
        return "unit"
    if frame.calls:
        frame.calls = False
        return "call"
    return _BRACKETS.get(frame.before, "(")
