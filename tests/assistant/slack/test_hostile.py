"""Text from outside: a hundred values with mentions, links, control and direction signs; none is live."""

import sqlite3
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Reply
from assistant.render.timing import Split
from assistant.slack.answer.message import message, trouble
from assistant.slack.blocks import Message
from assistant.slack.text import plain
from graph.outcome import Answered, Clarify, Refused, Unanswered
from knowledge.result import Result
from tests.assistant.slack.conftest import ADA, SALES, Start, answer
from tests.conftest import FakeModel
from tests.servers.slack import LoopbackSlack
from tests.servers.slack.limits import live, message_problem

CORES = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<@U1>",
    "<#C1|general>",
    "<https://evil.example|Click>",
    "<mailto:a@b.c|mail>",
    "https://evil.example/x?a=1&b=2",
    "& &amp; &lt;!channel&gt;",
    "*bold* _it_ ~no~ `code` ```block```",
    ">quoted\n>again",
    ":rotating_light: :tada:",
    "\N{RIGHT-TO-LEFT OVERRIDE}evil\N{POP DIRECTIONAL FORMATTING}",
    "\N{RIGHT-TO-LEFT ISOLATE}\N{ZERO WIDTH SPACE}x",
    "\x00\x01\x07\x1b[31mred\x7f",
    "line\r\nline\u2028line\u2029line",
    "x" * 10_000,
    "\N{PARTY POPPER}" * 500,
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
    "",
    "   \t\n ",
    "'; DROP TABLE orders; --",
    '=HYPERLINK("http://evil.example")',
    '{"type": "section"}',
    "]]></script><script>alert(1)</script>",
)
FRAMES = ("{}", "order {} of today", "{0} {0}", "'{}\N{COMBINING ACUTE ACCENT}")
STRINGS = [frame.format(core) for core, frame in product(CORES, FRAMES)]
MARKUP_FREE = {"raw_text", "plain_text", "text", "user"}


def test_there_are_a_hundred_of_them() -> None:
    assert len(set(STRINGS)) >= 100 - 4


def harmless(found: Message) -> None:
    """Slack takes it, no field with markup is used, and nothing of the fallback text is live."""
    assert message_problem(found.text, found.blocks) == ""
    assert live(found.text) == []
    assert set(kinds(found.blocks)) <= MARKUP_FREE


def kinds(found: Any) -> list[str]:
    """The types of everything that holds text."""
    if isinstance(found, dict):
        own = [found["type"]] if isinstance(found.get("text"), str) and "type" in found else []
        return own + [kind for value in found.values() for kind in kinds(value)]
    return [kind for value in found for kind in kinds(value)] if isinstance(found, list) else []


@pytest.mark.parametrize("text", STRINGS, ids=range(len(STRINGS)))
def test_nothing_is_live_and_nothing_breaks(text: str) -> None:
    rows = ((text, 1.0, text), (f"{text} 2", 2.0, None))
    result = Result((text or "c", "amount", "c"), rows)
    outcomes = (
        Answered(f"SELECT '{text}'", result, 0.5, check=True, notes=(text, text), source=text),
        Answered("SELECT 1", Result((text or "c",), ((text,),)), 0.9),
        Clarify(text, (text, text, "b")),
        Unanswered(text, (text,)),
        Refused(text, (text,)),
    )
    for outcome in outcomes:
        harmless(message(Reply(text, outcome, Split(1.0), 7, "sqlite", (text,)), job_id=3, note=text))
    harmless(trouble(text, 3))
    assert all(sign.isprintable() or sign == "\N{ZERO WIDTH JOINER}" for sign in plain(text))


@pytest.mark.real
def test_they_come_from_a_real_database_through_the_real_app(
    start: Start, loopback: LoopbackSlack, shop: Path
) -> None:
    with sqlite3.connect(shop / "shop.sqlite") as connection:
        for n, text in enumerate(STRINGS):
            row = (1000 + n, text, text, text, 0, "2025-01-01 00:00:00")
            connection.execute("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?)", row)
    start(FakeModel("SELECT c.name, c.city FROM customers c WHERE c.is_test = 0 ORDER BY c.customer_id DESC"))
    for text in ("customers by city", "list customers and cities <!channel>"):
        found = answer(loopback, SALES, loopback.mention(ADA, SALES, text))
        assert live(found["text"]) == []
        assert set(kinds(found["blocks"])) <= MARKUP_FREE
    assert not loopback.refused
