"""Money below zero, where nothing was taken away."""

from sqlglot import exp

from graph.checks.finding import Finding
from graph.checks.units import is_money, unit_of, units_of
from graph.results.cells import numbers
from graph.results.remarks import Remarks, Seen


def negative_money(seen: Seen) -> Remarks:
    """Find amounts of money that cannot be negative, and are.

    Applies when: a column of the result sums, averages or shows what the glossary gives a currency as `unit`.
    Violated when: a cell is below zero, and the column subtracts nothing.
    Says: which column, and how many rows.
    """
    known = units_of(seen.context.terms, seen.context.dialect)
    findings = []
    for place, expression in enumerate(seen.shown):
        unit = unit_of(expression, known, seen.scopes)
        if not is_money(unit) or expression.find(exp.Sub, exp.Neg):
            continue
        below = sum(number < 0 for number in numbers(seen.result, place))
        if below:
            name = seen.result.columns[place]
            why = f"{name} is money, and below zero in {below} row{'s' if below > 1 else ''}"
            findings.append(Finding("negative_money", name, why))
    return Remarks(findings=tuple(findings))
