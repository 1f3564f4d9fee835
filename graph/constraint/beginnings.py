"""What has been begun and may still grow: it must have an end that is in scope."""

from collections.abc import Callable, Iterable, Sequence

from graph.constraint import frame as at
from graph.constraint.columns import Known, begins_word, may_begin, may_go_on
from graph.constraint.frame import Frame, holds
from graph.constraint.words import JOINING, LEAVING

QUOTES = '"`'
AFTER_TABLE = JOINING | LEAVING | {"AS", "ON", "USING"}
_GOES_ON = {
    at.LIST: ("AND", "AS", "OR"),
    at.ALIAS: ("INNER", "JOIN", "LEFT"),
    at.ON: ("AND", "INNER", "JOIN", "LEFT", "OR"),
}
"""Words that may follow a whole operand or table even where the clause cannot end yet."""

Owes = Callable[[], bool]
"""Whether the innermost SELECT cannot end yet."""


def fits(frames: Sequence[Frame], known: Known, rest: str, owes: Owes) -> bool:
    """Whether `rest`, a lexeme that may still grow, can become one that is in scope."""
    frame = frames[-1]
    if rest[0].isdigit():
        return frame.takes_ordinal(rest)
    if not (rest[0].isalpha() or rest[0] in f"_{QUOTES}"):
        return True
    if rest in ("`", "``") and not _takes_name(frame):
        return not owes() and len(frames) == 1
    if frame.qualifier:
        return may_go_on(frames, frame.qualifier, rest.lstrip(QUOTES).lower())
    if frame.brackets[-1:] == ("unit",) and frame.before == "(":
        return True
    if frame.clause == at.RELATION and not frame.brackets:
        return _begins_table(frame, known, rest)
    if frame.operand:
        return _begins_name(frames, known, rest) or begins_word(known, rest, frame.takes_aggregates)
    return not _is_early(frame, known, rest, owes)


def _takes_name(frame: Frame) -> bool:
    """Whether a name may stand here, so that a quote opens one; elsewhere it closes a block of code."""
    return (
        frame.operand
        or bool(frame.qualifier)
        or frame.is_naming
        or frame.clause == at.RELATION
        or (frame.clause == at.ALIAS and frame.before == "AS")
    )


def _begins_table(frame: Frame, known: Known, start: str) -> bool:
    if frame.derived_first and not frame.sources:
        return False
    if any(name.startswith(start.lstrip(QUOTES)) for name in known.spelled):
        return True
    return any(name.startswith(start.lower()) for name, _ in frame.ctes)


def _begins_name(frames: Sequence[Frame], known: Known, start: str) -> bool:
    if known.fixed and start.isupper():
        return False
    return may_begin(frames, start.lstrip(QUOTES).lower())


def _is_early(frame: Frame, known: Known, start: str, owes: Owes) -> bool:
    """Whether this begins a word that ends a clause which cannot end yet, or an alias that cannot be."""
    if frame.brackets or frame.is_naming or frame.before in ("NOT", "WITHIN"):
        return False
    if frame.clause == at.ALIAS and not frame.aliased:
        return _is_early_after_table(frame, known, start, owes)
    if frame.clause not in _GOES_ON or (frame.clause == at.ALIAS and frame.joined):
        return False
    upper = start.upper()
    ending = {"FROM"} if frame.clause == at.LIST and frame.short else set()
    if _begins(LEAVING, upper) and owes():
        ending |= LEAVING
    return _begins(ending, upper) and not _begins(_goes_on(frame), upper)


def _is_early_after_table(frame: Frame, known: Known, start: str, owes: Owes) -> bool:
    """As above, for what may be an alias: of a word's beginning, capitals are taken for a keyword."""
    if not known.fixed and _is_wrong_alias(frame, start.lower()):
        return True
    upper = start.upper()
    looks_like_word = start.isupper() and (known.fixed or len(start) > 1)
    if not looks_like_word and upper not in AFTER_TABLE:
        return False
    if frame.source and any(True for _ in frame.source_named(frame.source)):
        return not "AS".startswith(upper)
    if frame.joined or not _begins(LEAVING, upper) or not owes():
        return False
    return not _begins(_GOES_ON[at.ALIAS], upper)


def _is_wrong_alias(frame: Frame, start: str) -> bool:
    """An alias that stands for columns which this table lacks, and begins none that fits."""
    wrong = {q for q, column in frame.needs if q and not holds(frame.offers, column)}
    return start in wrong and not any(q.startswith(start) for q, _ in frame.needs if q not in wrong)


def _goes_on(frame: Frame) -> tuple[str, ...]:
    if frame.clause == at.LIST and frame.is_named:
        return ()
    if frame.clause == at.ON and frame.by_using:
        return _GOES_ON[at.ALIAS]
    after_call = ("FILTER", "OVER", "WITHIN") if frame.called and frame.before == ")" else ()
    return (*_GOES_ON[frame.clause], *after_call)


def _begins(words: Iterable[str], start: str) -> bool:
    return any(word.startswith(start) for word in words)
