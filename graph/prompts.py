"""What a chat model reads. The head is constant for a workspace and stays in the model's cache."""

from collections.abc import Sequence

from graph.checks import Finding, strip_rules
from graph.checks.parse import parse
from graph.context import Context
from graph.models.base import Prompt
from graph.state import PastTurn
from knowledge.cards import Card
from knowledge.examples import Example
from knowledge.glossary import Term
from knowledge.link import Linked, Slot
from knowledge.retrieve import Retrieval

NO_ANSWER = "NO ANSWER:"
HEAD_CHARACTERS = 3000
"""Cards longer than this in all are not put into the head; the retrieved ones go to the tail."""
MOST_CARDS, MOST_EXAMPLES, MOST_TERMS = 5, 2, 4

_DIALECTS = {"sqlite": "SQLite", "postgres": "PostgreSQL", "mysql": "MySQL", "duckdb": "DuckDB"}

_HEAD = """\
You write {dialect} queries. Today is {today}.
Answer with one SELECT statement and nothing else.
- Use only the tables and columns below; give every table an alias.
- Select what the question asks for, with readable names, and no other column.
- Write values exactly as they are given; a period is `>= first day AND < day after the last`.
- Leave out filters that the question does not ask for; business rules are added afterwards.
- If the tables cannot answer, write {no_answer} and what is missing.
"""


def chat_prompt(
    context: Context, retrieval: Retrieval, past: Sequence[PastTurn] = (), complaint: str = "", sql: str = ""
) -> Prompt:
    """Head and tail for a question; `complaint` is what was wrong with `sql`, the try before."""
    compact = [card.compact for card in context.cards]
    in_head = sum(map(len, compact)) <= HEAD_CHARACTERS
    parts = [
        "" if in_head else _listed("Tables:", [card.compact for card in _cards(retrieval)]),
        _listed("Values and dates:", _linked(retrieval.linked)),
        _listed("Terms:", [_term(term) for term in _terms(retrieval)]),
        _listed("Examples:", [_example(e, context) for e in _examples(retrieval)]),
        _previous(past),
        f"Question: {retrieval.linked.question}",
        f"This was wrong: {sql}\nbecause: {complaint}\nWrite a better one." if complaint else "",
    ]
    return Prompt(_head(context, compact if in_head else []), "\n".join(part for part in parts if part))


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
    return [term for term, _ in retrieval.terms[:MOST_TERMS]]


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
    if not past:
        return ""
    return f"The question before: {past[-1]['question']}\nand its SQL: {past[-1]['sql']}"
