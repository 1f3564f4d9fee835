"""Connecting to Slack, and staying there until Ctrl-C."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from assistant.corrections import settle
from assistant.slack.app import make_app
from assistant.slack.asking.status import keep_waiting
from assistant.slack.asking.work import work
from assistant.slack.desk import Desk
from assistant.slack.manifest import SCOPES
from assistant.slack.reviewing.news import tell_news
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.workspace import Workspace

BEAT_S = 5.0
LAST_S = 10.0
WORKERS = 2
"""Questions at once: the model answers one while another is told."""
_log = logging.getLogger(__name__)


class SlackError(QuarryError):
    """Slack refuses the app, or cannot be reached."""


def web_client(token: str, api: str) -> AsyncWebClient:
    """Waits as long as Slack asks it to when it was called too often; repeats nothing else by itself.

    The library would send a message again after a broken connection, and it would stand there twice.
    """
    patient: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=10)]
    return AsyncWebClient(token, base_url=api, timeout=20, retry_handlers=patient)


async def serve(
    workspace: "Workspace", bot_token: str, app_token: str, report: Callable[[str], None] = print
) -> None:
    """Answer until SIGINT or SIGTERM. Raises SlackError where Slack does not take the tokens."""
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    async with connected(workspace, bot_token, app_token, report):
        await ended.wait()
        report("Ending ...")


@contextlib.asynccontextmanager
async def connected(
    workspace: "Workspace", bot_token: str, app_token: str, report: Callable[[str], None]
) -> AsyncIterator[Desk]:
    """Answers while it is open. Raises SlackError."""
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

    client = web_client(bot_token, workspace.settings.slack_api)
    who = await told(client.auth_test(), "the bot's token")
    desk = Desk(workspace, client, bot=str(who["user_id"]), team=str(who["team_id"]))
    handler: Any = AsyncSocketModeHandler(make_app(desk), app_token)
    loops: list[asyncio.Task[None]] = []
    try:
        await desk.aside(settle, workspace)
        await desk.model(lambda: workspace.live)
        await told(handler.client.issue_new_wss_url(), "the app's token")
        await handler.connect_async()
        report(f"Quarry answers in {who['team']} as @{who['user']}; Ctrl-C ends it.")
        loops += [asyncio.ensure_future(loop(desk)) for loop in LOOPS]
        yield desk
    finally:
        with contextlib.suppress(Exception):
            await handler.close_async()
        await _leave(desk, loops)


async def _leave(desk: Desk, loops: list["asyncio.Task[None]"]) -> None:
    """What is not finished is another process's, or that of the next start."""
    for loop in loops:
        loop.cancel()
    if loops:
        await asyncio.wait(loops, timeout=LAST_S)
        with contextlib.suppress(QuarryError):
            await desk.aside(desk.log.jobs.release, desk.worker)
    desk.close()


async def _beat(desk: Desk) -> None:
    """Say that this process lives, and take up what ended ones left."""
    while True:
        try:
            await desk.aside(desk.log.jobs.beat, desk.worker, tuple(desk.busy))
            if await desk.aside(desk.log.jobs.sweep):
                desk.work.set()
        except QuarryError as error:
            _log.warning("%s", error)
        await asyncio.sleep(BEAT_S)


def look(bot_token: str, app_token: str, api: str) -> str:
    """What Slack says of the tokens. Raises SlackError where it refuses one, or a scope is missing."""

    async def ask() -> str:
        client = web_client(bot_token, api)
        who = await told(client.auth_test(), "the bot's token")
        given = str(who.headers.get("x-oauth-scopes") or who.headers.get("X-OAuth-Scopes") or "").split(",")
        if missing := sorted(set(SCOPES) - set(given)):
            raise SlackError(
                f"The app lacks {', '.join(missing)}; paste what `quarry slack manifest` prints as its "
                "manifest, and install it again."
            )
        await told(client.apps_connections_open(app_token=app_token), "the app's token")
        return f"{who['team']}, as @{who['user']}"

    return asyncio.run(ask())


LOOPS = (*(work,) * WORKERS, tell_news, keep_waiting, _beat)


async def told(call: Any, what: str) -> Any:
    """The answer of Slack. Raises SlackError with the remedy."""
    try:
        return await call
    except SlackApiError as error:
        why = error.response.get("error", "an error")
        raise SlackError(
            f"Slack refuses {what} ({why}); copy it anew from the app's page (docs/slack.md)."
        ) from None
    except (ClientError, TimeoutError, ConnectionError) as error:
        raise SlackError(
            f"Slack cannot be reached ({error or type(error).__name__}); check the network."
        ) from None
