"""A correction handed in: bad SQL is told on its field; what runs is shown in the thread."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from assistant.corrections import Examined, submit
from assistant.corrections.examine import Preview
from assistant.render.sql import readable
from assistant.slack.answer.table import preview_table
from assistant.slack.asking.work import reach_of
from assistant.slack.blocks import Block, Message, context, said
from assistant.slack.correcting.form import given
from assistant.slack.posting import direct_channel, once, whisper
from assistant.slack.text import escape
from feedback.corrections import Correction
from feedback.turns import LoggedTurn
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.slack.desk import Desk

PATIENCE_S = 2.0
"""Slack closes a window that hears nothing for three seconds; what takes longer is told in the thread."""

Ack = Callable[..., Awaitable[Any]]
Handed = tuple[Correction, Examined | None]


async def hand_in(desk: "Desk", ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Keep the correction, or say what is wrong with it."""
    place = json.loads(view.get("private_metadata") or "{}")
    user, channel = body["user"]["id"], str(place.get("channel", ""))
    turn = await desk.aside(desk.log.turns.get, int(place.get("turn", 0)))
    why = "" if turn is not None else "This answer is no longer in the log."
    why = why or await _refusal(desk, user, channel, turn, given(view, "sql"))
    if why or turn is None:
        await ack(response_action="errors", errors={"sql": why[:150]})
        return
    handing = desk.later(_submit(desk, turn, user, view))
    await asyncio.wait([handing], timeout=PATIENCE_S)
    late = not handing.done()
    if late:
        await ack()
    try:
        kept, examined = await handing
    except QuarryError as error:
        if late:
            why = escape(f"Your correction was not kept: {error}")
            await whisper(desk, channel, user, why, str(place.get("thread", "")))
        else:
            field = "sql" if given(view, "sql") else "comment"
            await ack(response_action="errors", errors={field: str(error)[:300]})
        return
    if not late:
        await ack()
    desk.news.set()
    await show(desk, kept, examined, channel, str(place.get("thread", "")), user)


async def _submit(desk: "Desk", turn: LoggedTurn, user: str, view: dict[str, Any]) -> Handed:
    person = await desk.person(user)
    sql, comment, cause = (given(view, name) for name in ("sql", "comment", "cause"))
    shown = readable(turn.sql, desk.workspace.database.dialect) if turn.sql else ""
    changed = "" if sql.split() == shown.split() else sql

    def keep() -> Handed:
        return submit(
            desk.workspace, turn.turn_id, person, sql=changed, comment=comment, cause=cause or "other"
        )

    return await desk.aside(keep)


async def _refusal(desk: "Desk", user: str, channel: str, turn: LoggedTurn | None, sql: str) -> str:
    why = await desk.access.refusal(user, channel)
    if why or turn is None:
        return why
    place = await reach_of(desk, turn.sql, channel, user)
    return place.why if place.where == "nowhere" else ""


async def show(
    desk: "Desk", kept: Correction, examined: Examined | None, channel: str, thread: str, user: str
) -> None:
    """The corrected rows in the thread, or to the corrector alone where the channel may not see them."""
    place = await reach_of(desk, kept.sql, channel, user)
    if place.where == "nowhere":
        return
    if place.where == "direct":
        channel, thread = await direct_channel(desk, user), ""
    told = preview(kept, examined, (await desk.person(user)).said)
    await once(desk, "preview", str(kept.correction_id), channel, told, thread=thread)


def preview(kept: Correction, examined: Examined | None, who: str) -> Message:
    """Who corrected, what would come instead, and what happens next."""
    line = f"{who} corrected this answer."
    blocks: list[Block] = [said(line, bold=True)]
    if kept.comment:
        blocks.append(said(kept.comment, most=1000))
    if examined is not None:
        blocks.append(said(_difference(examined)))
        blocks.append(preview_table(examined.now.columns, examined.now.first))
    blocks.append(
        context("A data owner will look at it; nothing changes before.", f"correction {kept.correction_id}")
    )
    return Message(escape(line), blocks)


def _difference(examined: Examined) -> str:
    now = counted(examined.now)
    if examined.was is None:
        return f"It gives {now}."
    if not examined.changes:
        return f"It gives the same {now} as before."
    return f"It gives {now} instead of {counted(examined.was)}."


def counted(found: Preview) -> str:
    """
    >>> counted(Preview((), (), 1, False, ""))
    '1 row'
    """
    more = "more than " if found.truncated else ""
    return f"{more}{found.rows:,} row{'' if found.rows == 1 else 's'}"
