"""Thumbs: the last one of each person counts; a thumb down opens the correction at once."""

import json
from typing import TYPE_CHECKING, Any

from assistant.slack.correcting.form import form
from assistant.slack.posting import open_window, whisper
from assistant.slack.text import escape
from feedback.turns import LoggedTurn

if TYPE_CHECKING:
    from assistant.slack.desk import Desk


async def cast(desk: "Desk", body: dict[str, Any]) -> None:
    """Kept before Slack hears that it arrived. Slack sends one at every change of the thumbs."""
    direction, _, turn_id = str(body["actions"][0].get("value") or "").partition(":")
    if not turn_id.isdigit() or not await _may(desk, body):
        return
    person = await desk.person(body["user"]["id"])
    if direction == "none":
        await desk.aside(desk.log.votes.take_back, int(turn_id), person)
    else:
        await desk.aside(desk.log.votes.cast, int(turn_id), person, up=direction == "up")


async def after_vote(desk: "Desk", body: dict[str, Any]) -> None:
    """A thumb down opens the correction."""
    if str(body["actions"][0].get("value") or "").startswith("down"):
        await open_form(desk, body)


async def open_form(desk: "Desk", body: dict[str, Any]) -> None:
    """First of all, as its trigger lives for three seconds; what is handed in is checked again."""
    turn_id = str(body["actions"][0].get("value") or "").rpartition(":")[2]
    turn = await desk.aside(desk.log.turns.get, int(turn_id)) if turn_id.isdigit() else None
    if turn is None:
        await whisper(desk, body["channel"]["id"], body["user"]["id"], "This answer is no longer in the log.")
        return
    view = form(turn, _place(body, turn), desk.workspace.database.dialect)
    await open_window(desk, body, view)


def _place(body: dict[str, Any], turn: LoggedTurn) -> str:
    message = body.get("message") or {}
    thread = message.get("thread_ts") or message.get("ts") or ""
    return json.dumps({"turn": turn.turn_id, "channel": body["channel"]["id"], "thread": thread})


async def _may(desk: "Desk", body: dict[str, Any]) -> bool:
    user, channel = body["user"]["id"], body["channel"]["id"]
    why = await desk.access.refusal(user, channel)
    if why:
        await whisper(desk, channel, user, escape(why))
    return not why
