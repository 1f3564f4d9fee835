"""Has a statement the form that is asked for: a count or a sum, one figure or one for each, which end?"""

import re
from collections.abc import Callable

from sqlglot import exp

from graph.roots import root
from graph.vocabulary import Vocabulary
from knowledge.schema import Column, Schema

_UP = re.compile(r"\b(?:top|most|highest|biggest|largest|best|longest|latest|newest|greatest)\b")
_DOWN = re.compile(
    r"\b(?:least|lowest|smallest|fewest|bottom|worst|shortest|earliest|oldest|cheapest|fastest|ascending)\b"
)
_NOT = re.compile(
    r"\b(?:not|no|never|nobody|none|nothing|without|neither|nor|lack\w*|missing|except|excluding|exclude|other\s+than|apart"
    r"|un(?:paid|sold|shipped|used|answered|solved|opened|assigned|rated|delivered|finished|\w+ed)|yet|inactive|incomplete)\b"
    r"|\b(?:is|are|was|were|do|does|did|has|have|had|ca|could|wo|would|should)n['\u2019]?t\b"
)
_BY = re.compile(r"\b(?:by|per)\s+(?:the\s+)?([a-z]+)\b")
_EACH = re.compile(
    r"\b(?:by|per|each|every|which|who|whose|where|list|split|broken|breakdown|trend|monthly|weekly|daily|yearly|compared?"
    r"|comparison|versus|vs|against|both|respectively|distribution|top|bottom|most|least|and)\b|,|:"
)
_ONE_FIGURE = re.compile(
    r"^\W*(?:\w+\W+){0,2}?(?:how\s+(?:many|much)|number\s+of|total|sum\s+of|count\s+of)\b"
)
_MONEY = re.compile(
    r"\b(?:amounts?|money|euros?|eur|revenue|turnover|takings|income|spen[dt]|worth|earn\w*|profit\w*|margin)\b|[€$£]"
)
_HOW_MANY = re.compile(
    r"\bhow\s+many\s+(?!days|hours|minutes|weeks|months|percent|%)|\b(?:number|count)\s+of\b"
)
_HOW_BIG = re.compile(r"\bhow\s+(?:big|large|high|tall|long|old|far|deep|wide|heavy|much)\b")
_WHICH_HAS = re.compile(r"^\W*(?:which|what)\s+([a-z]+)\s+(?:has|have|had|is|are)\b")
_AVERAGE = re.compile(r"\b(?:average|averages|avg|mean|on\s+average|typical|typically)\b")
_SHARE = re.compile(r"\b(?:percent|percentage|share|proportion|fraction)\b|%")
_DAYS, _HOURS = re.compile(r"\bdays\b"), re.compile(r"\bhours\b")
_TOP = re.compile(
    r"\b(?:top|bottom|first|last)\s+<n\d>|<n\d>\s+(?:\w+\s+){0,2}(?:best|biggest|largest|highest|lowest|smallest|worst)\b"
)

_LIMIT = re.compile(
    r"\b(?:(?:more|less|fewer|higher|lower|bigger|larger|smaller|older|newer|later|earlier)\s+than|over|above|exceed\w*"
    r"|under|below|beneath|at\s+(?:least|most)|up\s+to|minimum|maximum)\b"
)
_ENDS = {"up": _UP, "down": _DOWN}
_FORMS = {"not": _NOT, "average": _AVERAGE, "share": _SHARE, "limit": _LIMIT}

Check = Callable[[exp.Expr, str, Vocabulary], bool]


