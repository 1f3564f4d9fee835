"""Publishing App Home, and a review opened from it."""

from typing import TYPE_CHECKING, Any

from assistant.corrections.show import shown
from assistant.slack.blocks import modal, said
from assistant.slack.calls import patient
from assistant.slack.home.view import MOST, MOST_WAITING, Owned, home
from assistant.slack.posting import open_window
from assistant.slack.reviewing.card import card
from feedback.stats import stats
from feedback.turns import now

if TYPE_CHECKING:
    from assistant.slack.desk import Desk


async def open_home(desk: "Desk", event: dict[str, Any]) -> None:
    """Also after each visit anew, so that it is never old."""
    if event.get("tab", "home") != "home":
        return
    user = str(event["user"])
    why = await desk.access.refusal(user, "D")
    view = {"type": "home", "blocks": [said(why)]} if why else await desk.aside(_view, desk, user)
    await patient(desk.client.views_publish, user_id=user, view=view)


def _view(desk: "Desk", user: str) -> dict[str, Any]:
    log = desk.log
    examples = [example.question for example in desk.workspace.examples[:MOST]]
    owned = None
    if desk.is_owner(user):
        figures = stats(log.database, now().date())
        owned = Owned(tuple(log.queue.page(0, MOST_WAITING)), log.queue.size(), figures)
    return home(examples, log.turns.recent(MOST, user), log.corrections.of_person(user, MOST), owned)


async def review(desk: "Desk", body: dict[str, Any]) -> None:
    """The card of a correction in a window; its decision is made in the owners' channel."""
    user, correction_id = body["user"]["id"], int(body["actions"][0]["value"])
    if not desk.is_owner(user):
        return
    found = card(await desk.aside(shown, desk.workspace, correction_id))
    blocks = [block for block in found.blocks if block["type"] not in ("actions", "table")]
    await open_window(desk, body, modal("Correction", blocks))
