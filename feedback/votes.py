"""Thumbs: each person has one on a turn, and may change it."""

from dataclasses import dataclass

import sqlalchemy as sa

from feedback.database import FeedbackDatabase, FeedbackError
from feedback.people import Person, remember
from feedback.tables import TURNS, VOTES
from feedback.turns import now
from feedback.upsert import upsert


@dataclass(frozen=True)
class Tally:
    """The thumbs of a turn as they stand."""

    up: int = 0
    down: int = 0


class Votes:
    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def cast(self, turn_id: int, person: Person, *, up: bool) -> Tally:
        """The last one of a person counts. Raises FeedbackError where there is no such turn."""
        row = {"turn_id": turn_id, "person": person.id, "up": up, "voted_at": now()}
        with self._database.write() as connection:
            if (
                connection.execute(sa.select(TURNS.c.turn_id).where(TURNS.c.turn_id == turn_id)).first()
                is None
            ):
                raise FeedbackError(f"There is no turn {turn_id}; look one up with `quarry feedback turns`.")
            remember(connection, person)
            upsert(connection, VOTES, row, {"up": up, "voted_at": row["voted_at"]})
            return _tally(connection, turn_id)

    def take_back(self, turn_id: int, person: Person) -> Tally:
        """As if it had never been cast."""
        with self._database.write() as connection:
            theirs = (VOTES.c.turn_id == turn_id) & (VOTES.c.person == person.id)
            connection.execute(VOTES.delete().where(theirs))
            return _tally(connection, turn_id)

    def tally(self, turn_id: int) -> Tally:
        with self._database.read() as connection:
            return _tally(connection, turn_id)


def _tally(connection: sa.Connection, turn_id: int) -> Tally:
    up = sa.func.coalesce(sa.func.sum(sa.case((VOTES.c.up, 1), else_=0)), 0)
    wanted = sa.select(up, sa.func.count()).where(VOTES.c.turn_id == turn_id)
    liked, cast = connection.execute(wanted).one()
    return Tally(int(liked), int(cast) - int(liked))
