"""The real app against the loopback Slack, on the small shop, with the dumb model."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import load_settings
from assistant.slack.serve import connected
from assistant.workspace import Workspace
from tests.conftest import FakeModel
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, LoopbackSlack, slack

ADA, BOB, OWNER = "U1ADA", "U2BOB", "U3OLGA"
SALES, REVIEW = "C1SALES", "C2REVIEW"
BY_STATUS = "SELECT o.status, SUM(o.amount) AS revenue FROM orders o GROUP BY o.status"
SETTINGS = {"slack_review_channel": REVIEW, "owners": (OWNER,)}

Start = Callable[..., Workspace]


@pytest.fixture
def loopback() -> Iterator[LoopbackSlack]:
    with slack() as made:
        yield made


@pytest.fixture
def start(shop: Path, loopback: LoopbackSlack) -> Iterator[Start]:
    """Start the app; its settings can be given. Several may run on one workspace."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
        running: list[Any] = []

        def begin(model: FakeModel | None = None, **settings: Any) -> Workspace:
            said = load_settings(shop).model_copy(update={"slack_api": loopback.api, **SETTINGS, **settings})
            workspace = Workspace(shop, said)
            workspace.__dict__["model"] = model or FakeModel(BY_STATUS)
            app = in_thread(workspace)
            app.__enter__()
            running.append(app)
            return workspace

        yield begin
        for app in running:
            app.__exit__(None, None, None)


@contextmanager
def in_thread(workspace: Workspace) -> Iterator[None]:
    """The app in a thread of its own, from its first connection to its end."""
    up, down, trouble = threading.Event(), asyncio.Event(), []
    loop = asyncio.new_event_loop()

    async def main() -> None:
        async with connected(workspace, BOT_TOKEN, APP_TOKEN, lambda line: up.set()):
            await down.wait()

    def run() -> None:
        try:
            loop.run_until_complete(main())
        except Exception as error:
            trouble.append(error)
            up.set()

    thread = threading.Thread(target=run, name="app")
    thread.start()
    assert up.wait(60)
    if trouble:
        raise trouble[0]
    try:
        yield
    finally:
        loop.call_soon_threadsafe(down.set)
        thread.join(30)
        workspace.close()
        assert not trouble, trouble


def words(blocks: Any) -> str:
    """All text in blocks, for looking at."""
    if isinstance(blocks, dict):
        return " ".join(
            value if name == "text" and isinstance(value, str) else words(value)
            for name, value in blocks.items()
            if name != "style"
        ).strip()
    if isinstance(blocks, list):
        return " ".join(filter(None, map(words, blocks)))
    return ""


def answer(loopback: LoopbackSlack, channel: str, thread: str, number: int = 1) -> dict[str, Any]:
    """The app's message in a thread, once it is there."""
    found = loopback.wait(lambda: loopback.of_bot(channel, thread)[number - 1 :])
    return found[0]
