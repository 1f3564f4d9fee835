"""A metric that a question names is computed as the glossary says."""

import re

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.metric_forms import AGGREGATES, Form, forms, spellings
from graph.checks.named import named_terms
from graph.checks.scopes import Scopes, scopes_of
from knowledge.glossary import Term

_OTHERWISE = (
    r"\b(?:average|avg|mean|median|typical|usual|max|maximum|min|minimum|highest|lowest|largest|smallest|biggest"
    r"|greatest|spread|variance|deviation"
)
_ANYWHERE = re.compile(rf"{_OTHERWISE})\b")
_BEFORE = re.compile(rf"{_OTHERWISE}|least|most|count|number|first|last|latest|single|per|each)\b")
_NEAR = 24


def metrics(tree: exp.Expr, context: CheckContext) -> Checked:
    """Find a metric that is computed in another way than the glossary defines it.

    Applies when: the question names one metric that sums or averages amounts.
    Violated when: no form of it is in the statement, and the same columns, or another metric, are aggregated.
    Says: what the metric is, and what was computed instead.
    Mends: words for the model.
    """
    if not context.question or not context.terms:
        return Checked(tree)
    named = named_terms(context.question, context.terms)
    asked = {id(found.term): found for found in named if found.term is not None and found.term.metric}
    if len(asked) != 1:
        return Checked(tree)
    (found,) = asked.values()
    term = found.term
    assert term is not None
    known = forms(term, context.schema)
    before = context.question.lower()[max(0, found.start - _NEAR) : found.start]
    rest = context.question.lower()[: found.start] + context.question.lower()[found.end :]
    if not all(form.plain for form in known) or _BEFORE.search(before) or _ANYWHERE.search(rest):
        return Checked(tree)
    scopes = scopes_of(tree, context.schema)
    said = _said(scopes)
    if not said or _is_computed(known, said, scopes):
        return Checked(tree)
    instead = _instead(term, known, said, scopes, context)
    if not instead:
        return Checked(tree)
    wanted = " or ".join(form.sql for form in known)
    why = f"{term.term} is {wanted}, and the statement computes {instead}"
    return Checked(tree, (Finding("metrics", term.term, why, f"use {wanted}"),))


def _said(scopes: Scopes) -> list[exp.Expr]:
    return [node for node in scopes.of_kind(*AGGREGATES) if not isinstance(node.parent, exp.Window)]


def _is_computed(known: tuple[Form, ...], said: list[exp.Expr], scopes: Scopes) -> bool:
    texts = {text for node in said for text in spellings(node, scopes)}
    texts |= {_as_average(text) for text in texts if text.startswith("(sum ")} if _divides(scopes) else set()
    return any(form.aggregates <= texts for form in known)


def _divides(scopes: Scopes) -> bool:
    return bool(scopes.of_kind(exp.Div))


def _as_average(text: str) -> str:
    """A sum that is divided may well be an average."""
    return "(avg " + text.removeprefix("(sum ")


def _instead(
    term: Term, known: tuple[Form, ...], said: list[exp.Expr], scopes: Scopes, context: CheckContext
) -> str:
    """What is computed in the metric's place, in words; empty where it is something else altogether."""
    columns = {form.columns for form in known}
    for node in said:
        if scopes.bases(node) in columns:
            return node.sql(dialect=context.dialect)
    texts = {text for node in said for text in spellings(node, scopes)}
    for other in context.terms:
        if other is term or other.unit != term.unit or not other.metric:
            continue
        for form in forms(other, context.schema):
            if form.plain and form.aggregates <= texts and _alike(form, known):
                return f"{other.term}, {form.sql}"
    return ""


def _alike(form: Form, known: tuple[Form, ...]) -> bool:
    """Whether a form is easily taken for another: the same aggregates, other columns of the same tables."""
    shape = {text.split(" ", 1)[0] for text in form.aggregates}
    tables = {table for table, _ in form.columns}
    return any(
        shape == {text.split(" ", 1)[0] for text in other.aggregates}
        and tables == {table for table, _ in other.columns}
        for other in known
    )
