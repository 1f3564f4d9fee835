"""Who asks, votes, corrects and decides; and what is done on request with all that is theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feedback.database import FeedbackDatabase
from feedback.tables import ASKED, AUDIT, CORRECTIONS, JOBS, NOTICES, PEOPLE, REVIEWS, TURNS, VOTES
from feedback.upsert import upsert

ERASED = "erased"


@dataclass(frozen=True)
class Person:
    """`id` is what a channel calls them (a Slack user, a login); `name` is for people to read."""

    id: str
    name: str = ""

    @property
    def said(self) -> str:
        """The name, or else the id."""
        return self.name or self.id


NOBODY = Person("")


def remember(connection: sa.Connection, person: Person) -> None:
    """Keep how a person is called."""
    if person.id and person.name:
        upsert(connection, PEOPLE, {"person": person.id, "name": person.name}, {"name": person.name})


def names(connection: sa.Connection) -> dict[str, str]:
    """Id -> name of everybody who has one."""
    return {row.person: row.name for row in connection.execute(PEOPLE.select())}


@dataclass(frozen=True)
class Erased:
    """How many rows of each kind lost their person."""

    turns: int
    votes: int
    corrections: int
    reviews: int


def erase(database: FeedbackDatabase, person: str) -> Erased:
    """Take a person's name, questions and words out of the log; counts, SQL and decisions stay.

    Their open corrections are closed; what was approved stays with the team, as of nobody.
    """
    theirs = sa.select(TURNS.c.question_key).where(TURNS.c.person == person)
    others = sa.select(TURNS.c.question_key).where(TURNS.c.person != person)
    with database.write() as connection:
        connection.execute(ASKED.delete().where(ASKED.c.key.in_(theirs), ASKED.c.key.not_in(others)))
        gone = {"question": ERASED, "question_key": "", "record": "{}", "thread": ERASED}
        turns = _blank(connection, TURNS, person, gone)
        votes = connection.execute(VOTES.delete().where(VOTES.c.person == person)).rowcount
        closing = sa.case((CORRECTIONS.c.state == "open", "erased"), else_=CORRECTIONS.c.state)
        words = {"comment": "", "question": ERASED, "state": closing}
        corrections = _blank(connection, CORRECTIONS, person, words)
        reviews = _blank(connection, REVIEWS, person, {"note": ""})
        _blank(connection, JOBS, person, {"question": ERASED, "conversation": ERASED})
        _blank(connection, AUDIT, person, {"detail": ""})
        connection.execute(NOTICES.delete().where(NOTICES.c.person == person))
        connection.execute(PEOPLE.delete().where(PEOPLE.c.person == person))
    return Erased(turns, votes, corrections, reviews)


def _blank(connection: sa.Connection, table: sa.Table, whose: str, values: Mapping[str, Any]) -> int:
    changed = table.update().where(table.c.person == whose).values({**values, "person": ""})
    return connection.execute(changed).rowcount
