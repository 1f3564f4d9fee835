"""What Slack shows under a question while it waits."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from feedback.jobs import Job
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.slack.desk import Desk

REFRESH_S = 60.0
LOOKING = "is looking it up ..."
_log = logging.getLogger(__name__)


async def show_status(desk: "Desk", job: Job) -> None:
    """'is looking it up', or how many come before."""
    ahead = await desk.aside(desk.log.jobs.ahead, job)
    before = "1 question is" if ahead == 1 else f"{ahead} questions are"
    await _set(desk, job, f"will look it up: {before} before yours ..." if ahead else LOOKING)


async def keep_waiting(desk: "Desk") -> None:
    """Until it is cancelled: who waits is told every minute how many are still before."""
    while True:
        await asyncio.sleep(REFRESH_S)
        try:
            for job in await desk.aside(desk.log.jobs.waiting):
                await show_status(desk, job)
        except QuarryError as error:
            _log.warning("%s", error)


@contextlib.asynccontextmanager
async def looking(desk: "Desk", job: Job) -> AsyncIterator[None]:
    """Shown until the answer comes, and again each minute: Slack forgets it after two."""

    async def keep() -> None:
        while True:
            await _set(desk, job, LOOKING)
            await asyncio.sleep(REFRESH_S)

    task = asyncio.ensure_future(keep())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _set(desk: "Desk", job: Job, status: str) -> None:
    """A status that cannot be shown holds nothing up."""
    given: dict[str, Any] = {"channel_id": job.channel, "thread_ts": job.thread, "status": status}
    try:
        await desk.client.assistant_threads_setStatus(**given)
    except (SlackApiError, ClientError, TimeoutError, ConnectionError) as error:
        _log.info("no status: %s", type(error).__name__)
