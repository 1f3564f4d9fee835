"""The log of turns: every question with its whole record, kept for votes, corrections and evaluation."""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feedback.database import FeedbackDatabase
from feedback.people import NOBODY, Person, remember
from feedback.query_type import query_type
from feedback.tables import ASKED, DAYS, TURNS
from feedback.upsert import upsert

_COUNTED = ("turns", "to_check", "repaired", "prompt_tokens", "written_tokens")
_SUMMED = ("seconds", "model_seconds", "database_seconds")


@dataclass(frozen=True)
class LoggedTurn:
    """`outcome` is the outcome's type in lower case; `asked_at` is UTC."""

    turn_id: int
    thread: str
    asked_at: dt.datetime
    question: str
    outcome: str
    record: dict[str, Any]
    person: str = ""
    channel: str = ""

    @property
    def sql(self) -> str:
        """The statement that answered; empty where none did."""
        return str(self.record.get("outcome", {}).get("sql", ""))

    @property
    def whole_question(self) -> str:
        """What a follow-up was read as, or the question itself."""
        return str(self.record.get("composed") or self.question)


class Turns:
    """The turns in a feedback database."""

    def __init__(self, database: FeedbackDatabase, dialect: str = "") -> None:
        self._database = database
        self._dialect = dialect

    def add(
        self,
        thread: str,
        question: str,
        outcome: str,
        record: dict[str, Any],
        *,
        person: Person = NOBODY,
        channel: str = "",
        release: str = "",
        at: dt.datetime | None = None,
    ) -> int:
        """Keep one turn, and count it; its id is what a vote will name. `at` is UTC, now where not given."""
        at = at or now()
        said = _columns(record, self._dialect)
        values = {
            "thread": thread,
            "asked_at": at,
            "question": question,
            "outcome": outcome,
            "record": json.dumps(record, ensure_ascii=False, default=str),
            "person": person.id,
            "channel": channel,
            "release": release,
            "question_key": question_key(question),
            **said,
        }
        with self._database.write() as connection:
            remember(connection, person)
            key = connection.execute(TURNS.insert().values(values)).inserted_primary_key
            _count(connection, at, outcome, said)
            _note_question(connection, at, question, outcome)
        return int(key[0]) if key else 0

    def get(self, turn_id: int) -> LoggedTurn | None:
        with self._database.read() as connection:
            row = connection.execute(TURNS.select().where(TURNS.c.turn_id == turn_id)).one_or_none()
        return _turn(row) if row else None

    def of_thread(self, thread: str) -> list[LoggedTurn]:
        """The turns of one thread, oldest first."""
        wanted = TURNS.select().where(TURNS.c.thread == thread).order_by(TURNS.c.turn_id)
        with self._database.read() as connection:
            return [_turn(row) for row in connection.execute(wanted)]

    def recent(self, limit: int = 100, person: str = "") -> list[LoggedTurn]:
        """The latest turns, of one person or of all, newest first."""
        wanted = TURNS.select().order_by(TURNS.c.turn_id.desc()).limit(limit)
        if person:
            wanted = wanted.where(TURNS.c.person == person)
        with self._database.read() as connection:
            return [_turn(row) for row in connection.execute(wanted)]


def now() -> dt.datetime:
    """UTC, without a zone, as the database keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def question_key(question: str) -> str:
    """The same for questions that differ in case, spaces and marks alone."""
    words = " ".join(re.findall(r"\w+", question.lower()))
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _turn(row: sa.Row[Any]) -> LoggedTurn:
    record = json.loads(row.record)
    return LoggedTurn(
        row.turn_id, row.thread, row.asked_at, row.question, row.outcome, record, row.person, row.channel
    )


def _columns(record: dict[str, Any], dialect: str) -> dict[str, Any]:
    """What of a record stands in columns of its own."""
    outcome, times, tokens = (record.get(name) or {} for name in ("outcome", "times", "tokens"))
    steps = [step.get("name") for step in record.get("steps") or ()]
    sql = str(outcome.get("sql") or "")
    return {
        "kind": query_type(sql, dialect) if sql else "",
        "sql": sql,
        "model": str(record.get("model") or "")[:80],
        "source": str(outcome.get("source") or ""),
        "confidence": outcome.get("confidence"),
        "to_check": bool(outcome.get("check")),
        "seconds": float(sum(times.values())),
        "model_seconds": float(times.get("model", 0.0)),
        "database_seconds": float(times.get("database", 0.0)),
        "prompt_tokens": int(tokens.get("prompt", 0)),
        "written_tokens": int(tokens.get("written", 0)),
        "repairs": steps.count("repair"),
        "rows": outcome.get("rows"),
    }


def _count(connection: sa.Connection, at: dt.datetime, outcome: str, said: dict[str, Any]) -> None:
    """Into the day's sums, so that no page has to read all turns."""
    row = {"day": at.date(), "kind": said["kind"], "outcome": outcome, "turns": 1}
    row |= {"to_check": int(said["to_check"]), "repaired": int(said["repairs"] > 0)}
    row |= {name: said[name] for name in ("prompt_tokens", "written_tokens", *_SUMMED)}
    upsert(connection, DAYS, row, {n: DAYS.c[n] + row[n] for n in (*_COUNTED, *_SUMMED)})


def _note_question(connection: sa.Connection, at: dt.datetime, question: str, outcome: str) -> None:
    """Into the count of what is asked, by its words."""
    missed = int(outcome == "unanswered")
    row = {
        "key": question_key(question),
        "question": question,
        "times": 1,
        "unanswered": missed,
        "last_at": at,
    }
    changed = {"question": question, "times": ASKED.c.times + 1, "last_at": at}
    upsert(connection, ASKED, row, changed | {"unanswered": ASKED.c.unanswered + missed})
