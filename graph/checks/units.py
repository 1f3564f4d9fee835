"""Euros are not compared with days, nor added to dollars."""

import re

import sqlglot
from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.remembered import remembered
from graph.checks.scopes import Base, Scopes, scopes_of
from knowledge.glossary import Term

_SAME = (exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Paren, exp.Neg, exp.Abs, exp.Round, exp.Cast, exp.Nullif)
_MONEY = re.compile(r"[A-Z]{3}|.*[€$£¥].*")
_SUMMING = (exp.Sum, exp.Avg, exp.Min, exp.Max)
_TOGETHER = (exp.Add, exp.Sub, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def units(tree: exp.Expr, context: CheckContext) -> Checked:
    """Find amounts of different units that are added up or compared.

    Applies when: the glossary gives both sides a `unit`: as columns, or as what a metric sums or averages.
    Violated when: the units differ. What is multiplied or divided has a unit of its own, and is not judged.
    Says: both units.
    Mends: words for the model.

    >>> # WHERE o.net_amount > su.lead_time_days  ->  finding: EUR and days
    """
    known = units_of(context.terms, context.dialect)
    if not known:
        return Checked(tree)
    scopes = scopes_of(tree, context.schema)
    findings = []
    for node in scopes.of_kind(*_TOGETHER):
        left, right = (unit_of(side, known, scopes) for side in (node.this, node.expression))
        if left and right and left != right:
            where = node.sql(dialect=context.dialect)
            done = "added up" if isinstance(node, exp.Add | exp.Sub) else "compared"
            why = f"{where}: {left} and {right} cannot be {done}"
            findings.append(Finding("units", where, why, "keep them apart, or convert one"))
    return Checked(tree, tuple(dict.fromkeys(findings)))


def unit_of(node: exp.Expr, known: dict[Base, str], scopes: Scopes) -> str:
    """The unit of an expression; empty where it has none that is known."""
    if isinstance(node, exp.Column):
        base = scopes.base_of(node)
        return known.get(base, "") if base is not None else ""
    if isinstance(node, _SAME):
        return unit_of(node.this, known, scopes)
    if isinstance(node, exp.Add | exp.Sub):
        return unit_of(node.this, known, scopes) or unit_of(node.expression, known, scopes)
    if isinstance(node, exp.Case):
        results = [branch.args["true"] for branch in node.args["ifs"]]
        found = {unit for result in results if (unit := unit_of(result, known, scopes))}
        return found.pop() if len(found) == 1 else ""
    if isinstance(node, exp.Coalesce):
        return unit_of(node.this, known, scopes)
    return ""


def is_money(unit: str) -> bool:
    """Whether a unit is a currency: EUR, US$."""
    return _MONEY.fullmatch(unit) is not None


@remembered
def units_of(terms: tuple[Term, ...], dialect: str) -> dict[Base, str]:
    """Stored column -> its unit: that of a term that is the column, or of a metric that only sums it up."""
    found: dict[Base, str] = {}
    for term in terms:
        if not term.unit:
            continue
        for sql in term.metric:
            tree = sqlglot.parse_one(sql, into=exp.Condition, dialect=dialect)
            column = tree.this if isinstance(tree, _SUMMING) else None
            if isinstance(column, exp.Column):
                found.setdefault((column.table, column.name), term.unit)
    for term in terms:
        if term.unit and term.column:
            table, _, name = term.column.rpartition(".")
            found[table, name] = term.unit
    return found
