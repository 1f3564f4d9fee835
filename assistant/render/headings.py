"""Names of columns as words; a column without a name of its own is called by its expression."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 48
_PERIODS = {
    "%Y-%m-%d": "day", "%Y-%m": "month", "%Y-%W": "week", "%Y": "year", "%m": "month", "%w": "weekday",
    "%H": "hour", "YYYY-MM-DD": "day", "YYYY-MM": "month", "YYYY": "year",
}  # fmt: skip


def heading(name: str) -> str:
    """A column's name as words: 'net_revenue' -> 'net revenue'.

    >>> heading("SUM(o.amount) / NULLIF(COUNT(DISTINCT o.customer_id), 0)")
    'total amount per customer'
    >>> heading("100.0 * AVG(o.status = 'R')")
    'percent'
    """
    if not re.search(r"[(*/+|.]", name):
        return _spaced(name.strip('"`')) or name
    from sqlglot import parse_one
    from sqlglot.errors import SqlglotError

    try:
        said = _words(parse_one(name, read="sqlite"))
    except SqlglotError:
        return name
    return said if len(said) <= LONGEST else "value"


def _words(node: "exp.Expr") -> str:
    from sqlglot import exp

    formats = [_PERIODS.get(literal.name, "") for literal in node.find_all(exp.Literal) if literal.is_string]
    match node:
        case exp.Paren() | exp.Round() | exp.Coalesce() | exp.Nullif():
            return _words(node.this)
        case exp.Column():
            return _spaced(node.name)
        case exp.Literal():
            return node.name
        case exp.Count():
            return "count"
        case exp.Sum():
            counted = isinstance(node.this, exp.Case) and node.this.args["ifs"][0].args["true"].is_number
            return "count" if counted else f"total {_words(node.this)}"
        case exp.Avg():
            return "share" if isinstance(node.this, exp.Predicate) else f"average {_words(node.this)}"
        case exp.Min():
            return f"lowest {_words(node.this)}"
        case exp.Max():
            return f"highest {_words(node.this)}"
        case exp.Case():
            return _words(node.args["ifs"][0].args["true"])
        case exp.Date():
            return f"day of {_words(node.this)}"
        case exp.DPipe() if "year" in formats and "-Q" in node.sql():
            return "quarter"
        case exp.DPipe():
            return " ".join(_words(part) for part in node.flatten() if not part.is_string)
        case exp.Mul() | exp.Div():
            return _product(node)
        case exp.Sub() if "JULIANDAY" in node.this.sql().upper():
            return "days"
        case exp.Sub():
            return f"{_words(node.this)} minus {_words(node.expression)}"
    return next(filter(None, formats), node.sql("sqlite"))


def _product(node: "exp.Binary") -> str:
    from sqlglot import exp

    left, right = node.this, node.expression
    factor = _first(node)
    if factor == 100:
        return "percent"
    if isinstance(node, exp.Div):
        distinct = right.find(exp.Distinct)
        divisor = _words(distinct.expressions[0] if distinct else right)
        return f"{_words(left)} per {divisor.removesuffix(' id')}"
    if factor == 1:
        return _words(right)
    if right.is_number:
        return "hours" if right.name == "24" else _words(left)
    return f"{_words(left)} x {_words(right)}"


def _first(node: "exp.Expr") -> float | None:
    """The number that a product begins with."""
    from sqlglot import exp

    while isinstance(node, exp.Mul | exp.Div):
        node = node.this
    return float(node.name) if node.is_number else None


def _spaced(name: str) -> str:
    return re.sub(r"_+", " ", name).strip()
