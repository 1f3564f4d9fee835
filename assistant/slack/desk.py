"""What every listener works with: the workspace, the log, Slack, and who this process is."""

import asyncio
import os
import socket
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.slack.access import Access

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from assistant.settings import Settings
    from assistant.workspace import Workspace
    from feedback.log import Feedback
    from feedback.people import Person

T = TypeVar("T")
THREADS = 8


class Desk:
    """One process of the app. `bot` is Quarry's own user id, `team` that of the Slack team.

    The log and the database are worked with in threads, so that no acknowledgement waits for them; the model
    has a thread of its own. `busy` are the ids of the jobs that are worked on.
    """

    def __init__(self, workspace: "Workspace", client: "AsyncWebClient", *, bot: str, team: str) -> None:
        self.workspace = workspace
        self.client = client
        self.bot = bot
        self.team = team
        self.worker = f"{socket.gethostname()[:30]}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self.access = Access(client, workspace.settings, team)
        self.busy: set[int] = set()
        self.work = asyncio.Event()
        self.news = asyncio.Event()
        self._threads = ThreadPoolExecutor(THREADS, "desk")
        self._model = ThreadPoolExecutor(1, "model")
        self._side: set[asyncio.Task[Any]] = set()

    @property
    def settings(self) -> "Settings":
        return self.workspace.settings

    @property
    def log(self) -> "Feedback":
        return self.workspace.feedback

    async def aside(self, deed: Callable[..., T], *given: Any, **more: Any) -> T:
        """Run it in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: deed(*given, **more))

    async def model(self, deed: Callable[[], T]) -> T:
        """Run it in the model's thread, one after the other."""
        return await asyncio.get_running_loop().run_in_executor(self._model, deed)

    def later(self, deed: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Begin it and go on; it is kept until it ends."""
        task = asyncio.ensure_future(deed)
        self._side.add(task)
        task.add_done_callback(self._side.discard)
        return task

    def is_owner(self, person: str) -> bool:
        """Only whom `owners` names decides in Slack."""
        return person in self.settings.owners

    async def person(self, user: str) -> "Person":
        return await self.access.person(user)

    def close(self) -> None:
        for task in self._side:
            task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._model.shutdown(wait=False, cancel_futures=True)
