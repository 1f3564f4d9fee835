"""Which events are questions: mentions, direct messages, and what an asker adds in the thread."""

from collections.abc import Mapping
from typing import Any

from assistant.slack.reach import is_direct
from assistant.slack.text import heard, mentions
from feedback.jobs import Asked

GREETING = (
    "Hello! Ask me something about our data, for instance: revenue by month this year. In the thread of an "
    "answer you can go on: only in Germany, top 5, and last year?"
)
_SPOKEN = frozenset({"", "file_share", "thread_broadcast"})


def asked(body: Mapping[str, Any], bot: str, askers: frozenset[str]) -> Asked | None:
    """The question in an event; None for all else that is said. `askers` asked in its thread before."""
    event = body.get("event") or {}
    person, channel, ts = (str(event.get(name) or "") for name in ("user", "channel", "ts"))
    text, thread = str(event.get("text") or ""), str(event.get("thread_ts") or "")
    if event.get("bot_id") or not person or person == bot or not channel or not ts:
        return None
    if event.get("type") not in ("app_mention", "message") or event.get("subtype", "") not in _SPOKEN:
        return None
    named = mentions(text)
    if not is_direct(channel) and bot not in named and (not thread or named or person not in askers):
        return None
    conversation = f"slack-{channel}" if is_direct(channel) else f"slack-{channel}-{thread or ts}"
    return Asked(channel, ts, thread or ts, conversation, person, heard(text, bot), body.get("event_id"))


def may_follow(body: Mapping[str, Any], bot: str) -> bool:
    """Whether it has to be known who asked in its thread."""
    event = body.get("event") or {}
    text, channel = str(event.get("text") or ""), str(event.get("channel") or "")
    return bool(event.get("thread_ts")) and bot not in mentions(text) and not is_direct(channel)
