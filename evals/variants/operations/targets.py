"""Which values tell a comparison from its neighbours, and which of them meet it."""

import datetime as dt
import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlglot import exp

from evals.variants.draft import Draft
from evals.variants.focus import Condition, NotIn
from evals.variants.moments import DAY, Moments
from evals.variants.roles import ColumnRole

OTHERS = 3
WORDS = ("text", "choice", "prose")
_NOON = dt.timedelta(hours=12)


def meets(condition: Condition, value: Any, moments: Moments | None) -> bool:
    """Whether a value passes a comparison with literals."""
    sign, given = condition.sign, list(condition.values)
    if moments:
        spelled = [dt.datetime.fromisoformat(str(each)).replace(tzinfo=None) for each in given]
        value, given = moments.read(value), list(spelled)
    if sign is exp.Between:
        return bool(given[0] <= value <= given[1])
    if issubclass(sign, exp.In):
        return (value in given) != (sign is NotIn)
    return bool(_SIGNS[sign](value, given[0]))


_SIGNS: dict[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
}


def moments_around(condition: Condition, spelled: Moments) -> list[dt.datetime]:
    """On each compared moment, the last one before it, and, where a day is compared with, within that day."""
    found: list[dt.datetime] = []
    for value in condition.values:
        try:
            moment = dt.datetime.fromisoformat(str(value))
        except ValueError:
            continue
        moment = moment.replace(tzinfo=None)
        found += [moment, moment - spelled.step]
        found.append(moment + (DAY if spelled.days else _NOON))
        if not spelled.days:
            found.append(moment - _NOON)
    return list(dict.fromkeys(found))


def values_around(draft: Draft, condition: Condition, role: ColumnRole, values: Sequence[Any]) -> list[Any]:
    """Values on the boundary and next to it; of choices, the listed ones and a few others."""
    sample = next((value for value in values if value is not None), None)
    given = [_as(value, sample) for value in condition.values]
    given = [value for value in given if value is not None]
    if role.role == "choice":
        ordered = condition.sign in (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
        others = [choice for choice in role.choices if choice not in given]
        if ordered:
            others.sort(key=lambda choice: min((abs(choice - g) for g in given), default=0))
            return [*given, *others[:OTHERS]]
        return [*given, *draft.rng.sample(others, min(len(others), OTHERS))]
    if role.role in WORDS and condition.sign is exp.EQ:
        known = [value for value in values if value is not None]
        return [draft.rng.choice(known) for _ in range(OTHERS)]
    if role.role != "measure":
        return []
    step = 1 if role.whole else Decimal("0.5") if isinstance(sample, Decimal) else 0.5
    low = min(value for value in values if value is not None)
    near = [value for number in given for value in (number, number + step, number - step)]
    return [value for value in dict.fromkeys(near) if value >= min(low, 0)]


def _as(value: Any, sample: Any) -> Any:
    """A literal as the column spells it; None where it cannot."""
    if isinstance(sample, bool) or isinstance(value, bool):
        return bool(value) if isinstance(sample, bool) else int(value)
    if isinstance(sample, str) or isinstance(value, str):
        return value if isinstance(sample, str) else None
    try:
        return type(sample)(str(value)) if not isinstance(sample, int) else value
    except (TypeError, ValueError, ArithmeticError):
        return None
