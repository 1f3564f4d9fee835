"""Products, quotients and differences in words: shares, ratios, days between."""

from sqlglot import exp

from graph.explain.origins import bare
from graph.explain.periods import event
from graph.explain.speaker import Speaker
from graph.explain.units import factors, is_percent, unguarded


def product(node: exp.Expr, say: Speaker) -> str:
    """Raises Unsaid."""
    above = [f for f in factors(node) if _amount(f) not in (1.0, 100.0)]
    percent, below = is_percent(node), _divisors(node)
    if not below and len(above) == 2 and not percent and (hours := _hours(above, say)):
        return hours
    if percent and not below and len(above) == 1:
        words = say.value(above[0])
        return words.replace("share of", "percentage of", 1) if "share of" in words else f"{words} in percent"
    words = " times ".join(_grouped(f, say) for f in above) or "1"
    if not below:
        return f"{words} times 100" if percent and len(above) > 1 else words
    over = " times ".join(_grouped(unguarded(d), say) for d in below)
    if percent and words.startswith(f"{over} where ") and over.startswith("number of "):
        return f"percentage of {words.removeprefix('number of ')}"
    return f"{words} as a percentage of {over}" if percent else f"{words} divided by {over}"


def _hours(above: list[exp.Expr], say: Speaker) -> str:
    """Days times 24; empty for all else."""
    days = [f for f in above if _amount(f) != 24.0]
    words = say.value(days[0]) if len(days) == 1 else ""
    return words.replace("days ", "hours ", 1) if "days " in words else ""


def _divisors(node: exp.Expr) -> list[exp.Expr]:
    node = bare(node)
    if isinstance(node, exp.Mul):
        return [*_divisors(node.this), *_divisors(node.expression)]
    if isinstance(node, exp.Div):
        return [*_divisors(node.this), node.expression]
    return []


def _grouped(node: exp.Expr, say: Speaker) -> str:
    inner = bare(node)
    words = say.value(inner)
    return f"({words})" if isinstance(inner, exp.Add | exp.Sub | exp.Div | exp.Case) else words


def difference(node: exp.Expr, say: Speaker) -> str:
    sign = "plus" if isinstance(node, exp.Add) else "minus"
    left, right = bare(node.this), bare(node.expression)
    if isinstance(node, exp.Sub) and (days := _days_between(left, right, say)):
        return days
    shown = say.value(right)
    return f"{say.value(left)} {sign} {f'({shown})' if isinstance(right, exp.Add | exp.Sub) else shown}"


def _days_between(late: exp.Expr, early: exp.Expr, say: Speaker) -> str:
    """The days between two dates, as SQLite counts them."""
    first, last = julian(early, say), julian(late, say)
    return f"days from {first} to {last}" if first and last else ""


def julian(node: exp.Expr, say: Speaker) -> str:
    """What happened on a day that SQLite counts by its number, 'first ordered' for the first; else empty."""
    if isinstance(node, exp.Max | exp.Min):
        day = julian(bare(node.this), say)
        return f"{'first' if isinstance(node, exp.Min) else 'last'} {day}" if day else ""
    if isinstance(node, exp.Anonymous) and node.name.upper() == "JULIANDAY" and len(node.expressions) == 1:
        inner = bare(node.expressions[0])
        if isinstance(inner, exp.Max | exp.Min):
            return f"{'first' if isinstance(inner, exp.Min) else 'last'} {event(inner.this, say)}"
        return event(inner, say)
    return ""


def _amount(node: exp.Expr) -> float | None:
    return float(node.name) if isinstance(node, exp.Literal) and node.is_number else None
