"""Questions are kept before Slack hears that they arrived: what is killed after that is found again."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from assistant.slack.asking.hear import GREETING, asked, may_follow
from assistant.slack.asking.status import show_status
from feedback.jobs import Job

if TYPE_CHECKING:
    from assistant.slack.desk import Desk

SHARED = "This channel is shared with another organisation, so I do not answer here."


async def take_in(desk: "Desk", body: dict[str, Any]) -> Job | None:
    """Keep the question in an event; None where there is none, or it was kept before."""
    event = body.get("event") or {}
    askers: frozenset[str] = frozenset()
    if may_follow(body, desk.bot):
        jobs = desk.log.jobs
        askers = await desk.aside(jobs.askers, str(event.get("channel")), str(event.get("thread_ts")))
    found = asked(body, desk.bot, askers)
    if found is None or str(body.get("team_id", desk.team)) != desk.team:
        return None
    why = SHARED if body.get("is_ext_shared_channel") else "" if found.question else GREETING
    said = desk.settings
    return await desk.aside(
        desk.log.jobs.take_in, found, most=said.slack_waiting, most_each=said.slack_waiting_each, why=why
    )


def middleware(desk: "Desk") -> Callable[..., Awaitable[Any]]:
    """Runs before the acknowledgement; where it fails there is none, and Slack delivers again."""

    async def before_acknowledging(body: dict[str, Any], next_: Callable[[], Awaitable[Any]]) -> Any:
        if body.get("type") == "event_callback":
            job = await take_in(desk, body)
            if job is not None:
                desk.work.set()
                if job.state == "waiting":
                    desk.later(show_status(desk, job))
        return await next_()

    return before_acknowledging
