"""Follow-ups through the whole agent: its thread, its notes, its record, over a restart."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.agent import Agent, Turn
from graph.context import Context
from graph.outcome import Answered, Unanswered
from knowledge.cards import Card
from knowledge.clock import FrozenClock
from knowledge.link import Linker
from knowledge.retrieve import Retrieval
from tests.conftest import TODAY, FakeModel
from tests.graph.followup_shop import RULES, TERMS, make_shop

REVENUE = (
    "SELECT co.name, SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
    "JOIN countries co ON co.country_id = c.country_id GROUP BY 1"
)
BROKEN = "SELECT nothing FROM nowhere"


class PlainRetriever:
    """Links for real and finds one card for every question."""

    def __init__(self, linker: Linker) -> None:
        self.linker = linker

    def holding(self, words: object, linked: object) -> list[object]:
        return []

    def retrieve(self, question: str) -> Retrieval:
        card = Card("orders", "Orders of customers.", "orders o: order_id, amount")
        return Retrieval(self.linker.link(question), [(card, 0.9)], [], [], [])


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    database, schema, linker = make_shop(tmp_path / "shop.sqlite")
    retriever: Any = PlainRetriever(linker)
    yield Context(
        database,
        schema,
        FakeModel(REVENUE),
        retriever,
        FrozenClock(TODAY),
        rules=RULES,
        terms=TERMS,
        without=frozenset({"constraint"}),
        repairs=0,
    )
    database.close()


def saying(context: Context, *texts: str, form: str = "specialist") -> Context:
    return replace(context, model=FakeModel(*texts, format=form))


def answer(turn: Turn) -> Answered:
    assert isinstance(turn.outcome, Answered), turn.outcome
    return turn.outcome


def test_the_person_sees_how_a_follow_up_was_read(context: Context) -> None:
    agent = Agent(saying(context, REVENUE, BROKEN))
    agent.ask("revenue by country", "t")
    found = answer(agent.ask("only germany", "t"))
    assert found.notes[0] == "I read this as: revenue for germany by country"
    assert found.source == "followup"
    assert found.result.rows == (("Germany", 148.0),)


def test_the_record_keeps_what_was_said_and_what_was_read(context: Context) -> None:
    agent = Agent(saying(context, REVENUE))
    whole = agent.ask("revenue by country", "t").record
    record = agent.ask("as a chart", "t").record
    assert (whole.question, whole.composed, whole.chart) == ("revenue by country", "", False)
    assert (record.question, record.composed, record.chart) == ("as a chart", "revenue by country", True)
    assert [c.source for c in record.candidates if c.chosen][:1] == ["followup"]


def test_the_model_is_asked_the_whole_question(context: Context) -> None:
    asked = saying(context, REVENUE)
    agent = Agent(asked)
    agent.ask("revenue by country", "t")
    agent.ask("top 2", "t")
    assert isinstance(asked.model, FakeModel)
    assert "top <n1> countries by revenue" in asked.model.prompts[-1].tail


def test_each_follow_up_edits_the_one_before(context: Context) -> None:
    agent = Agent(saying(context, REVENUE, BROKEN))
    agent.ask("revenue by country", "t")
    agent.ask("only germany", "t")
    agent.ask("in october", "t")
    found = answer(agent.ask("by channel instead", "t"))
    assert found.notes[0] == "I read this as: revenue for germany by channel in october"
    assert set(found.result.rows) == {("web", 25.0), ("app", 99.0)}


def test_a_thread_goes_on_after_a_restart(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "threads.sqlite"
    first = Agent(saying(context, REVENUE, BROKEN), path)
    first.ask("revenue by country", "t")
    first.ask("only germany", "t")
    first.close()
    second = Agent(saying(context, BROKEN), path)
    found = answer(second.ask("and france?", "t"))
    assert found.notes[0] == "I read this as: revenue for france by country"
    assert found.result.rows == (("France", 12.5),)
    back = answer(second.ask("go back", "t"))
    assert back.result.rows == (("Germany", 148.0),)
    second.close()


def test_the_thread_keeps_every_turn(context: Context, tmp_path: Path) -> None:
    agent = Agent(saying(context, REVENUE, BROKEN), tmp_path / "threads.sqlite")
    agent.ask("revenue by country", "t")
    agent.ask("how many orders are there", "t")
    agent.ask("only germany", "t")
    past = agent._threaded.get_state({"configurable": {"thread_id": "t"}}).values["past"]
    agent.close()
    assert [(turn["question"], turn["kind"]) for turn in past] == [
        ("revenue by country", "answered"),
        ("how many orders are there", "unanswered"),
        ("only germany", "answered"),
    ]
    assert past[2]["composed"] == "revenue for germany by country"
    assert past[2]["columns"] == ["name", "SUM(o.amount)"]
    assert past[1]["sql"] == ""


def test_threads_of_an_older_version_go_on(context: Context) -> None:
    agent = Agent(saying(context, BROKEN))
    config = {"configurable": {"thread_id": "t"}}
    agent._threaded.update_state(
        config, {"past": [{"question": "revenue by country", "sql": REVENUE}]}, as_node="answer"
    )
    assert answer(agent.ask("only germany", "t")).result.rows == (("Germany", 148.0),)


def test_a_question_for_a_cause_is_answered_honestly(context: Context) -> None:
    asked = saying(context, REVENUE, BROKEN)
    agent = Agent(asked)
    agent.ask("revenue by country", "t")
    outcome = agent.ask("why is that so low?", "t").outcome
    assert isinstance(outcome, Unanswered)
    assert outcome.reason.startswith("I cannot tell why")
    assert "'by sales channel'" in outcome.reason
    assert isinstance(asked.model, FakeModel)
    assert len(asked.model.prompts) == 1
    assert answer(agent.ask("by sales channel", "t")).result.columns[0] == "channel"


def test_an_edit_is_no_surer_than_what_it_edits(context: Context) -> None:
    agent = Agent(replace(saying(context, REVENUE), threshold=0.99))
    before = answer(agent.ask("revenue by country", "t"))
    after = answer(agent.ask("as a chart", "t"))
    assert after.confidence <= before.confidence
    assert after.check


def test_what_a_rule_hides_stays_hidden_in_a_follow_up(context: Context) -> None:
    agent = Agent(saying(context, REVENUE, BROKEN))
    agent.ask("revenue by country", "t")
    assert "Austria" not in dict(answer(agent.ask("highest first", "t")).result.rows)
    lifted = answer(agent.ask("including test accounts", "t"))
    assert dict(lifted.result.rows)["Austria"] == 12.5


def test_an_unanswered_follow_up_says_how_it_was_read(context: Context) -> None:
    agent = Agent(saying(context, REVENUE, BROKEN))
    agent.ask("revenue by country", "t")
    outcome = agent.ask("same for refunds", "t").outcome
    assert isinstance(outcome, Unanswered)
    assert outcome.reason.startswith("I read this as: refund amount by country. ")


def test_a_chat_model_keeps_what_the_grammar_does_not_understand(context: Context) -> None:
    asked = saying(context, REVENUE, form="chat")
    agent = Agent(asked)
    agent.ask("revenue by country", "t")
    agent.ask("and only sometimes", "t")
    assert isinstance(asked.model, FakeModel)
    assert "Question: and only sometimes" in asked.model.prompts[-1].tail
    assert "The question before: revenue by country" in asked.model.prompts[-1].tail


def test_another_thread_knows_nothing_of_it(context: Context) -> None:
    agent = Agent(saying(context, REVENUE))
    agent.ask("revenue by country", "t")
    assert agent.ask("only germany", "u").record.composed == ""
