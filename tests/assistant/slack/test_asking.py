"""Asking in Slack: mentions, direct messages, follow-ups, choices, refusals, buttons."""

import sqlite3
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.live import Live
from assistant.slack.asking.hear import asked
from graph.agent import Turn
from graph.outcome import Clarify
from tests.assistant.slack.conftest import ADA, BOB, BY_STATUS, SALES, Start, answer, words
from tests.conftest import FakeModel
from tests.servers.slack import LoopbackSlack

pytestmark = pytest.mark.real


def test_a_mention_is_answered_once_in_its_thread(start: Start, loopback: LoopbackSlack) -> None:
    log = start().feedback

    ts = loopback.mention(ADA, SALES, "revenue by order status")

    found = answer(loopback, SALES, ts)
    kinds = [block["type"] for block in found["blocks"]]
    assert kinds[-2:] == ["actions", "context_actions"]
    assert "table" in kinds
    assert "data_visualization" in kinds
    assert "paid" in words(found["blocks"])
    assert any(status[2:] == (ts, "is looking it up ...") for status in loopback.statuses)
    (turn,) = log.turns.recent()
    assert (turn.person, turn.channel, turn.outcome) == (ADA, SALES, "answered")
    assert log.names()[ADA] == "U1Ada"
    assert len(loopback.of_bot(SALES)) == 1
    assert not loopback.refused
    loopback.wait(lambda: log.audit.latest())
    assert log.audit.latest()[0].detail.startswith(f"shown in {SALES}: SELECT")


def test_a_follow_up_in_the_thread_needs_no_mention(start: Start, loopback: LoopbackSlack) -> None:
    log = start().feedback
    ts = loopback.mention(ADA, SALES, "revenue by order status")
    answer(loopback, SALES, ts)

    loopback.say(BOB, SALES, "interesting!", ts)
    loopback.say(ADA, SALES, f"<@{BOB}> look at that", ts)
    loopback.say(ADA, SALES, "only paid", ts)

    answer(loopback, SALES, ts, 2)
    assert [turn.question for turn in log.turns.recent()] == ["only paid", "revenue by order status"]


def test_a_direct_message_is_answered_and_remembered(start: Start, loopback: LoopbackSlack) -> None:
    log, direct = start().feedback, loopback.direct(ADA)

    first = loopback.say(ADA, direct, "revenue by order status")
    answer(loopback, direct, first)
    second = loopback.say(ADA, direct, "only paid")

    answer(loopback, direct, second)
    assert log.turns.recent()[0].whole_question != "only paid"


def test_what_is_no_question_stays_unanswered(start: Start, loopback: LoopbackSlack) -> None:
    log = start().feedback

    loopback.say(ADA, SALES, "lunch?")
    loopback.say("U0BOT", loopback.direct(ADA), "I said something")
    loopback.say(ADA, loopback.direct(ADA), "edited", subtype="message_changed")
    loopback.say("UBOT2", loopback.direct(ADA), "beep", bot_id="B7")

    assert log.jobs.count() == {}


def test_a_mention_without_words_is_greeted(start: Start, loopback: LoopbackSlack) -> None:
    start()
    ts = loopback.mention(ADA, SALES, "")
    assert answer(loopback, SALES, ts)["text"].startswith("Hello!")


def test_a_single_number_needs_no_table(start: Start, loopback: LoopbackSlack) -> None:
    start(FakeModel("SELECT SUM(o.amount) AS revenue FROM orders o"))
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "total revenue of orders"))
    assert "Revenue: 173 EUR" in words(found["blocks"][0])
    assert "table" not in [block["type"] for block in found["blocks"]]


def test_a_chart_that_slack_cannot_draw_comes_as_a_picture(start: Start, loopback: LoopbackSlack) -> None:
    label = "p.name || ' and more words than Slack takes for a label' AS product"
    start(
        FakeModel(
            f"SELECT {label}, SUM(o.amount) AS revenue FROM orders o "
            "JOIN products p ON p.product_id = o.product_id GROUP BY 1"
        )
    )
    ts = loopback.mention(ADA, SALES, "revenue of each product")
    found = answer(loopback, SALES, ts)
    assert "data_visualization" not in [block["type"] for block in found["blocks"]]
    (file,) = loopback.wait(lambda: loopback.files)
    assert file["content"].startswith(b"\x89PNG")
    assert (file["channel"], file["thread_ts"]) == (SALES, ts)


