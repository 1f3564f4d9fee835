"""What was posted where, each thing once: noted before it is sent, and again when it has arrived."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feedback.database import FeedbackDatabase
from feedback.tables import POSTS
from feedback.turns import now
from feedback.upsert import upsert


@dataclass(frozen=True)
class Post:
    """`kind` and `ref` say of what; `ts` is empty until it has arrived; `shows` is what it shows by now."""

    kind: str
    ref: str
    channel: str
    thread: str
    ts: str
    shows: str
    begun_at: dt.datetime
    posted_at: dt.datetime | None


class Posts:
    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def begin(
        self, kind: str, ref: str, channel: str, thread: str = "", *, retake_s: float = 60.0
    ) -> tuple[Post, bool] | None:
        """Note that it will be sent. True says that this is the first time: nothing can be there yet.

        None: somebody else began within `retake_s` seconds and may still be sending.
        """
        at = now()
        row = {"kind": kind, "ref": ref, "channel": channel, "thread": thread, "begun_at": at}
        with self._database.write() as connection:
            if upsert(connection, POSTS, row, {}):
                return _post(connection.execute(_of(kind, ref)).one()), True
            found = _post(connection.execute(_of(kind, ref)).one())
            if found.ts:
                return found, False
            of = (POSTS.c.kind == kind) & (POSTS.c.ref == ref) & (POSTS.c.begun_at == found.begun_at)
            old = (at - found.begun_at).total_seconds() >= retake_s
            taken = old and connection.execute(POSTS.update().where(of).values(begun_at=at)).rowcount
            return (found, False) if taken else None

    def arrived(self, post: Post, ts: str, shows: str = "") -> None:
        self._change(post.kind, post.ref, ts=ts, shows=shows, posted_at=now())

    def shows(self, post: Post, shows: str) -> None:
        """Note what it was changed to show."""
        self._change(post.kind, post.ref, shows=shows)

    def get(self, kind: str, ref: str) -> Post | None:
        with self._database.read() as connection:
            row = connection.execute(_of(kind, ref)).one_or_none()
        return _post(row) if row else None

    def _change(self, kind: str, ref: str, **values: Any) -> None:
        with self._database.write() as connection:
            of = (POSTS.c.kind == kind) & (POSTS.c.ref == ref)
            connection.execute(POSTS.update().where(of).values(**values))


def _of(kind: str, ref: str) -> "sa.Select[Any]":
    return sa.select(POSTS).where(POSTS.c.kind == kind, POSTS.c.ref == ref)


def _post(row: sa.Row[Any]) -> Post:
    return Post(**row._mapping)
