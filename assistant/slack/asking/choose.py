"""The buttons under a question back and under a failure: the choice, and another try."""

from typing import TYPE_CHECKING, Any

from assistant.slack.asking.status import show_status
from assistant.slack.blocks import Message, context, said
from assistant.slack.calls import patient
from assistant.slack.posting import whisper
from assistant.slack.text import escape
from feedback.jobs import Asked, Job

if TYPE_CHECKING:
    from assistant.slack.desk import Desk


async def choose(desk: "Desk", body: dict[str, Any]) -> None:
    """A choice is asked as a reply in the thread; the first one counts, and it is the asker's."""
    user, action = body["user"]["id"], body["actions"][0]
    job_id, _, choice = str(action["value"]).split(":", 2)
    job = await desk.aside(desk.log.jobs.get, int(job_id))
    if job is None or not await _may(desk, body, job):
        return
    place = _place(body)
    if not await _ask(desk, job, f"{place['ts']}#choice", choice, user):
        return
    told = [said(str(body["message"].get("text", "")).split(" / ")[0]), context(f"Chosen: {choice}")]
    await patient(desk.client.chat_update, **place, text=escape(f"Chosen: {choice}"), blocks=told)


async def retry(desk: "Desk", body: dict[str, Any]) -> None:
    """The same question again; the button goes."""
    user, job_id = body["user"]["id"], int(body["actions"][0]["value"])
    job = await desk.aside(desk.log.jobs.get, job_id)
    if job is None or not await _may(desk, body, job):
        return
    if await _ask(desk, job, f"{job.ts}#{job.job_id}", job.question, user):
        why = job.why or "I could not answer this."
        told = Message(escape(why), [said(why), context("Trying again below.")])
        await patient(desk.client.chat_update, **_place(body), text=told.text, blocks=told.blocks)


async def _may(desk: "Desk", body: dict[str, Any], job: Job) -> bool:
    user, channel = body["user"]["id"], body["channel"]["id"]
    why = "" if user == job.person else "Only who asked can choose here; ask your own question instead."
    why = why or await desk.access.refusal(user, channel)
    if why:
        await whisper(desk, channel, user, escape(why), job.thread)
    return not why


async def _ask(desk: "Desk", job: Job, ts: str, question: str, user: str) -> bool:
    new = Asked(job.channel, ts[:64], job.thread, job.conversation, user, question)
    taken = await desk.aside(desk.log.jobs.take_in, new)
    if taken is None:
        return False
    desk.work.set()
    desk.later(show_status(desk, taken))
    return True


def _place(body: dict[str, Any]) -> dict[str, Any]:
    return {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
