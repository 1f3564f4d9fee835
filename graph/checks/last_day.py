"""A period that ends with a day, held against moments, ends when that day begins."""

import datetime as dt

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes, scopes_of
from knowledge.schema import Schema

_CALLS = (exp.Date, exp.TsOrDsToDate, exp.Cast, exp.Paren)


def last_day(tree: exp.Expr, context: CheckContext) -> Checked:
    """Let a period of days hold the whole of its last day.

    Applies when: a column of moments (date and time) is compared with days, by BETWEEN or by `<=`.
    Violated when: the last day is given without a time, so that all but its midnight is lost.
    Says: that the last day was taken in.
    Mends: `>=` the first day and `<` the day after the last. A BETWEEN from the first of a month to the first
    of another is left alone: it may well mean the months between.

    >>> # o.ordered_at BETWEEN '2025-10-01' AND '2025-10-31'
    >>> # ->  o.ordered_at >= '2025-10-01' AND o.ordered_at < '2025-11-01'
    """
    if not _places(scopes_of(tree, context.schema)):
        return Checked(tree)
    tree = tree.copy()
    findings = []
    for node, last in _places(Scopes(tree, context.schema)):
        where = node.sql(dialect=context.dialect)
        why = f"{node.this.sql(dialect=context.dialect)} holds times, and {last} would end when it begins"
        findings.append(Finding("last_day", where, why, "the whole day was taken in", mended=True))
        _extend(node, last)
    return Checked(tree, tuple(findings))


def _places(scopes: Scopes) -> list[tuple[exp.Expr, dt.date]]:
    found = []
    for node in scopes.of_kind(exp.Between, exp.LTE):
        if not isinstance(node.this, exp.Column) or not _holds_times(node.this, scopes):
            continue
        last = _day(node.args["high"] if isinstance(node, exp.Between) else node.expression)
        if last is None:
            continue
        if isinstance(node, exp.Between) and (node.args.get("symmetric") or _months(node, last)):
            continue
        found.append((node, last))
    return found


def _holds_times(column: exp.Column, scopes: Scopes) -> bool:
    base = scopes.base_of(column)
    return base is not None and holds_times(scopes.schema, *base)


def holds_times(schema: Schema, table: str, name: str) -> bool:
    """Whether a column's type is one of moments: days with a time."""
    found = schema.by_name[table].by_name.get(name)
    return found is not None and ("TIMESTAMP" in found.type or "DATETIME" in found.type)


def _day(node: exp.Expr) -> dt.date | None:
    """The day that a literal stands for, also as DATE '...' and DATE('...')."""
    while isinstance(node, _CALLS):
        if isinstance(node, exp.Cast) and not node.to.is_type("date"):
            return None
        if isinstance(node, exp.Date | exp.TsOrDsToDate) and (
            node.args.get("expressions") or node.args.get("zone")
        ):
            return None
        node = node.this
    if not isinstance(node, exp.Literal) or not node.is_string or len(node.name) != len("2025-11-14"):
        return None
    try:
        return dt.date.fromisoformat(node.name)
    except ValueError:
        return None


def _months(node: exp.Expr, last: dt.date) -> bool:
    first = _day(node.args["low"])
    return first is not None and first.day == last.day == 1 and first != last


def _extend(node: exp.Expr, last: dt.date) -> None:
    column = node.this
    after = exp.LT(this=column.copy(), expression=_next(node, last))
    if isinstance(node, exp.LTE):
        node.replace(after)
        return
    since = exp.GTE(this=column.copy(), expression=node.args["low"].copy())
    both = exp.And(this=since, expression=after)
    alone = isinstance(node.parent, exp.Where | exp.And | exp.Having | exp.Join | exp.Paren)
    node.replace(both if alone else exp.Paren(this=both))


def _next(node: exp.Expr, last: dt.date) -> exp.Expr:
    """The day after, written as the last day was."""
    given: exp.Expr = (node.args["high"] if isinstance(node, exp.Between) else node.expression).copy()
    after = exp.Literal.string((last + dt.timedelta(days=1)).isoformat())
    if isinstance(given, exp.Literal):
        return after
    literal = given.find(exp.Literal)
    assert literal is not None
    literal.replace(after)
    return given
