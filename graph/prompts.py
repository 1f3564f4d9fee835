"""What a chat model reads. The head is constant for a workspace and stays in the model's cache."""

import re
from collections.abc import Iterable, Sequence

from graph.checks import Finding, strip_rules
from graph.checks.parse import parse
from graph.context import Context
from graph.followup import PastTurn, answered, whole_question
from graph.models.base import Prompt
from knowledge.cards import Card
from knowledge.examples import Example
from knowledge.glossary import Term
from knowledge.link import Linked, Slot
from knowledge.retrieve import Retrieval
from knowledge.words import key

NO_ANSWER = "NO ANSWER:"
HEAD_CHARACTERS = 3000
"""Cards longer than this in all are not put into the head; the retrieved ones go to the tail."""
MOST_CARDS, MOST_EXAMPLES, MOST_TERMS = 5, 2, 4
TAIL_TOKENS = 185
"""Terms and examples are given while the tail stays about this short: a local model reads it each time."""

_TOKEN = re.compile(r"_?[^\W\d_]+|\d|[^\w\s]+|\n")

_DIALECTS = {"sqlite": "SQLite", "postgres": "PostgreSQL", "mysql": "MySQL", "duckdb": "DuckDB"}

_HEAD = """\
You write {dialect}. Today is {today}.
Answer with one SELECT statement and nothing else.
Select what is asked for, with readable names.
Use the tables below with their aliases; > names the table that a column points to.
Write values as given; a period is `>= first day AND < day after the last`.
Filter only as the question says: business rules are added later.
If the tables cannot answer, write {no_answer} and what is missing.
"""


def chat_prompt(
    context: Context, retrieval: Retrieval, past: Sequence[PastTurn] = (), complaint: str = "", sql: str = ""
) -> Prompt:
    """Head and tail for a question; `complaint` is what was wrong with `sql`, the try before."""
    compact = [card.compact for card in context.cards]
    in_head = sum(map(len, compact)) <= HEAD_CHARACTERS
    tables = "" if in_head else _listed("Tables:", [card.compact for card in _cards(retrieval)])
    values = _listed("Values and dates:", _linked(retrieval.linked))
    before = _previous(past)
    question = f"Question: {retrieval.linked.question}"
    room = TAIL_TOKENS - sum(map(about_tokens, (values, before, question)))
    terms = _listed("Terms:", _fitting(map(_term, _terms(retrieval)), room // 2))
    room -= about_tokens(terms)
    examples = _listed("Examples:", _fitting((_example(e, context) for e in _examples(retrieval)), room))
    wrong = f"This was wrong: {sql}\nbecause: {complaint}\nWrite a better one." if complaint else ""
    parts = [tables, values, terms, examples, before, question, wrong]
    return Prompt(_head(context, compact if in_head else []), "\n".join(part for part in parts if part))


def about_tokens(text: str) -> int:
    """How many tokens a common tokenizer makes of this: each word, digit and run of signs counts.

    >>> about_tokens("o.ordered_at >= '2025-10-01'")
    17
    """
    return len(_TOKEN.findall(text))


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    """The lines that fit, the first ones first."""
    kept = []
    for line in lines:
        if (tokens := about_tokens(line) + 1) <= room:
            kept.append(line)
            room -= tokens
    return kept


def _head(context: Context, cards: list[str]) -> str:
    head = _HEAD.format(
        dialect=_DIALECTS.get(context.schema.dialect, context.schema.dialect),
        today=f"{context.clock.today():%A, %Y-%m-%d}",
        no_answer=NO_ANSWER,
    )
    return head + _listed("Tables:", cards)


def _cards(retrieval: Retrieval) -> list[Card]:
    return [card for card, _ in retrieval.cards[:MOST_CARDS]]


def _terms(retrieval: Retrieval) -> list[Term]:
    """The terms that tell more than the name of a table or column does."""
    return [term for term, _ in retrieval.terms if not _is_plain(term)][:MOST_TERMS]


def _is_plain(term: Term) -> bool:
    return not (term.metric or term.filter) and key(term.term) in key(
        (term.column or term.table).replace("_", " ")
    )


def _examples(retrieval: Retrieval) -> list[Example]:
    return [example for example, _ in retrieval.examples[:MOST_EXAMPLES]]


def _listed(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *lines]) if lines else ""


def _linked(linked: Linked) -> list[str]:
    lines = [f"{hit.text}: {hit.table}.{hit.column} = '{hit.value}'" for hit in linked.hits]
    return [*lines, *(line for slot in linked.slots if (line := _slot(slot)))]


def _slot(slot: Slot) -> str:
    if slot.kind == "value":
        readings = [f"{r.table}.{r.column} = '{r.value}'" for r in slot.readings[:3]]
        return f"{slot.text}: {' or '.join(readings)}"
    if slot.kind == "date" and slot.window is not None:
        return f"{slot.text}: >= '{slot.window.first}' AND < '{slot.window.last}'"
    return ""


def _term(term: Term) -> str:
    sql = " or ".join(term.metric) or term.filter or term.column or term.table
    return f"{term.term}: {sql}" if sql else f"{term.term}: {term.meaning}"


def _example(example: Example, context: Context) -> str:
    """Question and SQL, without what the rules would add."""
    check = context.check(example.question)
    tree = parse(example.sql, check)
    if isinstance(tree, Finding):
        return f"{example.question}\n{example.sql}"
    bare = strip_rules(tree, context.schema, context.rules, example.question)
    return f"{example.question}\n{bare.sql(dialect=context.schema.dialect)}"


def _previous(past: Sequence[PastTurn]) -> str:
    turns = answered(past)
    if not turns:
        return ""
    return f"The question before: {whole_question(turns[-1])}\nand its SQL: {turns[-1]['sql']}"
