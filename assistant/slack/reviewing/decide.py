"""Approve, edit, reject, undo: by data owners alone, checked when they click and when they hand in."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from assistant.corrections import examine, settle
from assistant.slack.blocks import MOST_SQL, context, modal, said
from assistant.slack.correcting.form import given, sql_input
from assistant.slack.posting import open_window, whisper
from assistant.slack.text import escape
from feedback.people import Person
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.slack.desk import Desk

CALLBACK = "edited"


async def decide(desk: "Desk", body: dict[str, Any]) -> None:
    """The buttons of a card; the card itself follows with the news."""
    user, channel, action = body["user"]["id"], body["channel"]["id"], body["actions"][0]
    if not desk.is_owner(user):
        await whisper(desk, channel, user, "Only the data owners decide; they are named in quarry.toml.")
        return
    correction_id, deed = int(action["value"]), str(action["action_id"])
    if deed == "edit":
        await _open(desk, body, correction_id)
        return
    try:
        await _do(desk, await desk.person(user), channel, deed, correction_id)
    except QuarryError as error:
        await whisper(desk, channel, user, escape(str(error)))
    desk.news.set()


async def _do(
    desk: "Desk", owner: Person, channel: str, deed: str, correction_id: int, sql: str = ""
) -> None:
    """One decision, and what it leaves owed."""
    reviews = desk.log.reviews

    def done() -> None:
        if deed == "approve":
            reviews.approve(correction_id, owner, sql)
        elif deed == "reject":
            reviews.reject(correction_id, owner)
        else:
            reviews.undo(correction_id, owner)
        settle(desk.workspace)

    await desk.aside(done)
    await desk.aside(desk.log.audit.note, owner, channel, deed, detail=f"correction {correction_id}")


async def _open(desk: "Desk", body: dict[str, Any], correction_id: int) -> None:
    found = await desk.aside(desk.log.corrections.get, correction_id)
    if found is None:
        return
    if len(found.sql or found.was) > MOST_SQL:
        why = f"This SQL is too long for Slack's editor; use `quarry feedback approve {correction_id} --sql`."
        await whisper(desk, body["channel"]["id"], body["user"]["id"], escape(why))
        return
    blocks = [
        said(found.question, most=300),
        sql_input(found.sql or found.was),
        context("It is approved in this form."),
    ]
    data = json.dumps({"correction": correction_id, "channel": body["channel"]["id"]})
    view = modal("Edit and approve", blocks, callback=CALLBACK, submit="Approve", data=data)
    await open_window(desk, body, view)


async def edited(
    desk: "Desk", ack: Callable[..., Awaitable[Any]], body: dict[str, Any], view: dict[str, Any]
) -> None:
    """What an owner wrote passes both walls as any other SQL."""
    place = json.loads(view.get("private_metadata") or "{}")
    user, sql = body["user"]["id"], given(view, "sql")
    if not desk.is_owner(user):
        await ack(response_action="errors", errors={"sql": "Only the data owners decide."})
        return
    found = await desk.aside(desk.log.corrections.get, int(place["correction"]))
    try:
        examined = await desk.aside(examine, desk.workspace, sql, found.was if found else "")
    except QuarryError as error:
        await ack(response_action="errors", errors={"sql": str(error)[:300]})
        return
    await ack()
    try:
        owner = await desk.person(user)
        await _do(desk, owner, place["channel"], "approve", int(place["correction"]), examined.sql)
    except QuarryError as error:
        await whisper(desk, place["channel"], user, escape(str(error)))
    desk.news.set()