def contradictions(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> int:
    """How many forms of the statement go against the question's words; `text` has slots for its literals."""
    return sum(check(tree, text, vocabulary) for check in CHECKS)


def asks_the_same(text: str, known: str) -> bool:
    """Whether a question asks for the same form as a known one: negation, mean, share and bounds in both or
    in neither, and an end ('most', 'lowest') only where the known one has it too.
    """
    text, known = text.lower(), known.lower()
    forms = all(bool(form.search(text)) == bool(form.search(known)) for form in _FORMS.values())
    return forms and all(bool(end.search(known)) for end in _ENDS.values() if end.search(text))


def sorts(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """The lowest where the highest are asked for, or the other way round."""
    order = tree.args.get("order")
    if order is None or tree.args.get("limit") is None:
        return False
    down = bool(order.expressions[0].args.get("desc"))
    up_said, down_said = bool(_UP.search(text)), bool(_DOWN.search(text))
    return up_said != down_said and up_said != down


def limits(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """All rows where so many of them are asked for."""
    return _TOP.search(text) is not None and tree.find(exp.Limit) is None


def negates(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """Nothing is negated where the question does so, or something is absent where it does not."""
    if _NOT.search(text):
        outer = any(join.side for join in tree.find_all(exp.Join))
        return not outer and all(tree.find(kind) is None for kind in (exp.Not, exp.NEQ, exp.Is, exp.Except))
    return any(isinstance(node.this, exp.Exists | exp.In) for node in tree.find_all(exp.Not))


def groups(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """One figure where one for each is asked for, or one for each where one is."""
    if tree.find(exp.AggFunc) is None:
        return False
    if tree.find(exp.Group) is None:
        said = _BY.search(text)
        cases = tree.find(exp.Case) is not None
        return said is not None and not cases and bool(vocabulary.places(root(said[1])))
    return _ONE_FIGURE.search(text) is not None and _EACH.search(text) is None


def counts(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """Rows are counted where money is asked for, or money is summed where rows are."""
    shown = tree.expressions if isinstance(tree, exp.Select) else []
    found = [node for item in shown for node in item.find_all(exp.AggFunc)]
    if not found:
        return False
    if all(isinstance(node, exp.Count) for node in found):
        return _MONEY.search(text) is not None and _HOW_MANY.search(text) is None and not _SHARE.search(text)
    return False


def averages(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """No mean where one is asked for."""
    return _AVERAGE.search(text) is not None and tree.find(exp.Avg, exp.Div) is None


def shares(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """No share where one is asked for."""
    return (
        _SHARE.search(text) is not None and tree.find(exp.Avg, exp.Div) is None and not _is_stored_share(tree)
    )


def _is_stored_share(tree: exp.Expr) -> bool:
    return any(re.search(r"pct|percent|rate|share", column.name) for column in tree.find_all(exp.Column))


def measures_time(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """Hours where days are asked for, or days where hours are."""
    shown = tree.expressions if isinstance(tree, exp.Select) else []
    spans = [
        node
        for item in shown
        for node in item.find_all(exp.Sub)
        if "julianday" in node.sql().lower() and node.find(exp.Column) is not None
    ]
    if not spans:
        return False
    hours = any("24" in item.sql() for item in shown)
    return (hours and bool(_DAYS.search(text)) and not _HOURS.search(text)) or (
        not hours and bool(_HOURS.search(text)) and not _DAYS.search(text)
    )


def extremes(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """The least is looked up where the most is asked for, or the other way round: x = (SELECT MIN(x) ...)."""
    nested = (select for select in tree.find_all(exp.Select) if isinstance(select.parent, exp.Subquery))
    ends = {type(item) for select in nested for item in select.expressions} & {exp.Max, exp.Min}
    up_said, down_said = bool(_UP.search(text)), bool(_DOWN.search(text))
    return len(ends) == 1 and up_said != down_said and up_said != (exp.Max in ends)


def names(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """Names alone where a number is asked for."""
    if not (_HOW_MANY.search(text) or _HOW_BIG.search(text)):
        return False
    shown = _shown(tree, vocabulary.schema)
    return bool(shown) and all(place and _column(place, vocabulary.schema).is_text for place in shown)


def figures(tree: exp.Expr, text: str, vocabulary: Vocabulary) -> bool:
    """Figures alone where it is asked which row has them: 'what state has the largest population'."""
    asked, schema = _WHICH_HAS.search(text), vocabulary.schema
    if asked is None or all("." in place for place in vocabulary.places(root(asked[1]))):
        return False
    shown = _shown(tree, schema)
    return bool(shown) and all(place and _is_figure(place, schema) for place in shown)


Place = tuple[str, str]
"""A table and its column."""


def _shown(tree: exp.Expr, schema: Schema) -> list[Place | None]:
    """The columns of the select list; None for what is no plain column."""
    tables = {table.alias_or_name: table.name for table in tree.find_all(exp.Table)}
    shown = [item.unalias() for item in tree.expressions] if isinstance(tree, exp.Select) else []
    places = [
        (tables.get(item.table, ""), item.name) if isinstance(item, exp.Column) else None for item in shown
    ]
    return [
        place
        if place and place[0] in schema.by_name and place[1] in schema.by_name[place[0]].by_name
        else None
        for place in places
    ]


def _column(place: Place, schema: Schema) -> Column:
    return schema.by_name[place[0]].by_name[place[1]]


def _is_figure(place: Place, schema: Schema) -> bool:
    """A number that names no row: neither a key of its table nor one that points to another."""
    is_key = place[1] in schema.by_name[place[0]].primary_key or place in schema.sources
    return _column(place, schema).is_number and not is_key


CHECKS: tuple[Check, ...] = (
    *(sorts, limits, negates, groups, counts, averages, shares, measures_time),
    *(extremes, names, figures),
)
