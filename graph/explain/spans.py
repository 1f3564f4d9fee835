"""Comparisons with dates in words; the two ends of a span of days become one."""

import datetime as dt

from sqlglot import exp

from graph.explain.origins import Stored, bare
from graph.explain.periods import event
from graph.explain.speaker import Speaker
from graph.explain.windows import moment, said, span

_SIGNS: dict[type[exp.Expr], str] = {
    exp.EQ: "on", exp.NEQ: "not on", exp.GTE: "on or after", exp.LT: "before", exp.GT: "after",
    exp.LTE: "on or before", exp.NullSafeEQ: "on", exp.NullSafeNEQ: "not on",
}  # fmt: skip
MIRRORED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE, exp.EQ: exp.EQ, exp.NEQ: exp.NEQ,
    exp.NullSafeEQ: exp.NullSafeEQ, exp.NullSafeNEQ: exp.NullSafeNEQ,
}  # fmt: skip


def span_of(one: exp.Expr, other: exp.Expr, say: Speaker) -> tuple[str, exp.Expr] | None:
    """`x >= day AND x < day` in words, with the second condition."""
    ends = [e for e in (_end(one, say), _end(other, say)) if e is not None]
    if len(ends) != 2 or ends[0][0].full_name != ends[1][0].full_name or ends[0][0].alias != ends[1][0].alias:
        return None
    starts = [e for e in ends if e[1] in (exp.GTE, exp.GT)]
    stops = [e for e in ends if e[1] in (exp.LT, exp.LTE)]
    if len(starts) != 1 or len(stops) != 1:
        return None
    first, last = _whole(*starts[0]), _whole(*stops[0])
    column = one.this if isinstance(bare(one.this), exp.Column) else one.expression
    if first is None or last is None:
        (_, sign_a, a), (_, sign_b, b) = starts[0], stops[0]
        after, before = ("from", "after")[sign_a is exp.GT], ("before", "up to")[sign_b is exp.LTE]
        return f"{event(column, say)} {after} {said(a)} and {before} {said(b)}", other
    return f"{event(column, say)} {span(first, last)}", other


_End = tuple[Stored, type[exp.Expr], dt.date | dt.datetime]


def _end(node: exp.Expr, say: Speaker) -> _End | None:
    node = bare(node)
    if type(node) not in (exp.GTE, exp.GT, exp.LT, exp.LTE):
        return None
    sign, left, right = type(node), bare(node.this), bare(node.expression)
    if moment(left) is not None:
        sign, left, right = MIRRORED[sign], right, left
    stored, when = say.origins.stored(left), moment(right)
    return (stored, sign, when) if stored is not None and when is not None else None


def _whole(stored: Stored, sign: type[exp.Expr], when: dt.date | dt.datetime) -> dt.date | None:
    """The end of a span as the day it begins with, or ends before; None where it falls within a day."""
    if isinstance(when, dt.datetime):
        if when.time() != dt.time():
            return None
        when = when.date()
    if sign in (exp.GTE, exp.LT):
        return when
    if "TIME" in stored.column.type:
        return None
    return when + dt.timedelta(days=1)


def dated(sign: type[exp.Expr], left: exp.Expr, when: dt.date | dt.datetime, say: Speaker) -> str:
    """`ordered_at < day` in words."""
    stored = say.origins.stored(left)
    clocked = stored is not None and "TIME" in stored.column.type and not isinstance(when, dt.datetime)
    clock = ", 0:00" if clocked and sign not in (exp.GTE, exp.LT) else ""
    return f"{event(left, say)} {_SIGNS[sign]} {said(when)}{clock}"
