"""Column references against what the SELECTs around them read."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph.constraint import frame as at
from graph.constraint.frame import Frame, Offers, begins, holds
from graph.constraint.names import Names
from graph.constraint.words import AGGREGATES, OPERANDS, all_functions


class OutOfScopeError(Exception):
    """No statement whose names are in scope goes on like this."""


@dataclass(frozen=True)
class Known:
    """The schema for a scope, in lower case, and in capitals the `words` that may stand for an operand.

    `plain_words` are those where no aggregate may stand, `spelled` the tables as they are written. `fixed` is
    for specialists: capitals are keywords and nothing else.
    """

    tables: dict[str, frozenset[str]]
    columns: frozenset[str]
    words: tuple[str, ...]
    plain_words: tuple[str, ...]
    spelled: tuple[str, ...]
    fixed: bool


def known(names: Names, fixed: bool) -> Known:
    tables = {_folded(table): frozenset(map(_folded, columns)) for table, columns in names.columns.items()}
    called = {f"{name.upper()}(" for name in all_functions(names.dialect)}
    words = {*OPERANDS, *called, "CURRENT", "DATE", "TIMESTAMP", "UNBOUNDED"}
    plain = words - {f"{name}(" for name in AGGREGATES}
    columns = frozenset().union(*tables.values())
    return Known(tables, columns, tuple(sorted(words)), tuple(sorted(plain)), names.tables, fixed)


def _folded(name: str) -> str:
    """As the scope sees it: it reads bytes, each as one character."""
    return name.encode().decode("latin-1").lower()


def begins_word(known: Known, start: str, aggregates: bool) -> bool:
    """Whether a keyword or a function begins like this; `aggregates` may be among them."""
    if start != start.upper() and (known.fixed or start != start.lower()):
        return False
    start, words = start.upper(), known.words if aggregates else known.plain_words
    place = bisect_left(words, start)
    return place < len(words) and words[place].startswith(start)


def refer(frames: Sequence[Frame], qualifier: str, column: str) -> None:
    """Note or check a column reference in the innermost SELECT. Raises OutOfScopeError."""
    for frame in _visible(frames):
        if frame.clause == at.LIST:
            frame.needs |= {(qualifier, column)}
            return
        if qualifier:
            for offers in frame.source_named(qualifier):
                if not holds(offers, column):
                    raise OutOfScopeError
                return
        elif _offers_bare(frame, column):
            return
    raise OutOfScopeError


def may_qualify(frames: Sequence[Frame], qualifier: str) -> bool:
    return any(
        frame.clause == at.LIST or any(True for _ in frame.source_named(qualifier))
        for frame in _visible(frames)
    )


def may_begin(frames: Sequence[Frame], start: str) -> bool:
    """Whether a column's name, or what stands before its dot, begins like this."""
    for frame in _visible(frames):
        if frame.clause == at.LIST:
            return True
        if any(alias.startswith(start) or begins(offers, start) for alias, offers in frame.sources):
            return True
        if frame.names_outputs and begins(frozenset((*frame.outputs, *(frame.first or ()))), start):
            return True
    return False


def may_go_on(frames: Sequence[Frame], qualifier: str, start: str) -> bool:
    """Whether a column behind this qualifier begins like this."""
    for frame in _visible(frames):
        if frame.clause == at.LIST:
            return True
        for offers in frame.source_named(qualifier):
            return begins(offers, start)
    return False


def _visible(frames: Sequence[Frame]) -> Iterator[Frame]:
    """The innermost SELECT, and those around it that it may refer to."""
    for frame in reversed(frames):
        yield frame
        if frame.use != "expr":
            return


def _offers_bare(frame: Frame, column: str) -> bool:
    if any(holds(offers, column) for _, offers in frame.sources):
        return True
    return frame.names_outputs and column in (*frame.outputs, *(frame.first or ()))


def add_source(frame: Frame, alias: str) -> None:
    """The table that was just read gets its name in this SELECT. Raises OutOfScopeError."""
    if alias and any(True for _ in frame.source_named(alias)):
        raise OutOfScopeError
    if not all(holds(frame.offers, column) for qualifier, column in frame.needs if qualifier == alias != ""):
        raise OutOfScopeError
    frame.sources = (*frame.sources, (alias, frame.offers))
    frame.aliased = True


def open_needs(frames: Sequence[Frame]) -> frozenset[at.Need]:
    """What the innermost SELECT has named and neither its own tables nor those around it offer."""
    frame = frames[-1]
    if not frame.needs:
        return frozenset()
    return frozenset(need for need in frame.needs if not _is_met(frames, need))


def _is_met(frames: Sequence[Frame], need: at.Need) -> bool:
    qualifier, column = need
    for place, frame in enumerate(_visible(frames)):
        if place and frame.clause == at.LIST:
            return True
        if any(
            holds(offers, column) for alias, offers in frame.sources if alias == qualifier or not qualifier
        ):
            return True
    return False


def pass_on(frames: Sequence[Frame]) -> None:
    """At the end of FROM, or of a SELECT without one: what is still open is a need of the SELECT around it.

    Raises OutOfScopeError where there is none that could meet it.
    """
    frame = frames[-1]
    if open_needs(frames):
        raise OutOfScopeError
    own = {need for need in frame.needs if _is_met(frames[-1:], need)}
    frame.needs, left = frozenset(), frame.needs - own
    for outer in list(_visible(frames))[1:]:
        if left and outer.clause == at.LIST:
            outer.needs |= left
            return


def derived_first(frame: Frame, columns: Iterable[str]) -> frozenset[str] | None:
    """The names that the first source has to offer, where only a derived table can be meant; else None.

    `SELECT total FROM` with no such column: what follows has to be `(SELECT ... AS total ...`.
    """
    if frame.use == "expr":
        return None
    told = {*columns, "*"}
    for _, offers in frame.ctes:
        if offers is None:
            return None
        told |= offers
    unknown = {need for need in frame.needs if need[1] not in told}
    qualifiers = {qualifier for qualifier, _ in unknown}
    if not unknown or any(qualifier not in qualifiers | {""} for qualifier, _ in frame.needs):
        return None
    if len(qualifiers) > 1:
        return frozenset()
    return frozenset(c for q, c in frame.needs if q in qualifiers and ((q, c) in unknown or q) and c != "*")


def offers_of(frame: Frame, known: Known, name: str) -> Offers:
    """Of a common table expression or a table. Raises OutOfScopeError."""
    for cte, offers in reversed(frame.ctes):
        if cte == name:
            return offers
    if name in known.tables:
        return known.tables[name]
    raise OutOfScopeError