def test_many_rows_are_a_preview_and_all_of_them_a_file(
    start: Start, loopback: LoopbackSlack, shop: Path
) -> None:
    with sqlite3.connect(shop / "shop.sqlite") as connection:
        row = "INSERT INTO customers VALUES (?, ?, 'a@b.c', 'Rome', 0, '2025-01-01 00:00:00')"
        connection.executemany(row, [(n, f"=Person {n}") for n in range(100, 400)])
    start(FakeModel("SELECT c.customer_id, c.name FROM customers c WHERE c.is_test = 0"))
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "list the customers with their names"))
    (table,) = [block for block in found["blocks"] if block["type"] == "table"]
    assert len(table["rows"]) == 21
    assert "showing 20 of 303" in words(found["blocks"])
    loopback.click(ADA, found, "csv")
    (file,) = loopback.wait(lambda: loopback.files)
    lines = file["content"].decode().splitlines()
    assert len(lines) == 304
    assert lines[-1] == "399,'=Person 399"


def test_what_cannot_be_answered_says_why_and_can_be_tried_again(
    start: Start, loopback: LoopbackSlack
) -> None:
    workspace = start(FakeModel("SELECT nonsense FROM nowhere"))
    ts = loopback.mention(ADA, SALES, "revenue by order status")
    found = answer(loopback, SALES, ts)
    assert "query" in found["text"]

    failed = deepcopy(found)
    workspace.model._texts = [(BY_STATUS,)]  # type: ignore[attr-defined]
    loopback.click(BOB, failed, "retry")
    loopback.click(ADA, failed, "retry")
    loopback.click(ADA, failed, "retry")

    again = answer(loopback, SALES, ts, 2)
    assert "paid" in words(again["blocks"])
    assert loopback.wait(lambda: found.get("edited"))
    assert [w["user"] for w in loopback.whispers] == [BOB]
    assert len(loopback.of_bot(SALES)) == 2


class AsksBack:
    """Whoever answers, with a question back at first."""

    def __init__(self, live: Live) -> None:
        self.live, self.asked = live, list[tuple[str, str]]()

    def ask(self, question: str, thread: str = "") -> Turn:
        self.asked.append((question, thread))
        turn = self.live.ask(question, thread)
        choices = ("Revenue by order status", "Orders by order status")
        return replace(turn, outcome=Clarify("Which one?", choices)) if len(self.asked) == 1 else turn

    def __getattr__(self, name: str) -> Any:
        return getattr(self.live, name)


def test_of_choices_the_first_click_of_the_asker_counts(start: Start, loopback: LoopbackSlack) -> None:
    workspace = start()
    log, live = workspace.feedback, AsksBack(workspace.live)
    workspace.__dict__["live"] = live
    ts = loopback.mention(ADA, SALES, "by status")
    found = answer(loopback, SALES, ts)
    asked_back = deepcopy(found)
    assert "Choose one" in words(found["blocks"])

    loopback.click(BOB, asked_back, "choose_0")
    loopback.click(ADA, asked_back, "choose_0")
    loopback.click(ADA, asked_back, "choose_1")

    answer(loopback, SALES, ts, 2)
    assert loopback.wait(lambda: "Chosen" in words(found["blocks"]))
    assert loopback.wait(lambda: log.jobs.count() == {"done": 2})
    thread = f"slack-{SALES}-{ts}"
    assert live.asked == [("by status", thread), ("Revenue by order status", thread)]


def test_a_choice_may_be_typed(start: Start, loopback: LoopbackSlack) -> None:
    workspace = start()
    live = workspace.__dict__["live"] = AsksBack(workspace.live)
    ts = loopback.mention(ADA, SALES, "by status")
    answer(loopback, SALES, ts)

    loopback.say(ADA, SALES, "the second one", ts)

    answer(loopback, SALES, ts, 2)
    assert live.asked[1] == ("the second one", f"slack-{SALES}-{ts}")


def test_the_buttons_show_sql_explanation_and_rows(start: Start, loopback: LoopbackSlack) -> None:
    log = start().feedback
    ts = loopback.mention(ADA, SALES, "revenue by order status")
    found = answer(loopback, SALES, ts)

    loopback.click(BOB, found, "show_sql")
    loopback.click(BOB, found, "explain")
    loopback.click(BOB, found, "csv")

    loopback.wait(lambda: len(loopback.views) == 2)
    loopback.wait(lambda: "orders" in words(list(loopback.views.values())))
    (file,) = loopback.wait(lambda: loopback.files)
    assert file["content"].startswith(b"order status,") or file["content"].startswith(b"status")
    assert (file["channel"], file["thread_ts"]) == (SALES, ts)
    assert {"show_sql", "explain", "csv"} <= {entry.deed for entry in log.audit.latest()}
    assert not loopback.refused


def test_the_same_event_is_a_question_once() -> None:
    body = {
        "event_id": "Ev1",
        "event": {"type": "message", "user": ADA, "channel": "D1", "ts": "1.2", "text": "sales &amp; more"},
    }
    found = asked(body, "U0BOT", frozenset())
    assert found is not None
    assert (found.question, found.thread, found.conversation) == ("sales & more", "1.2", "slack-D1")
