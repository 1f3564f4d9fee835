"""What people gave instead of an answer, and what data owners decided about it.

A correction that nobody reviewed reaches no prompt: only what `Reviews.approve` leaves owed does.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

from feedback.causes import CAUSES
from feedback.database import FeedbackDatabase, FeedbackError
from feedback.people import Person, remember
from feedback.tables import ASKED, CORRECTIONS, TURNS, VOTES
from feedback.turns import now, question_key
from feedback.upsert import upsert

State = Literal["open", "approved", "rejected", "undone", "erased"]
LONGEST_COMMENT = 4000
LONGEST_SQL = 20_000


@dataclass(frozen=True)
class Draft:
    """What a person hands in: SQL, or a comment alone. `cause` is a key of CAUSES.

    `evidence` is what was found out about the SQL when it was handed in: findings, results before and after.
    """

    turn_id: int
    person: Person
    sql: str = ""
    comment: str = ""
    cause: str = "other"
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Correction:
    """`was` is the SQL that answered. Corrections of one `topic`, the id of its first, say the same."""

    correction_id: int
    turn_id: int
    person: str
    made_at: dt.datetime
    question: str
    was: str
    sql: str
    comment: str
    cause: str
    state: State
    evidence: dict[str, Any]
    topic: int
    rank: float = 0.0


class Corrections:
    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def submit(
        self, draft: Draft, *, topic: int = 0, vector: bytes | None = None, group: str = ""
    ) -> Correction:
        """Keep it for review, with a thumbs-down of the same person.

        `topic` is that of a correction that says the same, `vector` the embedding of the question (float32),
        `group` the fingerprint of the corrected rows. Raises FeedbackError where it is empty, too long,
        or of no turn.
        """
        _check(draft)
        with self._database.write() as connection:
            found = connection.execute(TURNS.select().where(TURNS.c.turn_id == draft.turn_id)).one_or_none()
            if found is None:
                raise FeedbackError(f"There is no turn {draft.turn_id} to correct; it may have been erased.")
            remember(connection, draft.person)
            at = now()
            question = json.loads(found.record).get("composed") or found.question
            row = {
                "turn_id": draft.turn_id,
                "person": draft.person.id,
                "made_at": at,
                "question": question,
                "was": found.sql,
                "sql": draft.sql.strip().rstrip("; \n"),
                "comment": draft.comment.strip(),
                "cause": draft.cause,
                "state": "open",
                "evidence": json.dumps(dict(draft.evidence), ensure_ascii=False, default=str),
                "topic": topic,
                "vector": vector,
                "result_group": group,
                "rank": _rank(connection, found.question, found.confidence),
            }
            key = connection.execute(CORRECTIONS.insert().values(row)).inserted_primary_key
            correction_id = int(key[0]) if key else 0
            if not topic:
                own = CORRECTIONS.update().where(CORRECTIONS.c.correction_id == correction_id)
                connection.execute(own.values(topic=correction_id))
            vote = {"turn_id": draft.turn_id, "person": draft.person.id, "up": False, "voted_at": at}
            upsert(connection, VOTES, vote, {"up": False, "voted_at": at})
        made = self.get(correction_id)
        assert made is not None
        return made

    def get(self, correction_id: int) -> Correction | None:
        wanted = CORRECTIONS.select().where(CORRECTIONS.c.correction_id == correction_id)
        with self._database.read() as connection:
            row = connection.execute(wanted).one_or_none()
        return correction(row) if row else None

    def of_person(self, person: str, limit: int = 50) -> list[Correction]:
        """The latest of one person, newest first."""
        return self._where(CORRECTIONS.c.person == person, limit)

    def of_turn(self, turn_id: int) -> list[Correction]:
        """Of several people, newest first."""
        return self._where(CORRECTIONS.c.turn_id == turn_id, 100)

    def of_topic(self, topic: int) -> list[Correction]:
        """Those that say the same, newest first."""
        return self._where(CORRECTIONS.c.topic == topic, 200)

    def approved(self) -> list[Correction]:
        """All that hold now, newest first."""
        return self._where(CORRECTIONS.c.state == "approved", 1_000_000)

    def _where(self, condition: "sa.ColumnElement[bool]", limit: int) -> list[Correction]:
        wanted = CORRECTIONS.select().where(condition).order_by(CORRECTIONS.c.correction_id.desc())
        with self._database.read() as connection:
            return [correction(row) for row in connection.execute(wanted.limit(limit))]


def correction(row: sa.Row[Any] | Mapping[str, Any]) -> Correction:
    """From a row of the table."""
    values = row if isinstance(row, Mapping) else row._mapping
    told = {name: value for name, value in values.items() if name in Correction.__dataclass_fields__}
    return Correction(**{**told, "evidence": json.loads(told["evidence"])})


def _check(draft: Draft) -> None:
    if not draft.sql.strip("; \n\t") and not draft.comment.strip():
        raise FeedbackError("A correction needs SQL or a comment; say what would have been right.")
    if len(draft.comment) > LONGEST_COMMENT:
        raise FeedbackError(
            f"The comment has {len(draft.comment):,} characters; shorten it to {LONGEST_COMMENT:,}."
        )
    if len(draft.sql) > LONGEST_SQL:
        raise FeedbackError(f"The SQL has {len(draft.sql):,} characters; shorten it to {LONGEST_SQL:,}.")
    if draft.cause not in CAUSES:
        raise FeedbackError(f"{draft.cause!r} is no cause; choose one of {', '.join(CAUSES)}.")


def _rank(connection: sa.Connection, question: str, confidence: float | None) -> float:
    """First what is asked often and was answered with confidence: there a wrong answer does most harm."""
    wanted = sa.select(ASKED.c.times).where(ASKED.c.key == question_key(question))
    times = connection.execute(wanted).scalar() or 1
    return float(times) * (1.0 + (confidence or 0.0))
