"""Old turns leave the log; the sums by day, and what came of corrections, stay."""

import datetime as dt

import sqlalchemy as sa

from feedback.database import FeedbackDatabase
from feedback.tables import AUDIT, CORRECTIONS, JOBS, TURNS, VOTES


def forget(database: FeedbackDatabase, before: dt.date) -> int:
    """Remove turns that were asked before this day, with their votes, the jobs they were and their audit.

    Those that somebody corrected stay.
    """
    begin = dt.datetime.combine(before, dt.time())
    old = sa.select(TURNS.c.turn_id).where(
        TURNS.c.asked_at < begin,
        TURNS.c.turn_id.not_in(sa.select(CORRECTIONS.c.turn_id)),
    )
    with database.write() as connection:
        connection.execute(JOBS.delete().where(JOBS.c.done_at < begin))
        connection.execute(AUDIT.delete().where(AUDIT.c.at < begin))
        connection.execute(VOTES.delete().where(VOTES.c.turn_id.in_(old)))
        return connection.execute(TURNS.delete().where(TURNS.c.turn_id.in_(old))).rowcount
