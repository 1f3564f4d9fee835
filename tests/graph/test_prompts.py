import re
from typing import Any

import pytest

from graph.context import Context
from graph.models.base import Prompt
from graph.prompts import TAIL_TOKENS, about_tokens, chat_prompt
from graph.state import PastTurn
from knowledge.cards import Card
from knowledge.clock import FrozenClock
from knowledge.examples import Example
from knowledge.glossary import Term
from knowledge.link import Linked
from knowledge.retrieve import Retrieval
from tests.conftest import TODAY, FakeModel, shop_schema

LONG = "SELECT " + ", ".join(f"o.column_{n} AS readable_{n}" for n in range(40)) + " FROM orders o"
SHORT = "SELECT COUNT(*) FROM orders AS o"


@pytest.fixture
def context() -> Context:
    nothing: Any = None
    card = Card("orders", "", "orders o: order_id amount")
    return Context(nothing, shop_schema(), FakeModel(""), nothing, FrozenClock(TODAY), cards=(card,))


def asked(
    context: Context,
    question: str = "How many orders?",
    terms: tuple[Term, ...] = (),
    examples: tuple[str, ...] = (),
    past: tuple[PastTurn, ...] = (),
    complaint: str = "",
) -> Prompt:
    known = [(Example(f"question {n}", sql), 0.9) for n, sql in enumerate(examples)]
    found = Retrieval(Linked(question, question.lower(), (), ()), [], [(t, 1.0) for t in terms], known, [])
    return chat_prompt(context, found, past, complaint, "SELECT 1")


def test_the_head_is_the_same_for_every_question(context: Context) -> None:
    assert asked(context).head == asked(context, "Something else", complaint="no such table").head


def test_an_example_that_does_not_fit_makes_room_for_the_next(context: Context) -> None:
    tail = asked(context, examples=(LONG, SHORT)).tail

    assert "readable_39" not in tail
    assert SHORT in tail


def test_the_tail_stays_about_as_short_as_it_should(context: Context) -> None:
    terms = tuple(Term(f"term {n}", "", filter=f"orders.amount > {n}") for n in range(9))

    tail = asked(context, terms=terms, examples=(SHORT + " WHERE o.amount > 1",) * 9).tail

    assert about_tokens(tail) <= TAIL_TOKENS + 10
    assert "Terms:" in tail
    assert "Examples:" in tail


def test_a_term_that_only_repeats_the_name_of_its_table_is_left_out(context: Context) -> None:
    plain = Term("order", "", table="orders")
    telling = Term("buyer", "", table="customers")

    tail = asked(context, terms=(plain, telling)).tail

    assert "buyer: customers" in tail
    assert not re.search("^order:", tail, re.MULTILINE)


def test_a_complaint_only_adds_to_the_prompt_that_the_model_has_read(context: Context) -> None:
    before = asked(context, examples=(SHORT,)).tail

    assert asked(context, examples=(SHORT,), complaint="no such column").tail.startswith(before)


def test_the_question_before_takes_the_room_of_examples(context: Context) -> None:
    past: PastTurn = {"question": "Show all", "sql": LONG}

    tail = asked(context, examples=(SHORT,), past=(past,)).tail

    assert "The question before: Show all" in tail
    assert "Examples:" not in tail
