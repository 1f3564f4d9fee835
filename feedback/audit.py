"""Who did what, and what they were shown: one row a deed, never changed."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from feedback.database import FeedbackDatabase
from feedback.people import Person, remember
from feedback.tables import AUDIT
from feedback.turns import now


@dataclass(frozen=True)
class Entry:
    """`detail` says what was shown and where, or why it was not."""

    audit_id: int
    at: dt.datetime
    person: str
    channel: str
    deed: str
    turn_id: int | None
    detail: str


class Audit:
    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def note(
        self, person: Person, channel: str, deed: str, *, turn_id: int | None = None, detail: str = ""
    ) -> None:
        row = {"at": now(), "person": person.id, "channel": channel, "deed": deed}
        with self._database.write() as connection:
            remember(connection, person)
            connection.execute(AUDIT.insert().values(**row, turn_id=turn_id, detail=detail[:2000]))

    def latest(self, limit: int = 100, person: str = "") -> list[Entry]:
        """Newest first, of one person or of all."""
        wanted = sa.select(AUDIT).order_by(AUDIT.c.audit_id.desc()).limit(limit)
        if person:
            wanted = wanted.where(AUDIT.c.person == person)
        with self._database.read() as connection:
            return [Entry(**row._mapping) for row in connection.execute(wanted)]
