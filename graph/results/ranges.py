"""What a rule says that a column or a metric may be."""

from sqlglot import exp

from graph.checks.finding import Finding
from graph.checks.metric_forms import forms, text_of
from graph.results.cells import numbers
from graph.results.remarks import Remarks, Seen
from knowledge.rule_checks import RANGE

_KEEPING = (exp.Avg, exp.Min, exp.Max, exp.Round, exp.Paren, exp.Cast, exp.Coalesce)


def ranges(seen: Seen) -> Remarks:
    """Hold results against the ranges of rules.

    Applies when: a column of the result is a column of a rule's `range`, its average, least or greatest, or a
    metric of it.
    Violated when: a cell is outside.
    Says: which rule, and one of the cells.
    """
    findings = []
    for rule in seen.context.held:
        for what, text in rule.range.items():
            low, high = bounds(text)
            for place, expression in enumerate(seen.shown):
                if not _is(expression, what, seen):
                    continue
                wrong = [n for n in numbers(seen.result, place) if n < low or n > high]
                if wrong:
                    why = f"the rule {rule.rule} lets {what} be {text.strip()}, and {wrong[0]:,.6g} is not"
                    findings.append(Finding("ranges", seen.result.columns[place], why))
    return Remarks(findings=tuple(findings))


def bounds(text: str) -> tuple[float, float]:
    """
    >>> bounds("0..5"), bounds("..1")
    ((0.0, 5.0), (-inf, 1.0))
    """
    match = RANGE.fullmatch(text)
    assert match is not None
    low, high = match.groups()
    return float(low or "-inf"), float(high or "inf")


def _is(expression: exp.Expr, what: str, seen: Seen) -> bool:
    if "." in what:
        while isinstance(expression, _KEEPING):
            expression = expression.this
        if not isinstance(expression, exp.Column):
            return False
        base = seen.scopes.base_of(expression)
        return base is not None and ".".join(base).lower() == what.lower()
    said = text_of(expression, seen.scopes)
    return any(
        said == form.text
        for term in seen.context.terms
        if term.term.casefold() == what.casefold()
        for form in forms(term, seen.context.schema)
    )
