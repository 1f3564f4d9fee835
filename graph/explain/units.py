"""Units of expressions, as far as the glossary's metrics tell them."""

from sqlglot import exp

from graph.explain.origins import Made, Stored, bare, within
from graph.explain.speaker import Speaker


def unit(node: exp.Expr, say: Speaker) -> str:
    """The unit of an expression, where the glossary tells it; '%' for a share of a hundred."""
    node = bare(node)
    known = say.metric(node) if node.find(exp.AggFunc) else None
    if known is not None and known.unit:
        return known.unit
    match node:
        case exp.Column():
            found = say.origins.of(node)
            if isinstance(found, Stored):
                return say.words.unit(found.full_name)
            return unit(found.node, say) if isinstance(found, Made) and not within(found.node, node) else ""
        case exp.Sum() | exp.Avg() | exp.Max() | exp.Min() | exp.Round() | exp.Coalesce() | exp.Cast():
            return unit(node.this, say) if isinstance(node.this, exp.Expr) else ""
        case exp.Case():
            return unit(node.args["ifs"][0].args["true"], say)
        case exp.Window() | exp.Lag() | exp.Lead() | exp.FirstValue() | exp.LastValue() | exp.Filter():
            return unit(node.this, say)
        case exp.Add() | exp.Sub():
            left, right = unit(node.this, say), unit(node.expression, say)
            return left if left == right or is_zero(node.expression) else ""
        case exp.Mul() | exp.Div() if is_percent(node):
            return "%"
        case exp.Div():
            over = unit(unguarded(node.expression), say)
            return unit(node.this, say) if not over and node.find(exp.AggFunc) else ""
        case exp.Mul():
            left, right = unit(node.this, say), unit(node.expression, say)
            return left or right if not (left and right) else ""
        case exp.Subquery():
            inner = node.this
            return unit(inner.expressions[0], say) if isinstance(inner, exp.Select) else ""
    return ""


def is_percent(node: exp.Expr) -> bool:
    """A share of a hundred: a product or quotient that begins with 100, or ends with it."""
    if not isinstance(node, exp.Mul | exp.Div):
        return False
    numbers = [f for f in factors(node) if isinstance(f, exp.Literal) and f.is_number]
    return any(float(f.name) == 100 for f in numbers)


def factors(node: exp.Expr) -> list[exp.Expr]:
    """The factors above the line."""
    node = bare(node)
    if isinstance(node, exp.Mul):
        return [*factors(node.this), *factors(node.expression)]
    if isinstance(node, exp.Div):
        return factors(node.this)
    return [node]


def unguarded(node: exp.Expr) -> exp.Expr:
    """Without the guard against a division by zero, and without a cast to a fraction."""
    node = bare(node)
    while (isinstance(node, exp.Nullif) and is_zero(node.expression)) or isinstance(node, exp.Cast):
        node = bare(node.this)
    return node


def is_zero(node: exp.Expr | None) -> bool:
    return isinstance(node, exp.Literal) and node.is_number and float(node.name) == 0
