"""The chart of an answer as a picture, where Slack cannot draw it itself."""

import logging
from typing import TYPE_CHECKING

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from assistant.render.chart import choose, png
from assistant.render.columns import columns
from assistant.slack.answer.chart import native
from assistant.slack.text import plain
from graph.outcome import Answered

if TYPE_CHECKING:
    from assistant.answering import Reply
    from assistant.slack.desk import Desk

_log = logging.getLogger(__name__)


async def send_picture(desk: "Desk", reply: "Reply", channel: str, thread: str, job_id: int) -> None:
    """Into the thread of the answer, once at most: a chart that is lost is no answer that is lost."""
    if not _is_wanted(reply):
        return
    begun = await desk.aside(desk.log.posts.begin, "picture", str(job_id), channel, thread)
    if begun is None or not begun[1]:
        return
    assert isinstance(reply.outcome, Answered)
    image = await desk.aside(png, reply.outcome.result, reply.question, reply.headings)
    if image is None:
        return
    try:
        await desk.client.files_upload_v2(
            channel=channel,
            thread_ts=thread,
            content=image,
            filename="chart.png",
            title=plain(reply.question, 80),
        )
    except (SlackApiError, ClientError, TimeoutError, ConnectionError):
        _log.warning("the chart of question %s could not be sent", job_id)
        return
    await desk.aside(desk.log.posts.arrived, begun[0], "sent")


def _is_wanted(reply: "Reply") -> bool:
    assert isinstance(reply.outcome, Answered)
    result = reply.outcome.result
    shown = columns(result, reply.headings)
    chart = choose(result, shown)
    return chart is not None and chart.kind != "number" and native(result, shown, chart) is None
