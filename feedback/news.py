"""What people have not been told yet: corrections without a card, cards and answers that are out of date."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feedback.corrections import Correction, correction
from feedback.database import FeedbackDatabase
from feedback.posts import Post
from feedback.tables import CORRECTIONS, JOBS, POSTS

CARD, ANSWER = "card", "answer"


@dataclass(frozen=True)
class Outdated:
    """A post that shows something else than what holds now; `correction` is the one that it is about.

    For an answer it is None where the original holds again.
    """

    post: Post
    correction: Correction | None


class News:
    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def without_card(self, limit: int = 50) -> list[Correction]:
        """Open corrections that no data owner was shown, the oldest first."""
        shown = sa.select(POSTS.c.ref).where(POSTS.c.kind == CARD, POSTS.c.ts != "")
        wanted = CORRECTIONS.select().where(CORRECTIONS.c.state == "open", _ref().not_in(shown))
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(CORRECTIONS.c.correction_id).limit(limit))
            return [correction(row) for row in rows]

    def cards(self, limit: int = 50) -> list[Outdated]:
        """Cards whose correction was decided, or came back, since."""
        other = POSTS.c.shows != CORRECTIONS.c.state
        of = (POSTS.c.kind == CARD) & (POSTS.c.ts != "") & (POSTS.c.ref == _ref()) & other
        with self._database.read() as connection:
            return _outdated(connection, sa.select(POSTS, CORRECTIONS).where(of).limit(limit))

    def answers(self, limit: int = 50) -> list[Outdated]:
        """Answers of which a correction was approved since, and those whose correction was taken back."""
        shows = sa.literal("corrected ") + _ref()
        job = sa.cast(JOBS.c.job_id, sa.String)
        of = (POSTS.c.kind == ANSWER) & (POSTS.c.ts != "") & (POSTS.c.ref == job)
        same = JOBS.c.turn_id == CORRECTIONS.c.turn_id
        held = CORRECTIONS.alias()
        holds = (held.c.state == "approved") & (held.c.turn_id == JOBS.c.turn_id)
        latest = sa.select(sa.func.max(held.c.correction_id)).where(holds).correlate(JOBS).scalar_subquery()
        approved = sa.select(POSTS, CORRECTIONS).where(
            of, same, CORRECTIONS.c.correction_id == latest, POSTS.c.shows != shows
        )
        gone = sa.select(POSTS, CORRECTIONS).where(
            of, same, CORRECTIONS.c.state != "approved", POSTS.c.shows == shows, latest.is_(None)
        )
        with self._database.read() as connection:
            changed = _outdated(connection, approved.limit(limit))
            return changed + [Outdated(one.post, None) for one in _outdated(connection, gone.limit(limit))]


def _ref() -> "sa.ColumnElement[str]":
    return sa.cast(CORRECTIONS.c.correction_id, sa.String)


def _outdated(connection: sa.Connection, wanted: "sa.Select[Any]") -> list[Outdated]:
    found = []
    for row in connection.execute(wanted):
        parts = row._mapping
        post = Post(**{column.name: parts[column] for column in POSTS.c})
        told = {column.name: parts[column] for column in CORRECTIONS.c}
        found.append(Outdated(post, correction(told)))
    return found
