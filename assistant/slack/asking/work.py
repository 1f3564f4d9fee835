"""Working through the questions that wait: one after the other, told exactly once."""

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from assistant.answering import Reply, again, reply
from assistant.slack.answer.message import message, trouble
from assistant.slack.answer.picture import send_picture
from assistant.slack.asking.status import looking
from assistant.slack.blocks import Message, said
from assistant.slack.posting import direct_channel, once
from assistant.slack.reach import HERE, Reach, reach, reads
from assistant.slack.text import escape
from feedback.jobs import Job
from feedback.news import ANSWER
from graph.outcome import Answered
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.slack.desk import Desk

IDLE_S = 1.0
PAUSE_S = 2.0
_log = logging.getLogger(__name__)


async def work(desk: "Desk") -> None:
    """Until it is cancelled. What goes wrong with one question is that one's trouble alone."""
    while True:
        desk.work.clear()
        try:
            job = await desk.aside(desk.log.jobs.claim, desk.worker)
        except QuarryError as error:
            _log.warning("%s", error)
            await asyncio.sleep(PAUSE_S)
            continue
        if job is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(desk.work.wait(), IDLE_S)
            continue
        desk.busy.add(job.job_id)
        try:
            await handle(desk, job)
        except asyncio.CancelledError:
            raise
        except Exception:  # whatever it is, it is told in full, and the question goes to another try
            _log.exception("question %s could not be finished", job.job_id)
            with contextlib.suppress(QuarryError):
                await desk.aside(desk.log.jobs.give_back, job)
            await asyncio.sleep(PAUSE_S)
        finally:
            desk.busy.discard(job.job_id)


async def handle(desk: "Desk", job: Job) -> None:
    """Answer one question, or tell why not."""
    if job.state == "running":
        why = await desk.access.refusal(job.person, job.channel)
        if why:
            await _tell(desk, job, why, "refused")
            return
        try:
            async with looking(desk, job):
                answer = await _answer(desk, job)
        except QuarryError as error:
            await desk.aside(desk.log.jobs.fail, job, str(error))
            await _tell(desk, job, str(error), "failed")
            return
        await _show(desk, job, answer)
    else:
        await _tell(desk, job, job.why, "refused" if job.state == "refusing" else "failed")


async def _answer(desk: "Desk", job: Job) -> Reply:
    """Asked anew, or from the log where an earlier try came that far."""
    if job.turn_id is not None:
        turn = await desk.aside(desk.log.turns.get, job.turn_id)
        if turn is not None:
            return await desk.aside(again, desk.workspace, turn, explain=True)
    person = await desk.person(job.person)

    def ask() -> Reply:
        return reply(
            desk.workspace, job.question, job.conversation, explain=True, person=person, channel=job.channel
        )

    answer = await desk.model(ask)
    await desk.aside(desk.log.jobs.answered, job, answer.turn_id)
    return answer


async def _show(desk: "Desk", job: Job, answer: Reply) -> None:
    """Here, or to the asker alone, or not at all: by what the answer reads."""
    sql = answer.outcome.sql if isinstance(answer.outcome, Answered) else ""
    place = await reach_of(desk, sql, job.channel, job.person)
    if place.where == "nowhere":
        await _tell(desk, job, place.why, "withheld", answer.turn_id)
        return
    channel, thread = job.channel, job.thread
    if place.where == "direct":
        channel, thread = await direct_channel(desk, job.person), ""
        await once(desk, "note", str(job.job_id), job.channel, _note(place), thread=job.thread, retake_s=0)
    told = message(answer, job_id=job.job_id)
    post = await once(desk, ANSWER, str(job.job_id), channel, told, thread=thread, retake_s=0)
    if post is not None and isinstance(answer.outcome, Answered):
        await send_picture(desk, answer, channel, thread or post.ts, job.job_id)
    deed = type(answer.outcome).__name__.lower()
    detail = f"shown in {channel}{f': {sql}' if sql else ''}"
    await _done(desk, job, deed, answer.turn_id, detail)


async def reach_of(desk: "Desk", sql: str, channel: str, person: str) -> Reach:
    """Where this person may see what a statement gives; without one there is nothing to hide."""
    if not sql:
        return HERE
    read = await desk.aside(reads, sql, desk.workspace.schema)
    return reach(desk.settings, read, channel, await desk.access.groups(), person)


async def _tell(desk: "Desk", job: Job, why: str, deed: str, turn_id: int | None = None) -> None:
    told = trouble(why, job.job_id, retry=deed == "failed")
    await once(desk, ANSWER, str(job.job_id), job.channel, told, thread=job.thread, retake_s=0)
    await _done(desk, job, deed, turn_id, why)


async def _done(desk: "Desk", job: Job, deed: str, turn_id: int | None, detail: str) -> None:
    person = await desk.person(job.person)
    await desk.aside(desk.log.jobs.done, job)
    await desk.aside(desk.log.audit.note, person, job.channel, deed, turn_id=turn_id, detail=detail)


def _note(place: Reach) -> Message:
    return Message(escape(place.why), [said(place.why)])
