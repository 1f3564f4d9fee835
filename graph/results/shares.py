"""A part is no more than the whole."""

from sqlglot import exp

from graph.checks.finding import Finding
from graph.checks.metric_forms import forms, parts_of
from graph.results.cells import numbers
from graph.results.remarks import Remarks, Seen

_SLACK = 1e-9
_AROUND = (exp.Paren, exp.Round, exp.Cast, exp.Coalesce)


def shares(seen: Seen) -> Remarks:
    """Find shares outside 0 to 1, or 0 to 100 where they are percentages.

    Applies when: a column of the result divides a part by its whole (a sum or count under a condition by one
    without), averages a yes-or-no, or is a metric whose `unit` in the glossary is %. What subtracts may be
    negative, and is not judged.
    Violated when: a cell is below 0 or above the whole.
    Says: which column, and one of its cells.
    """
    findings = []
    for place, expression in enumerate(seen.shown):
        whole = (
            None if expression.find(exp.Sub, exp.Neg) else _whole(expression) or _percent(expression, seen)
        )
        if whole is None:
            continue
        wrong = [n for n in numbers(seen.result, place) if n < -_SLACK or n > whole * (1 + _SLACK)]
        if wrong:
            name = seen.result.columns[place]
            why = f"{name} is a share, and {wrong[0]:,.6g} is not between 0 and {whole:g}"
            findings.append(Finding("shares", name, why))
    return Remarks(findings=tuple(findings))


def _whole(node: exp.Expr) -> float | None:
    """1 or 100, what a share comes to at most; None for what is none."""
    if isinstance(node, _AROUND):
        return _whole(node.this)
    if isinstance(node, exp.Mul):
        for side, other in ((node.this, node.expression), (node.expression, node.this)):
            if _is_hundred(side) and (whole := _whole(other)) is not None:
                return 100 * whole
        return None
    if isinstance(node, exp.Avg):
        return 1.0 if _is_yes_or_no(node.this) else None
    if isinstance(node, exp.Div):
        part, factor = _without_factor(node.this)
        return factor if _is_part(part, _bare(node.expression)) else None
    return None


def _without_factor(node: exp.Expr) -> tuple[exp.Expr, float]:
    node = _bare(node)
    if isinstance(node, exp.Mul):
        for side, other in ((node.this, node.expression), (node.expression, node.this)):
            if isinstance(side, exp.Literal) and not side.is_string and float(side.this) in (1.0, 100.0):
                return _bare(other), float(side.this)
    return node, 1.0


def _is_part(part: exp.Expr, whole: exp.Expr) -> bool:
    """SUM(CASE WHEN ... THEN x ELSE 0 END) of SUM(x), COUNT(CASE ...) of COUNT(*)."""
    if not isinstance(whole, exp.Sum | exp.Count) or whole.find(exp.Case, exp.Predicate, exp.Distinct):
        return False
    if isinstance(part, exp.Count):
        return isinstance(whole, exp.Count) and isinstance(part.this, exp.Case)
    if not isinstance(part, exp.Sum):
        return False
    if _is_yes_or_no(part.this):
        return isinstance(whole, exp.Count)
    inner = _bare(part.this)
    if not isinstance(inner, exp.Case) or not isinstance(whole, exp.Sum):
        return False
    amounts = [branch.args["true"] for branch in inner.args["ifs"]]
    return all(amount == whole.this for amount in amounts)


def _is_yes_or_no(node: exp.Expr) -> bool:
    node = _bare(node)
    if isinstance(node, exp.Predicate):
        return True
    if not isinstance(node, exp.Case):
        return False
    results = [branch.args["true"] for branch in node.args["ifs"]]
    default = node.args.get("default")
    return all(
        isinstance(result, exp.Null)
        or (isinstance(result, exp.Literal) and float(result.this or 0) in (0.0, 1.0))
        for result in [*results, *([default] if default is not None else [])]
        if not (isinstance(result, exp.Literal) and result.is_string)
    ) and not any(isinstance(result, exp.Literal) and result.is_string for result in results)


def _percent(expression: exp.Expr, seen: Seen) -> float | None:
    """100 for a metric of the glossary that is a percentage."""
    said = {text for node in expression.find_all(exp.AggFunc) for text in parts_of(node, seen.scopes)}
    for term in seen.context.terms:
        if term.unit != "%" or not said:
            continue
        if any(form.aggregates == said and "100" in form.sql for form in forms(term, seen.context.schema)):
            return 100.0 if _times_hundred(expression) else 1.0
    return None


def _times_hundred(node: exp.Expr) -> bool:
    return any(_is_hundred(literal) for literal in node.find_all(exp.Literal))


def _is_hundred(node: exp.Expr) -> bool:
    node = _bare(node)
    return isinstance(node, exp.Literal) and not node.is_string and float(node.this) == 100.0


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren | exp.Nullif | exp.Cast):
        node = node.this
    return node
