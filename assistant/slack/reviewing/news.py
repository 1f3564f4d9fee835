"""What the log knows and Slack does not show yet, wherever it was decided: told once, also after a kill."""

import asyncio
import contextlib
import logging
import re
from typing import TYPE_CHECKING

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from assistant.answering import again
from assistant.corrections.show import shown
from assistant.slack.answer.message import message
from assistant.slack.blocks import Message, said, to
from assistant.slack.posting import change, direct_channel, once
from assistant.slack.reviewing.card import card
from assistant.slack.text import escape, plain
from feedback.corrections import Correction
from feedback.news import CARD, Outdated
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.slack.desk import Desk

EVERY_S = 3.0
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_log = logging.getLogger(__name__)


async def tell_news(desk: "Desk") -> None:
    """Until it is cancelled: at once when something was decided here, else every few seconds."""
    while True:
        desk.news.clear()
        try:
            await tell_all(desk)
        except (QuarryError, SlackApiError, ClientError, TimeoutError, ConnectionError) as error:
            _log.warning("news wait: %s", error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(desk.news.wait(), EVERY_S)


async def tell_all(desk: "Desk") -> None:
    """Cards of new corrections, cards and answers as they are now, and notices to people."""
    news, channel = desk.log.news, desk.settings.slack_review_channel
    for new in await desk.aside(news.without_card) if channel else ():
        told = await _card(desk, new.correction_id)
        await once(desk, CARD, str(new.correction_id), channel, told, shows="open")
    for old in await desk.aside(news.cards):
        assert old.correction is not None
        told = await _card(desk, old.correction.correction_id)
        await change(desk, old.post, told, old.correction.state)
    for old in await desk.aside(news.answers):
        await _answer(desk, old)
    for notice in await desk.aside(desk.log.notices.waiting):
        if _SLACK_ID.fullmatch(notice.person):
            told = Message(escape(notice.text), [said(notice.text)])
            direct = await direct_channel(desk, notice.person)
            if await once(desk, "notice", str(notice.notice_id), direct, told) is not None:
                await desk.aside(desk.log.notices.told, notice)


async def _card(desk: "Desk", correction_id: int) -> Message:
    return card(await desk.aside(shown, desk.workspace, correction_id))


async def _answer(desk: "Desk", old: Outdated) -> None:
    """The corrected rows in place of those of the answer; or those of the answer again."""
    job = await desk.aside(desk.log.jobs.get, int(old.post.ref))
    turn = await desk.aside(desk.log.turns.get, job.turn_id) if job and job.turn_id else None
    if job is None or turn is None:
        return
    note, sql, shows = "", "", ""
    if old.correction is not None:
        shows = f"corrected {old.correction.correction_id}"
        sql, note = await _approved(desk, old.correction)
    try:
        answer = await desk.aside(again, desk.workspace, turn, sql, explain=True)
    except QuarryError as error:
        _log.warning("a corrected answer does not run: %s", error)
        await desk.aside(desk.log.posts.shows, old.post, shows)
        return
    await change(desk, old.post, message(answer, job_id=job.job_id, note=note), shows)
    if old.correction is not None and old.correction.person != job.person:
        text = f"the answer to '{plain(job.question, 200)}' was corrected; it shows the right rows now."
        told = Message(escape(f"{text[:1].upper()}{text[1:]}"), [to(job.person, text)])
        ref, thread = str(old.correction.correction_id), old.post.thread
        await once(desk, "corrected", ref, old.post.channel, told, thread=thread or old.post.ts)


async def _approved(desk: "Desk", found: Correction) -> tuple[str, str]:
    """The SQL that was approved, and by whom."""
    reviews = await desk.aside(desk.log.reviews.of, found.correction_id)
    names = await desk.aside(desk.log.names)
    last = next((review for review in reviews if review.decision == "approved"), None)
    if last is None:
        return found.sql, ""
    corrector, owner = (names.get(person, person) for person in (found.person, last.person))
    return (
        last.sql,
        f"Corrected by {corrector or 'somebody'}, approved by {owner} on {last.reviewed_at:%Y-%m-%d}.",
    )
