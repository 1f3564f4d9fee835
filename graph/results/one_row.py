"""One number, where a list was asked for."""

import re

from sqlglot import exp

from graph.checks.finding import CheckContext, Finding
from graph.checks.named import named_terms
from graph.checks.scopes import first_select
from graph.results.remarks import Remarks, Seen

_NUMBER = r"(?:[2-9]|[1-9]\d+|two|three|four|five|six|seven|eight|nine|ten|dozen|twenty)"
_TOP = re.compile(
    rf"\b(?:top|bottom|first|best|worst|biggest|largest|smallest|highest|lowest) {_NUMBER}\b"
    r"(?! (?:day|week|month|quarter|year|hour)s?\b)"
)
_TIMES = re.compile(
    r"\b(?:by|for each|for every|each|every) (?:calendar )?(?:day|week|month|quarter|year|weekday)\b"
    r"|\b(month|week|year|quarter|day) by \1\b|\b(?:monthly|weekly|daily|yearly|quarterly)\b"
)
_BY = re.compile(r"(?:\b(\w+) )?\b(?:by|for each|for every)(?: (?:the|main|each|every))? $")
_DONE_BY = re.compile(r"(?:ed|en|ought|ade|ent|old|one|eft)$")
_SPLIT_BY = {
    "grouped",
    "divided",
    "sorted",
    "ordered",
    "listed",
    "ranked",
    "segmented",
    "compared",
    "counted",
    "broken",
}
_AVERAGE = re.compile(r"\b(?:average|avg|mean|median|typical|usual|usually|recurring|rate|fee|price)\b")


def one_row(seen: Seen) -> Remarks:
    """Find a single row that sums up what should have been told one by one.

    Applies when: the question asks for the top so many, or by a time, a table or a column of the glossary.
    Violated when: the statement aggregates without grouping, so that one row comes back.
    Says: that it is one figure for all.
    """
    if len(seen.result.rows) != 1 or not _sums_up(seen.tree) or not asks_for_list(seen.context):
        return Remarks()
    why = "the question asks for several rows, and this is one figure for all of them"
    return Remarks(findings=(Finding("one_row", "rows", why),))


def _sums_up(tree: exp.Expr) -> bool:
    select = tree if isinstance(tree, exp.Select) else None
    if select is None or first_select(tree) is not select or select.args.get("group") is not None:
        return False
    aggregates = [item.find(exp.AggFunc) for item in select.expressions]
    alone = len(select.expressions) == 1 and not select.expressions[0].find(exp.Case, exp.Window, exp.Query)
    return alone and all(aggregates)


def asks_for_list(context: CheckContext) -> bool:
    """Whether the words of a question ask for several rows."""
    text = context.question.lower()
    if _TOP.search(text):
        return True
    if _TIMES.search(text) and not _AVERAGE.search(text):
        return True
    for found in named_terms(text, context.terms):
        if not any(term.column or term.table for term in found.terms):
            continue
        by = _BY.search(text[: found.start])
        if by is None:
            continue
        before = by.group(1) or ""
        if before in _SPLIT_BY or not _DONE_BY.search(before):
            return True
    return False
