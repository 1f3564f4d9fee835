"""Dates in words: what happened then, and the month, week or day of it."""

from sqlglot import exp

from graph.explain.columns import column_words
from graph.explain.origins import bare
from graph.explain.speaker import Speaker, Unsaid
from graph.explain.windows import moment, said

GRAINS = {
    "%Y-%m-%d": "day", "%Y-%m": "month", "%Y-%W": "week", "%Y": "year", "%m": "month of the year",
    "%w": "weekday", "%H": "hour", "%d": "day of the month", "%j": "day of the year",
    "%W": "week of the year",
}  # fmt: skip


def event(node: exp.Expr, say: Speaker) -> str:
    """A date as what happened then: 'ordered'; else its words."""
    inner = bare(node)
    while isinstance(inner, exp.TsOrDsToTimestamp | exp.TsOrDsToDate | exp.Cast) or (
        isinstance(inner, exp.Date) and not inner.expressions
    ):
        inner = bare(inner.this)
    stored = say.origins.stored(inner)
    if stored is None:
        return say.value(inner)
    verb = say.words.verbs.get(stored.full_name)
    words = verb or column_words(stored, say, plain=True)
    return words if say.is_subject(stored) else f"{say.noun(stored)} {words}"


def grain(node: exp.Expr, say: Speaker) -> str:
    grain = GRAINS.get(node.args["format"].name)
    if grain is None:
        raise Unsaid
    return f"{grain} {event(node.this, say)}"


def truncated(node: exp.Expr, say: Speaker) -> str:
    return f"{node.args['unit'].name.lower()} {event(node.this, say)}"


def extract(node: exp.Expr, say: Speaker) -> str:
    return f"{node.this.name.lower()} {event(node.expression, say)}"


def date(node: exp.Expr, say: Speaker) -> str:
    when = moment(node)
    if when is not None:
        return said(when)
    if node.expressions or node.this is None:
        raise Unsaid
    return f"day {event(node.this, say)}"


def date_diff(node: exp.Expr, say: Speaker) -> str:
    unit_name = (node.text("unit") or "day").lower()
    return f"{unit_name}s from {event(node.expression, say)} to {event(node.this, say)}"
