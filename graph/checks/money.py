"""Who asks for money is not answered with a count of rows."""

import re

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.named import named_terms
from graph.checks.scopes import Scopes, scopes_of
from graph.checks.units import is_money, units_of
from knowledge.glossary import Term
from knowledge.schema import Column

_WORDS = re.compile(
    r"\b(?:money|euros?|eur|dollars?|usd|pounds sterling|gbp|francs?|chf"
    r"|amounts?(?= (?:by|per|for each|in)\b|\W*$))\b|[€$£¥]"
)
_CODE = re.compile(r"[A-Z]{3}")
_COUNTING = re.compile(r"\b(?:number|count|how many|how often|amount of)\b|#")


def money(tree: exp.Expr, context: CheckContext) -> Checked:
    """Find statements that have nothing to do with money, where money is asked for.

    Applies when: the glossary gives a column a currency as its `unit`, and the question says money, a
    currency or an amount, or names a metric in a currency, and does not ask for a number of things.
    Violated when: the statement uses no column that is money, and names no currency.
    Says: what the question asks for.
    Mends: words for the model.
    """
    known = units_of(context.terms, context.dialect)
    if not any(is_money(unit) for unit in known.values()):
        return Checked(tree)
    asked = _asked(context)
    if not asked or _uses_money(scopes_of(tree, context.schema), context):
        return Checked(tree)
    why = f"the question asks for {asked}, and the statement has no amount of money"
    return Checked(tree, (Finding("money", asked, why, "sum up the amounts"),))


def _asked(context: CheckContext) -> str:
    """The word of the question that means money; empty where none does, or things are counted."""
    text = context.question.lower()
    if _COUNTING.search(text):
        return ""
    for found in named_terms(text, context.terms):
        if found.term is not None and _is_money(found.term, context):
            return found.term.term
        text = text[: found.start] + "_" * (found.end - found.start) + text[found.end :]
    word = _WORDS.search(text)
    return word.group(0) if word is not None else ""


def _is_money(term: Term, context: CheckContext) -> bool:
    """Whether a metric or a column is an amount, in a currency or in that of another column."""
    if not (term.metric or term.column):
        return False
    table, _, column = term.unit.rpartition(".")
    in_column = table in context.schema.by_name and column in context.schema.by_name[table].by_name
    return is_money(term.unit) or in_column


def _uses_money(scopes: Scopes, context: CheckContext) -> bool:
    known = units_of(context.terms, context.dialect)
    if any(literal.is_string and _CODE.fullmatch(literal.name) for literal in scopes.of_kind(exp.Literal)):
        return True
    for columns in scopes.columns.values():
        for column in columns:
            base = scopes.base_of(column)
            if base is None:
                continue
            found = context.schema.by_name[base[0]].by_name.get(base[1])
            if is_money(known.get(base, "")) or (base not in known and found is not None and _may_be(found)):
                return True
    return False


def _may_be(column: Column) -> bool:
    """A number with decimals of which the glossary says nothing may be money as well."""
    return column.is_number and "INT" not in column.type
