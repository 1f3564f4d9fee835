"""A column against a value, in the words for that column's values."""

from sqlglot import exp

from graph.explain.columns import column_words
from graph.explain.origins import Stored, bare
from graph.explain.scalars import number
from graph.explain.spans import MIRRORED, dated
from graph.explain.speaker import Speaker, Unsaid
from graph.explain.units import unit
from graph.explain.windows import moment

SIGNS: dict[type[exp.Expr], str] = {
    exp.EQ: "is", exp.NEQ: "is not", exp.GT: "is over", exp.GTE: "is at least", exp.LT: "is under",
    exp.LTE: "is at most", exp.NullSafeEQ: "is", exp.NullSafeNEQ: "is not",
}  # fmt: skip
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def comparison(sign: type[exp.Expr], left: exp.Expr, right: exp.Expr, say: Speaker) -> str:
    """'order status is not cancelled (X)', 'net amount is over 200 EUR'. Raises Unsaid."""
    left, right = bare(left), bare(right)
    if isinstance(left, exp.Literal) and not isinstance(right, exp.Literal):
        sign, left, right = MIRRORED[sign], right, left
    if (when := moment(right)) is not None:
        return dated(sign, left, when, say)
    stored = say.origins.stored(left)
    if stored is not None and (flag := _flag(sign, stored, right, say)):
        return flag
    if isinstance(right, exp.Null):
        raise Unsaid
    return f"{say.value(left)} {SIGNS[sign]} {value_of(left, right, say)}"


def value_of(column: exp.Expr, value: exp.Expr, say: Speaker) -> str:
    """The other side of a comparison: what a code stands for, a number with its unit. Raises Unsaid."""
    value = bare(value)
    if not isinstance(value, exp.Literal):
        return say.value(value)
    if isinstance(column, exp.TimeToStr) and column.args["format"].name == "%w" and value.name.isdigit():
        return _WEEKDAYS[int(value.name) % 7]
    stored = say.origins.stored(column)
    known = say.words.value(stored.full_name, value.name) if stored is not None else value.name
    if known != value.name:
        return known
    if value.is_string:
        return value.name if value.name and value.name.strip() == value.name else f"'{value.name}'"
    of = unit(column, say)
    return number(value.name) + (f" {of}" if of and of != "%" else of)


def _flag(sign: type[exp.Expr], stored: Stored, right: exp.Expr, say: Speaker) -> str:
    """`is_active = 1` as 'supplier is active'; empty for what is no flag."""
    if sign not in (exp.EQ, exp.NEQ):
        return ""
    if isinstance(right, exp.Boolean):
        on = bool(right.this)
    elif isinstance(right, exp.Literal) and right.name in ("0", "1") and not right.is_string:
        on = right.name == "1"
    else:
        return ""
    on = on is (sign is exp.EQ)
    noun, name = say.noun(stored), stored.column.name.lower()
    if say.words.is_said(stored.full_name):
        known = say.words.value(stored.full_name, right.name)
        if known != right.name:
            return f"{noun} is {'' if sign is exp.EQ else 'not '}{known}"
    for lead, verb in (("is_", "is"), ("has_", "has"), ("can_", "can")):
        if name.startswith(lead):
            negation = "no " if verb == "has" else "not "
            return f"{noun} {verb} {'' if on else negation}{name.removeprefix(lead).replace('_', ' ')}"
    named = name.endswith(("_flag", "_opt_in", "_yn", "_enabled"))
    if named or "BOOL" in stored.column.type or isinstance(right, exp.Boolean):
        return f"{column_words(stored, say)} is {'yes' if on else 'no'}"
    return ""
