"""Calls of Slack that are no harm when they are made twice: made again where something broke."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

TRIES = 6
BROKEN = (ClientError, TimeoutError, ConnectionError)
_AGAIN = frozenset({"internal_error", "fatal_error", "service_unavailable", "ratelimited", "request_timeout"})


async def patient(call: Callable[..., Awaitable[Any]], **given: Any) -> Any:
    """Raises what the last try raised."""
    for attempt in range(TRIES - 1):
        try:
            return await call(**given)
        except BROKEN:
            await pause(attempt)
        except SlackApiError as error:
            if not passes(error):
                raise
            await pause(attempt)
    return await call(**given)


async def pause(attempt: int) -> None:
    """Longer after each try."""
    await asyncio.sleep(min(8.0, 0.3 * 2**attempt))


def passes(error: SlackApiError) -> bool:
    """Whether it may go well another time."""
    return getattr(error.response, "status_code", 0) >= 500 or error.response.get("error") in _AGAIN
