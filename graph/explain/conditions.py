"""Conditions in words."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlglot import exp

from graph.checks.scopes import conjuncts
from graph.explain.comparing import SIGNS, comparison, value_of
from graph.explain.joins import Joins
from graph.explain.origins import bare
from graph.explain.periods import event
from graph.explain.spans import span_of
from graph.explain.speaker import Speaker, Unsaid
from graph.explain.windows import moment, said, span


def all_of(tree: exp.Expr, say: Speaker, joins: Joins | None = None) -> list[str]:
    """The parts that AND joins, each in words; those that are a join's key are left to the join.

    Raises Unsaid.
    """
    keyed = {id(key) for joined in (joins.sources if joins else ()) for key in joined.keyed}
    return grouped([part for part in conjuncts(tree) if id(part) not in keyed], say)


def grouped(parts: Sequence[exp.Expr], say: Speaker) -> list[str]:
    """Conditions in words; the two ends of a span of days become one. Raises Unsaid."""
    found: list[str] = []
    taken: set[int] = set()
    for place, part in enumerate(parts):
        if id(part) in taken:
            continue
        others = (other for other in parts[place + 1 :] if id(other) not in taken)
        pair = next((p for other in others if (p := span_of(part, other, say))), None)
        if pair is not None:
            taken.add(id(pair[1]))
        found.append(pair[0] if pair is not None else say.condition(part))
    return found


def condition(node: exp.Expr, say: Speaker) -> str:
    """One condition: a filter of the glossary by its name, else its parts. Raises Unsaid."""
    node = bare(node)
    if (term := say.words.filter(say.spelled(node))) is not None:
        return term.term
    for kind, words in _FORMS:
        if isinstance(node, kind):
            return words(node, say)
    if isinstance(node, exp.Column):
        return f"{say.value(node)} is yes"
    raise Unsaid


def _and(node: exp.Expr, say: Speaker) -> str:
    return " and ".join(all_of(node, say))


def _or(node: exp.Expr, say: Speaker) -> str:
    parts = []
    for part in node.flatten():
        inner = bare(part)
        words = say.condition(inner)
        parts.append(f"({words})" if isinstance(inner, exp.And) else words)
    return f"either {' or '.join(parts)}"


def _compared(node: exp.Expr, say: Speaker) -> str:
    return comparison(type(node), node.this, node.expression, say)


def _in(node: exp.Expr, say: Speaker, *, none: bool = False) -> str:
    from graph.explain.nested import among

    left, query = bare(node.this), node.args.get("query")
    if query is not None:
        return among(left, query, say, none=none)
    if node.args.get("unnest") or node.args.get("field"):
        raise Unsaid
    values = [value_of(left, value, say) for value in node.expressions]
    if len(values) == 1:
        return f"{say.value(left)} is {'not ' if none else ''}{values[0]}"
    return f"{say.value(left)} is {'none of' if none else 'one of'} {', '.join(values)}"


def _between(node: exp.Expr, say: Speaker, *, outside: bool = False) -> str:
    if node.args.get("symmetric"):
        raise Unsaid
    left, low, high = bare(node.this), node.args["low"], node.args["high"]
    first, last = moment(low), moment(high)
    lead = "not " if outside else ""
    if first is None or last is None:
        return f"{say.value(left)} is {lead}from {value_of(left, low, say)} to {value_of(left, high, say)}"
    stored = say.origins.stored(left)
    timed = stored is not None and "TIME" in stored.column.type
    whole = not timed and not isinstance(first, dt.datetime) and not isinstance(last, dt.datetime)
    if whole and last >= first:
        return f"{event(left, say)} {lead}{span(first, last + dt.timedelta(days=1))}"
    clock = "" if isinstance(last, dt.datetime) else ", 0:00"
    return f"{event(left, say)} {lead}from {said(first)} up to {said(last)}{clock}"


def _is(node: exp.Expr, say: Speaker, *, negated: bool = False) -> str:
    left, right = bare(node.this), bare(node.expression)
    if isinstance(right, exp.Boolean):
        return f"{say.value(left)} is {'not ' if negated else ''}{'yes' if right.this else 'no'}"
    if not isinstance(right, exp.Null):
        return comparison(exp.NEQ if negated else exp.EQ, left, right, say)
    stored = say.origins.stored(left)
    verb = say.words.verbs.get(stored.full_name) if stored is not None else None
    if verb and stored is not None:
        return f"{say.noun(stored)} {verb if negated else f'not {verb}'}"
    return f"{say.value(left)} is {'filled' if negated else 'empty'}"


def _like(node: exp.Expr, say: Speaker, *, negated: bool = False) -> str:
    pattern = bare(node.expression)
    lead = "does not " if negated else ""
    what = say.value(node.this)
    case = ", whatever its case" if isinstance(node, exp.ILike) else ""
    text = pattern.name if isinstance(pattern, exp.Literal) else ""
    inner = text.strip("%")
    if inner and "%" not in inner and "_" not in text:
        form = {
            (True, True): ("contain", "contains"), (False, True): ("begin with", "begins with"),
            (True, False): ("end with", "ends with"), (False, False): ("read", "reads"),
        }[text.startswith("%"), text.endswith("%")]  # fmt: skip
        return f"{what} {lead + form[0] if negated else form[1]} '{inner}'{case}"
    shown = f"'{text}'" if isinstance(pattern, exp.Literal) else say.value(pattern)
    return f"{what} {lead + 'match' if negated else 'matches'} the pattern {shown}{case}"


def _exists(node: exp.Expr, say: Speaker, *, none: bool = False) -> str:
    from graph.explain.nested import present

    return present(node.this, say, none=none)


def _not(node: exp.Expr, say: Speaker) -> str:
    inner = bare(node.this)
    if (term := say.words.filter(say.spelled(inner))) is not None:
        return f"no {term.term}"
    match inner:
        case exp.In():
            return _in(inner, say, none=True)
        case exp.Exists():
            return _exists(inner, say, none=True)
        case exp.Is():
            return _is(inner, say, negated=True)
        case exp.Between():
            return _between(inner, say, outside=True)
        case exp.Like() | exp.ILike():
            return _like(inner, say, negated=True)
        case exp.Not():
            return say.condition(inner.this)
    return f"not ({say.condition(inner)})"


_FORMS: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[[exp.Expr, Speaker], str]], ...] = (
    (exp.And, _and),
    (exp.Or, _or),
    (exp.Not, _not),
    (tuple(SIGNS), _compared),
    (exp.In, _in),
    (exp.Between, _between),
    (exp.Is, _is),
    ((exp.Like, exp.ILike), _like),
    (exp.Exists, _exists),
    (exp.Boolean, lambda node, say: "always" if node.this else "never"),
)
