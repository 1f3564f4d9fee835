"""Decisions of data owners. What one leaves to be done is owed in the same transaction, and done after.

So a process that is killed between the two loses nothing: whoever opens the workspace next does what is owed.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from feedback.corrections import Correction, correction
from feedback.database import FeedbackDatabase, FeedbackError
from feedback.people import Person, names, remember
from feedback.tables import CORRECTIONS, LINEAGE, NOTICES, OWED, REVIEWS
from feedback.turns import now

Deed = Literal["publish", "withdraw"]
Decision = Literal["approved", "rejected", "undone"]


@dataclass(frozen=True)
class Review:
    """`sql` is that which was approved, edited or not."""

    review_id: int
    correction_id: int
    person: str
    reviewed_at: dt.datetime
    decision: Decision
    sql: str
    note: str


@dataclass(frozen=True)
class Owed:
    """Something to be done for a correction: to publish what it says, or to take it back.

    `payload` is what was noted before it was published, so that it can be taken back.
    """

    owed_id: int
    deed: Deed
    correction: Correction
    review: Review
    payload: str = ""


class Reviews:
    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def approve(self, correction_id: int, owner: Person, sql: str = "", note: str = "") -> Review:
        """With `sql`, in this form. Others of its topic that are open are approved with it: they say the
        same, and each other wording becomes an example too.

        Raises FeedbackError where somebody decided before, or there is no SQL.
        """
        with self._database.write() as connection:
            found = _open(connection, correction_id, owner)
            right = (sql or found.sql).strip().rstrip("; \n")
            if not right:
                raise FeedbackError("This correction is a comment without SQL; write it, then approve it.")
            review = _decide(connection, found, owner, "approved", right, note)
            same = (CORRECTIONS.c.topic == found.topic) & (CORRECTIONS.c.state == "open")
            published = {found.question}
            _owe(connection, correction_id, "publish")
            for row in connection.execute(CORRECTIONS.select().where(same)).all():
                other = correction(row)
                _decide(connection, other, owner, "approved", right, _together(correction_id))
                if other.question not in published:
                    published.add(other.question)
                    _owe(connection, other.correction_id, "publish")
        return review

    def reject(self, correction_id: int, owner: Person, note: str = "") -> Review:
        """Raises FeedbackError where somebody decided before."""
        with self._database.write() as connection:
            return _decide(connection, _open(connection, correction_id, owner), owner, "rejected", "", note)

    def undo(self, correction_id: int, owner: Person, note: str = "") -> Review:
        """Take an approval back, with all that came of it and with those that were approved together with it.

        Raises FeedbackError where it does not hold.
        """
        with self._database.write() as connection:
            row = connection.execute(_by_id(correction_id)).one_or_none()
            if row is None or row.state != "approved":
                state = row.state if row else "unknown"
                raise FeedbackError(f"Correction {correction_id} is {state}; only an approved one is undone.")
            review = _take_back(connection, correction(row), owner, note)
            together = REVIEWS.c.note == _together(correction_id)
            ids = sa.select(REVIEWS.c.correction_id).where(together, REVIEWS.c.decision == "approved")
            held = (CORRECTIONS.c.correction_id.in_(ids)) & (CORRECTIONS.c.state == "approved")
            for other in connection.execute(CORRECTIONS.select().where(held)).all():
                _take_back(connection, correction(other), owner, note)
        return review

    def of(self, correction_id: int) -> list[Review]:
        """All decisions about one correction, the latest first."""
        wanted = REVIEWS.select().where(REVIEWS.c.correction_id == correction_id)
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(REVIEWS.c.review_id.desc()))
            return [_review(row) for row in rows]

    def by(self, person: str) -> list[Review]:
        """All decisions of one owner, the latest first."""
        wanted = REVIEWS.select().where(REVIEWS.c.person == person)
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(REVIEWS.c.review_id.desc()))
            return [_review(row) for row in rows]

    def owed(self) -> list[Owed]:
        """What is still to be done, the oldest first."""
        wanted = OWED.select().where(OWED.c.done_at.is_(None)).order_by(OWED.c.owed_id)
        with self._database.read() as connection:
            return [_owed(connection, row) for row in connection.execute(wanted).all()]

    def prepare(self, owed: Owed, payload: str) -> None:
        """Note what will be needed to take it back, before it is done."""
        with self._database.write() as connection:
            of = OWED.c.owed_id == owed.owed_id
            connection.execute(OWED.update().where(of).values(payload=payload))

    def done(self, owed: Owed, made: dict[str, str] | None = None) -> None:
        """Note that it was done: `made` is what came of it, kind -> name, for the lineage."""
        at = now()
        with self._database.write() as connection:
            connection.execute(OWED.update().where(OWED.c.owed_id == owed.owed_id).values(done_at=at))
            of = LINEAGE.c.correction_id == owed.correction.correction_id
            if owed.deed == "withdraw":
                connection.execute(
                    LINEAGE.update().where(of, LINEAGE.c.ended_at.is_(None)).values(ended_at=at)
                )
                return
            for kind, name in (made or {}).items():
                same = of & (LINEAGE.c.kind == kind) & (LINEAGE.c.name == name)
                if connection.execute(LINEAGE.update().where(same).values(ended_at=None)).rowcount == 0:
                    row = {"correction_id": owed.correction.correction_id, "kind": kind, "name": name}
                    connection.execute(LINEAGE.insert().values(**row, linked_at=at))


def _open(connection: sa.Connection, correction_id: int, owner: Person) -> Correction:
    row = connection.execute(_by_id(correction_id).with_for_update()).one_or_none()
    if row is None:
        raise FeedbackError(f"There is no correction {correction_id}; see `quarry feedback queue`.")
    if row.state != "open":
        last = connection.execute(
            REVIEWS.select()
            .where(REVIEWS.c.correction_id == correction_id)
            .order_by(REVIEWS.c.review_id.desc())
        ).first()
        who = names(connection).get(last.person, last.person) if last else "somebody"
        raise FeedbackError(
            f"Correction {correction_id} was {row.state} by {who} already; nothing was changed."
        )
    remember(connection, owner)
    return correction(row)


def _by_id(correction_id: int) -> "sa.Select[Any]":
    return sa.select(CORRECTIONS).where(CORRECTIONS.c.correction_id == correction_id)


def _decide(
    connection: sa.Connection, found: Correction, owner: Person, decision: Decision, sql: str, note: str
) -> Review:
    at = now()
    row = {"correction_id": found.correction_id, "person": owner.id, "reviewed_at": at}
    row |= {"decision": decision, "sql": sql, "note": note}
    key = connection.execute(REVIEWS.insert().values(row)).inserted_primary_key
    of = CORRECTIONS.c.correction_id == found.correction_id
    connection.execute(CORRECTIONS.update().where(of).values(state=decision))
    if found.person:
        told = {"person": found.person, "correction_id": found.correction_id, "made_at": at}
        connection.execute(NOTICES.insert().values(**told, text=_notice(found, owner, decision, note)))
    return Review(int(key[0]) if key else 0, found.correction_id, owner.id, at, decision, sql, note)


def _together(correction_id: int) -> str:
    """The note of what was approved with another."""
    return f"with {correction_id}"


def _take_back(connection: sa.Connection, found: Correction, owner: Person, note: str) -> Review:
    """Undone; where it was published, that is owed too."""
    review = _decide(connection, found, owner, "undone", "", note)
    of = (OWED.c.correction_id == found.correction_id) & (OWED.c.deed == "publish")
    if connection.execute(OWED.select().where(of)).first() is not None:
        _owe(connection, found.correction_id, "withdraw")
    return review


def _notice(found: Correction, owner: Person, decision: Decision, note: str) -> str:
    what = {
        "approved": "approved by {who}; the same question is answered so from now on",
        "rejected": "not taken over by {who}",
        "undone": "taken back by {who}",
    }
    because = f" ('{note}')" if note and not note.startswith("with ") else ""
    return f"Your correction of '{found.question}' was {what[decision].format(who=owner.said)}{because}."


def _owe(connection: sa.Connection, correction_id: int, deed: Deed) -> None:
    connection.execute(OWED.insert().values(correction_id=correction_id, deed=deed, owed_at=now()))


def _owed(connection: sa.Connection, row: sa.Row[Any]) -> Owed:
    found = correction(connection.execute(_by_id(row.correction_id)).one())
    approvals = (REVIEWS.c.correction_id == row.correction_id) & (REVIEWS.c.decision == "approved")
    last = connection.execute(REVIEWS.select().where(approvals).order_by(REVIEWS.c.review_id.desc())).first()
    assert last is not None
    return Owed(row.owed_id, row.deed, found, _review(last), row.payload or _published(connection, row))


def _published(connection: sa.Connection, row: sa.Row[Any]) -> str:
    """What was noted when it was published, for what takes it back."""
    if row.deed == "publish":
        return ""
    of = (OWED.c.correction_id == row.correction_id) & (OWED.c.deed == "publish")
    last = connection.execute(OWED.select().where(of).order_by(OWED.c.owed_id.desc())).first()
    return str(last.payload) if last else ""


def _review(row: sa.Row[Any]) -> Review:
    return Review(**row._mapping)
