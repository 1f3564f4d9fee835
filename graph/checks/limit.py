"""The first rows of no order are any rows."""

import re

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.metric_forms import outer_aggregates
from graph.checks.scopes import Scopes, scopes_of

_MOST = re.compile(r"\b(?:top|most|highest|largest|biggest|best|greatest|strongest|leading)\b")
_LEAST = re.compile(r"\b(?:bottom|least|fewest|lowest|smallest|worst|weakest)\b")


def limit(tree: exp.Expr, context: CheckContext) -> Checked:
    """Order the rows of which only the first are taken.

    Applies when: a SELECT has LIMIT.
    Violated when: it has no ORDER BY, and may give more than one row.
    Says: that any rows might come.
    Mends: where the question asks for the most or the least and one thing is measured, orders by that; where
    it asks so and several are, words for the model; else a note, as the person may want just some rows.

    >>> # top 5 tags: SELECT t.name, COUNT(*) ... GROUP BY 1 LIMIT 5  ->  ... ORDER BY COUNT(*) DESC LIMIT 5
    """
    if not _places(scopes_of(tree, context.schema)):
        return Checked(tree)
    text = context.question.lower()
    most, least = bool(_MOST.search(text)), bool(_LEAST.search(text))
    tree = tree.copy()
    findings, notes = list[Finding](), list[Finding]()
    for select in _places(Scopes(tree, context.schema)):
        where = select.args["limit"].sql(dialect=context.dialect).strip()
        why = f"{where} without ORDER BY takes any rows"
        measure = _measure(select)
        if most == least:
            notes.append(Finding("limit", where, why))
        elif measure is None:
            findings.append(Finding("limit", where, why, "order by what the question compares"))
        else:
            told = measure.sql(dialect=context.dialect)
            select.order_by(f"{told} {'DESC' if most else 'ASC'}", dialect=context.dialect, copy=False)
            findings.append(Finding("limit", where, why, f"they were ordered by {told}", mended=True))
    return Checked(tree, tuple(findings), notes=tuple(notes))


def _places(scopes: Scopes) -> list[exp.Select]:
    return [
        select
        for select in scopes.selects
        if select.args.get("limit") is not None
        and select.args.get("order") is None
        and not isinstance(select.parent, exp.Exists | exp.SetOperation)
        and not _gives_one_row(select)
    ]


def _gives_one_row(select: exp.Select) -> bool:
    if select.args.get("from_") is None:
        return True
    if select.args.get("group") is not None:
        return False
    return any(True for item in select.expressions for _ in outer_aggregates(item))


def _measure(select: exp.Select) -> exp.Expr | None:
    """The one aggregate of the select list."""
    measures = [item.unalias() for item in select.expressions if any(True for _ in outer_aggregates(item))]
    return measures[0] if len(measures) == 1 and select.args.get("group") is not None else None
