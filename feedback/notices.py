"""What people are to be told about their corrections, until somebody told them."""

import datetime as dt
from dataclasses import dataclass

from feedback.database import FeedbackDatabase
from feedback.tables import NOTICES
from feedback.turns import now


@dataclass(frozen=True)
class Notice:
    notice_id: int
    person: str
    correction_id: int
    text: str
    made_at: dt.datetime
    told_at: dt.datetime | None = None


class Notices:
    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def waiting(self, person: str = "") -> list[Notice]:
        """For one person, or for everybody; the oldest first."""
        wanted = NOTICES.select().where(NOTICES.c.told_at.is_(None)).order_by(NOTICES.c.notice_id)
        if person:
            wanted = wanted.where(NOTICES.c.person == person)
        with self._database.read() as connection:
            return [Notice(**row._mapping) for row in connection.execute(wanted)]

    def told(self, notice: Notice) -> None:
        with self._database.write() as connection:
            of = NOTICES.c.notice_id == notice.notice_id
            connection.execute(NOTICES.update().where(of).values(told_at=now()))
