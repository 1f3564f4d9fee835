"""Messages that arrive exactly once, whatever breaks on the way."""

import logging
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from assistant.slack.answer.message import without_new_blocks
from assistant.slack.blocks import Block, Message
from assistant.slack.calls import BROKEN, TRIES, passes, patient, pause
from feedback.posts import Post

if TYPE_CHECKING:
    from assistant.slack.desk import Desk

EVENT_TYPE = "quarry_post"
LOOKED_AT = 100
_log = logging.getLogger(__name__)


async def once(
    desk: "Desk",
    kind: str,
    ref: str,
    channel: str,
    message: Message,
    *,
    thread: str = "",
    shows: str = "",
    retake_s: float = 60.0,
) -> Post | None:
    """Post what `kind` and `ref` name, unless it is there. None where another process is about to.

    Each message carries its name as metadata: where it is not known whether it arrived, Slack is asked.
    """
    begun = await desk.aside(desk.log.posts.begin, kind, ref, channel, thread, retake_s=retake_s)
    if begun is None:
        return None
    post, fresh = begun
    if post.ts:
        return post
    ts = "" if fresh else await _found(desk, post)
    for attempt in range(TRIES):
        if ts:
            break
        try:
            ts = await _send(desk, post, message)
        except BROKEN:
            await pause(attempt)
            ts = await _found(desk, post)
        except SlackApiError as error:
            if not passes(error) or attempt == TRIES - 1:
                raise
            await pause(attempt)
            ts = await _found(desk, post)
    if not ts:
        raise ConnectionError("Slack could not be reached")
    await desk.aside(desk.log.posts.arrived, post, ts, shows)
    return await desk.aside(desk.log.posts.get, kind, ref)


async def change(desk: "Desk", post: Post, message: Message, shows: str) -> None:
    """Let a post show something else; to do so twice is no harm."""
    given: dict[str, Any] = {
        "channel": post.channel,
        "ts": post.ts,
        "text": message.text,
        "metadata": _metadata(post),
    }
    try:
        await patient(desk.client.chat_update, **given, blocks=message.blocks)
    except SlackApiError as error:
        if error.response.get("error") != "invalid_blocks":
            raise
        await patient(desk.client.chat_update, **given, blocks=without_new_blocks(message).blocks)
    await desk.aside(desk.log.posts.shows, post, shows)


async def whisper(desk: "Desk", channel: str, user: str, text: str, thread: str = "") -> None:
    """To one person alone, where they are looking. `text` is escaped already."""
    try:
        given: dict[str, Any] = {"channel": channel, "user": user, "text": text}
        given |= {"thread_ts": thread} if thread else {}
        await desk.client.chat_postEphemeral(**given)
    except (SlackApiError, *BROKEN):
        _log.warning("a hint to one person could not be shown")


async def open_window(desk: "Desk", body: dict[str, Any], view: Block) -> str:
    """Gives the window's id; empty where it could not be opened, of which the person is told.

    A click may be opened for three seconds, and once: a click that was delivered twice is refused here too.
    """
    try:
        return str((await desk.client.views_open(trigger_id=body["trigger_id"], view=view))["view"]["id"])
    except (SlackApiError, *BROKEN) as error:
        _log.warning("a window could not be opened: %s", error)
        channel = (body.get("channel") or {}).get("id")
        if channel:
            await whisper(desk, channel, body["user"]["id"], "If no window opened, please click once more.")
        return ""


async def direct_channel(desk: "Desk", user: str) -> str:
    """The direct messages with this person."""
    return str((await patient(desk.client.conversations_open, users=user))["channel"]["id"])


def _metadata(post: Post) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"kind": post.kind, "ref": post.ref}}


async def _send(desk: "Desk", post: Post, message: Message) -> str:
    given: dict[str, Any] = {
        "channel": post.channel,
        "text": message.text,
        "metadata": _metadata(post),
        "unfurl_links": False,
        "unfurl_media": False,
        "parse": "none",
        "link_names": False,
    }
    given |= {"thread_ts": post.thread} if post.thread else {}
    try:
        sent = await desk.client.chat_postMessage(**given, blocks=message.blocks)
    except SlackApiError as error:
        if error.response.get("error") != "invalid_blocks":
            raise
        _log.warning("Slack refused the blocks of a message; it is sent without tables and charts")
        sent = await desk.client.chat_postMessage(**given, blocks=without_new_blocks(message).blocks)
    return str(sent["ts"])


async def _found(desk: "Desk", post: Post) -> str:
    """The time stamp of the message with this name, where Slack has it; empty where not."""
    wanted = {"kind": post.kind, "ref": post.ref}
    given: dict[str, Any] = {"channel": post.channel, "include_all_metadata": True, "limit": LOOKED_AT}
    cursor = ""
    for _ in range(20):
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        if post.thread:
            page = await patient(desk.client.conversations_replies, ts=post.thread, **given, **more)
        else:
            page = await patient(desk.client.conversations_history, **given, **more)
        for message in page["messages"]:
            if (message.get("metadata") or {}).get("event_payload") == wanted:
                return str(message["ts"])
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor or not post.thread:
            return ""
    return ""
