"""A specialist that follows is asked besides: behind an example, or behind the turn that is edited."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.agent import Agent
from graph.context import Context
from graph.followup.leaning import numbered_on
from graph.outcome import Answered
from knowledge.examples import Example
from tests.conftest import FakeModel
from tests.graph.following import Retriever, following, shop_context

REVENUE = "SELECT SUM(o.amount) FROM orders o"
IN_OCTOBER = (
    "SELECT SUM(o.amount) FROM orders o JOIN customers cu ON cu.customer_id = o.customer_id "
    "WHERE {rule}o.ordered_at >= {first} AND o.ordered_at < {last}"
)
TAKINGS = Example(
    "Takings in October",
    IN_OCTOBER.format(rule="cu.is_test = 0 AND ", first="'2025-10-01'", last="'2025-11-01'"),
    origin="correction",
    by="Nadia",
)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = shop_context(tmp_path, TAKINGS, 0.8)
    yield made
    made.database.close()


def prompts(context: Context, *questions: str) -> list[str]:
    agent = Agent(context)
    for question in questions:
        agent.ask(question, "thread")
    assert isinstance(context.model, FakeModel)
    return [prompt.tail for prompt in context.model.prompts]


def test_a_question_is_shown_the_nearest_example_without_what_rules_add(context: Context) -> None:
    plain, led = prompts(context, "revenue by channel")[:2]
    assert plain == "<|ask|>revenue by channel<|sql|>"
    shown = IN_OCTOBER.format(rule="", first="<d1a>", last="<d1b>")
    assert led == f"<|ask|>takings <d1><|sql|>{shown}<|end|>{plain}"


def test_where_only_an_example_explains_a_word_nothing_is_asked_without_it(context: Context) -> None:
    asked = prompts(context, "takings by channel")
    assert all(text.startswith("<|ask|>takings <d1><|sql|>SELECT") for text in asked)
    assert asked[0].endswith("<|end|><|ask|>takings by channel<|sql|>")


def test_a_word_that_an_example_explained_is_told_and_for_the_reader_to_check(context: Context) -> None:
    model = following("SELECT o.channel, SUM(o.amount) FROM orders o GROUP BY 1")
    turn = Agent(replace(context, model=model)).ask("takings by channel")
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.notes[0] == "'takings' as in 'Takings in October', verified by Nadia"
    assert turn.outcome.check


def test_an_example_that_is_far_away_is_not_shown(context: Context) -> None:
    far: Any = Retriever(context.retriever.linker, TAKINGS, 0.3)
    assert not any("takings" in prompt for prompt in prompts(replace(context, retriever=far), "revenue"))


def test_who_never_learnt_it_is_shown_nothing(context: Context) -> None:
    model = FakeModel(REVENUE, format="specialist")
    assert all("<|end|>" not in text for text in prompts(replace(context, model=model), "takings by channel"))


def test_what_the_model_says_behind_an_example_can_be_the_answer(context: Context) -> None:
    model = following(
        "SELECT nothing FROM nowhere", "SELECT o.channel, SUM(o.amount) FROM orders o GROUP BY 1"
    )
    turn = Agent(replace(context, model=model)).ask("revenue by channel")
    assert isinstance(turn.outcome, Answered)
    assert len(turn.outcome.result.columns) == 2
    assert turn.record.prompts[1]["tail"] == model.prompts[1].tail


def test_an_edit_that_the_grammar_cannot_read_is_shown_the_turn_before(context: Context) -> None:
    asked = prompts(context, "revenue in october", "and frobnicated in september")
    edits = [text for text in asked if text.startswith("<|ask|>revenue <d1><|sql|>SELECT")]
    assert len(edits) == 1
    assert edits[0].endswith("<|ask|>and frobnicated <d2><|sql|>")


def test_the_slots_of_an_edit_are_counted_on(context: Context) -> None:
    linker = context.retriever.linker
    found = numbered_on(linker.link("orders above 5 in october"), linker.link("and above 7 in september"))
    assert found is not None
    assert found.own.text == "and above <n2> <d2>"
    assert [slot.name for slot in found.together.slots] == ["n1", "d1", "n2", "d2"]


def test_more_literals_than_slots_cannot_be_shown(context: Context) -> None:
    linker = context.retriever.linker
    many = linker.link("orders above 1, 2, 3, 4, 5 and 6")
    assert numbered_on(many, linker.link("and above 7")) is None
