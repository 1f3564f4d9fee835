"""Expressions in words. What has none raises Unsaid."""

from collections.abc import Callable

from sqlglot import exp

from graph.explain.aggregates import AGGREGATES, aggregate, count
from graph.explain.arithmetic import difference, julian, product
from graph.explain.columns import column_words
from graph.explain.origins import Made, bare, within
from graph.explain.over import over
from graph.explain.periods import date, date_diff, event, extract, grain, truncated
from graph.explain.speaker import Speaker, Unsaid
from graph.explain.windows import moment, said


def value(node: exp.Expr, say: Speaker) -> str:
    """Raises Unsaid."""
    known = say.metric(node) if node.find(exp.AggFunc) and _may_be_metric(node) else None
    if known is not None:
        return known.term
    for kind, words in _FORMS:
        if isinstance(node, kind):
            return words(node, say)
    if isinstance(node, exp.Predicate):
        return f"whether {say.condition(node)}"
    raise Unsaid


def formula(node: exp.Expr, say: Speaker) -> str:
    """How an expression is made, though it may be a metric as a whole. Raises Unsaid."""
    for kind, words in _FORMS:
        if isinstance(node, kind):
            return words(node, say)
    raise Unsaid


def _column(node: exp.Expr, say: Speaker) -> str:
    assert isinstance(node, exp.Column)
    if isinstance(node.this, exp.Star):
        return "all columns"
    found = say.origins.of(node)
    if isinstance(found, Made):
        inner = bare(found.node)
        if inner is node or within(inner, node):
            raise Unsaid
        named = isinstance(found.node, exp.Alias) and found.alias and len(found.node.alias) > 2
        return found.node.alias.replace("_", " ") if named else say.value(inner)
    if found is None:
        raise Unsaid
    return column_words(found, say)


def _literal(node: exp.Expr, say: Speaker) -> str:
    when = moment(node)
    if when is not None:
        return said(when)
    if node.is_string:
        return f"'{node.name}'"
    return number(node.name)


def number(text: str) -> str:
    """'12500' -> '12,500'."""
    try:
        return f"{int(text):,}" if text.lstrip("-").isdigit() else f"{float(text):,.10g}"
    except ValueError:
        return text


def _case(node: exp.Expr, say: Speaker) -> str:
    if node.this is not None:
        subject = say.value(node.this)
        tests = [f"{subject} is {say.value(branch.this)}" for branch in node.args["ifs"]]
    else:
        tests = [say.condition(branch.this) for branch in node.args["ifs"]]
    branches = zip(node.args["ifs"], tests, strict=True)
    parts = [f"{say.value(branch.args['true'])} where {test}" for branch, test in branches]
    other = node.args.get("default")
    parts.append(f"else {say.value(other)}" if other is not None else "else empty")
    return ", ".join(parts)


def _if(node: exp.Expr, say: Speaker) -> str:
    other = node.args.get("false")
    otherwise = say.value(other) if other is not None else "empty"
    return f"{say.value(node.args['true'])} where {say.condition(node.this)}, else {otherwise}"


def _coalesce(node: exp.Expr, say: Speaker) -> str:
    others = [say.value(e) for e in node.expressions]
    return f"{say.value(node.this)} ({' or else '.join(others)} where empty)"


def _nullif(node: exp.Expr, say: Speaker) -> str:
    return f"{say.value(node.this)} (empty where it is {say.value(node.expression)})"


def _joined_text(node: exp.Expr, say: Speaker) -> str:
    parts = list(node.flatten()) if isinstance(node, exp.DPipe) else node.expressions
    columns = [s for p in parts if (s := say.origins.stored(bare(p)))]
    names = [s.column.name for s in columns]
    between = [p for p in parts if not isinstance(bare(p), exp.Column)]
    if names == ["first_name", "last_name"] and all(p.is_string and not p.name.strip() for p in between):
        return f"name of the {say.noun(columns[0])}"
    formats = [t.args["format"].name for p in parts for t in p.find_all(exp.TimeToStr)]
    if formats == ["%Y", "%m"] and any(p.is_string and p.name.strip(" -").upper() == "Q" for p in parts):
        first = next(t for p in parts for t in p.find_all(exp.TimeToStr))
        return f"quarter {event(first.this, say)}"
    return " followed by ".join(say.value(p) for p in parts)


def _filtered(node: exp.Expr, say: Speaker) -> str:
    return f"{say.value(node.this)} where {say.condition(node.expression.this)}"


def _subquery(node: exp.Expr, say: Speaker) -> str:
    from graph.explain.nested import scalar

    inner = node.this if isinstance(node, exp.Subquery) else node
    return scalar(inner, say)


def _anonymous(node: exp.Expr, say: Speaker) -> str:
    if not node.expressions:
        raise Unsaid
    if day := julian(node, say):
        return f"day {day}"
    return f"{node.name.upper()} of ({', '.join(say.value(e) for e in node.expressions)})"


def _within(words: str) -> Callable[[exp.Expr, Speaker], str]:
    return lambda node, say: words.format(say.value(node.this))


def _round(node: exp.Expr, say: Speaker) -> str:
    return say.value(node.this)


def _cast(node: exp.Expr, say: Speaker) -> str:
    when = moment(node)
    return said(when) if when is not None else say.value(node.this)


def _may_be_metric(node: exp.Expr) -> bool:
    return isinstance(node, exp.AggFunc | exp.Binary | exp.Paren | exp.Round | exp.Coalesce | exp.Func)


_FORMS: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[[exp.Expr, Speaker], str]], ...] = (
    (exp.Column, _column),
    (exp.Literal, _literal),
    (exp.Null, lambda node, say: "empty"),
    (exp.Boolean, lambda node, say: "yes" if node.this else "no"),
    (exp.Paren, lambda node, say: say.value(node.this)),
    (exp.Alias, lambda node, say: say.value(node.this)),
    (exp.Neg, lambda node, say: f"minus {say.value(node.this)}"),
    (exp.Count, count),
    (tuple(AGGREGATES), aggregate),
    (exp.Case, _case),
    (exp.If, _if),
    (exp.Coalesce, _coalesce),
    (exp.Nullif, _nullif),
    (exp.Round, _round),
    ((exp.Cast, exp.TryCast), _cast),
    ((exp.Mul, exp.Div), product),
    ((exp.Add, exp.Sub), difference),
    (exp.TimeToStr, grain),
    ((exp.TsOrDsToTimestamp, exp.TsOrDsToDate), lambda node, say: say.value(node.this)),
    ((exp.TimestampTrunc, exp.DateTrunc), truncated),
    (exp.Extract, extract),
    (exp.Date, date),
    (exp.DateDiff, date_diff),
    (exp.CurrentDate, lambda node, say: "today"),
    (exp.CurrentTimestamp, lambda node, say: "now"),
    ((exp.DPipe, exp.Concat), _joined_text),
    (exp.Window, over),
    (exp.Filter, _filtered),
    ((exp.Subquery, exp.Select), _subquery),
    (exp.Lower, _within("{} in small letters")),
    (exp.Upper, _within("{} in capitals")),
    (exp.Trim, _within("{} without spaces around")),
    (exp.Abs, _within("size of {}")),
    (exp.Length, _within("length of {}")),
    (exp.Anonymous, _anonymous),
)
