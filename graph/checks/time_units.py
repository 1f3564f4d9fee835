"""Who asks for days is not answered in hours."""

import re

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes, scopes_of

_ASKED = re.compile(r"\b(?:in|number of|how many) (minute|hour|day|week)s\b(?! (?:ago|old)\b)")
_PER_DAY = {"minute": 1440.0, "hour": 24.0, "day": 1.0, "week": 1 / 7}
_STEPS = (exp.Mul, exp.Div)


def time_units(tree: exp.Expr, context: CheckContext) -> Checked:
    """Tell a time between two moments in the unit that was asked for.

    Applies when: the question says 'in days' ('hours', 'minutes', 'weeks'), and the statement subtracts days
    that the database counts with decimals (JULIANDAY).
    Violated when: the difference is multiplied to another unit.
    Says: which unit it would have been in.
    Mends: multiplies to the unit asked for.

    >>> # 'in days':  AVG((JULIANDAY(t.b) - JULIANDAY(t.a)) * 24)  ->  AVG((JULIANDAY(t.b) - JULIANDAY(t.a)))
    """
    asked = set(_ASKED.findall(context.question.lower()))
    if len(asked) != 1:
        return Checked(tree)
    (unit,) = asked
    if not _places(scopes_of(tree, context.schema), _PER_DAY[unit]):
        return Checked(tree)
    tree = tree.copy()
    findings = []
    for difference, whole, given in _places(Scopes(tree, context.schema), _PER_DAY[unit]):
        why = f"the question asks for {unit}s, and {whole.sql(dialect=context.dialect)} gives {given}"
        findings.append(Finding("time_units", unit, why, f"it was made {unit}s", mended=True))
        whole.replace(_scaled(difference, unit))
    return Checked(tree, tuple(findings))


def _places(scopes: Scopes, wanted: float) -> list[tuple[exp.Expr, exp.Expr, str]]:
    """Differences of days, the product that each stands in, and the unit of that."""
    found = []
    for node in scopes.of_kind(exp.Sub):
        if not (_is_day(node.this) and _is_day(node.expression)):
            continue
        whole, scale = _product(node)
        given = next((unit for unit, per_day in _PER_DAY.items() if abs(per_day - scale) < 1e-9), "")
        if given and abs(scale - wanted) > 1e-9:
            found.append((node, whole, f"{given}s"))
    return found


def _is_day(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() == "julianday"


def _product(difference: exp.Expr) -> tuple[exp.Expr, float]:
    """The outermost product of a difference with numbers, and what it is multiplied by."""
    node, scale = difference, 1.0
    while node.parent is not None:
        parent = node.parent
        if isinstance(parent, exp.Paren):
            node = parent
            continue
        other = parent.expression if parent.this is node else parent.this
        if not isinstance(parent, _STEPS) or not isinstance(other, exp.Literal) or other.is_string:
            break
        if isinstance(parent, exp.Div) and other is parent.this:
            break
        number = float(other.this)
        if not number:
            break
        scale = scale * number if isinstance(parent, exp.Mul) else scale / number
        node = parent
    return node, scale


def _scaled(difference: exp.Expr, unit: str) -> exp.Expr:
    bare = difference.copy()
    if unit == "day":
        return exp.paren(bare, copy=False)
    if unit == "week":
        return exp.Div(this=exp.paren(bare, copy=False), expression=exp.Literal.number(7.0))
    return exp.Mul(this=exp.paren(bare, copy=False), expression=exp.Literal.number(int(_PER_DAY[unit])))
