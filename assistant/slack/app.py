"""The app: which of Slack's events goes to which feature."""

import re
from typing import TYPE_CHECKING, Any

from assistant.slack.answer.buttons import csv, explain, show_sql
from assistant.slack.asking.choose import choose, retry
from assistant.slack.asking.take_in import middleware
from assistant.slack.correcting.form import CALLBACK as CORRECTION
from assistant.slack.correcting.hand_in import hand_in
from assistant.slack.correcting.vote import after_vote, cast, open_form
from assistant.slack.home.open import open_home, review
from assistant.slack.reviewing.decide import CALLBACK as EDITED
from assistant.slack.reviewing.decide import decide, edited

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from assistant.slack.desk import Desk

ACTIONS: dict[str | re.Pattern[str], Any] = {
    "show_sql": show_sql,
    "explain": explain,
    "csv": csv,
    "vote": after_vote,
    "tell": open_form,
    "retry": retry,
    "approve": decide,
    "edit": decide,
    "reject": decide,
    "undo": decide,
    "review": review,
    re.compile(r"choose_\d"): choose,
}
BEFORE = {"vote": cast}
"""What is done before a click is acknowledged: where it fails, Slack tells the person so."""
VIEWS = {CORRECTION: hand_in, EDITED: edited}


def make_app(desk: "Desk") -> "AsyncApp":
    """Wired, and not connected yet."""
    from slack_bolt.async_app import AsyncApp

    app = AsyncApp(client=desk.client)
    before = middleware(desk)

    @app.middleware
    async def _before(body: dict[str, Any], next_: Any) -> Any:
        return await before(body, next_)

    @app.event("app_mention")
    @app.event("message")
    async def _heard() -> None:
        """The middleware took it in."""

    @app.event("app_home_opened")
    async def _home(event: dict[str, Any]) -> None:
        await open_home(desk, event)

    for name, deed in ACTIONS.items():
        app.action(name)(_action(desk, deed, BEFORE.get(name) if isinstance(name, str) else None))
    for name, submitted in VIEWS.items():
        app.view(name)(_view(desk, submitted))
    return app


def _action(desk: "Desk", deed: Any, before: Any = None) -> Any:
    async def clicked(ack: Any, body: dict[str, Any]) -> None:
        if before is not None:
            await before(desk, body)
        await ack()
        await deed(desk, body)

    return clicked


def _view(desk: "Desk", submitted: Any) -> Any:
    async def handed_in(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        await submitted(desk, ack, body, view)

    return handed_in
