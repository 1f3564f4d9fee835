"""Old turns leave the log; the sums by day, and what came of corrections, stay."""

import datetime as dt

import sqlalchemy as sa

from feedback.database import FeedbackDatabase
from feedback.tables import CORRECTIONS, TURNS, VOTES


def forget(database: FeedbackDatabase, before: dt.date) -> int:
    """Remove turns that were asked before this day, with their votes; those that somebody corrected stay."""
    old = sa.select(TURNS.c.turn_id).where(
        TURNS.c.asked_at < dt.datetime.combine(before, dt.time()),
        TURNS.c.turn_id.not_in(sa.select(CORRECTIONS.c.turn_id)),
    )
    with database.write() as connection:
        connection.execute(VOTES.delete().where(VOTES.c.turn_id.in_(old)))
        return connection.execute(TURNS.delete().where(TURNS.c.turn_id.in_(old))).rowcount
