"""The log of turns: every question with its whole record, kept for votes, corrections and evaluation."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from knowledge.errors import QuarryError

_METADATA = sa.MetaData()
_TURNS = sa.Table(
    "turns",
    _METADATA,
    sa.Column("turn_id", sa.Integer, primary_key=True),
    sa.Column("thread", sa.String(64), nullable=False, index=True),
    sa.Column("asked_at", sa.DateTime, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("record", sa.Text, nullable=False),
)


class FeedbackError(QuarryError):
    """The feedback database cannot be opened or written."""


@dataclass(frozen=True)
class LoggedTurn:
    """`outcome` is the outcome's type in lower case; `asked_at` is UTC."""

    turn_id: int
    thread: str
    asked_at: dt.datetime
    question: str
    outcome: str
    record: dict[str, Any]


def _write_ahead(connection: Any, _: Any) -> None:
    """Keep a turn within a few milliseconds; a killed process loses nothing, a power cut the last turns."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


class Turns:
    """Open the log by its SQLAlchemy URL; its table is made where it is missing."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _write_ahead)
        try:
            _METADATA.create_all(self._engine)
        except sa.exc.SQLAlchemyError as error:
            raise FeedbackError(
                f"The feedback database cannot be used ({_cause(error)}); check that {self._engine.url} "
                "can be written."
            ) from None

    @classmethod
    def in_file(cls, path: Path) -> "Turns":
        return cls(f"sqlite:///{path}")

    def add(self, thread: str, question: str, outcome: str, record: dict[str, Any]) -> int:
        """Keep one turn; its id is what a vote will name."""
        values = {
            "thread": thread,
            "asked_at": dt.datetime.now(dt.UTC).replace(tzinfo=None),
            "question": question,
            "outcome": outcome,
            "record": json.dumps(record, ensure_ascii=False, default=str),
        }
        try:
            with self._engine.begin() as connection:
                key = connection.execute(_TURNS.insert().values(values)).inserted_primary_key
        except sa.exc.SQLAlchemyError as error:
            raise FeedbackError(
                f"The turn could not be kept ({_cause(error)}); check that {self._engine.url} can be written."
            ) from None
        return int(key[0]) if key else 0

    def get(self, turn_id: int) -> LoggedTurn | None:
        with self._engine.connect() as connection:
            row = connection.execute(_TURNS.select().where(_TURNS.c.turn_id == turn_id)).one_or_none()
        return _turn(row) if row else None

    def of_thread(self, thread: str) -> list[LoggedTurn]:
        """The turns of one thread, oldest first."""
        wanted = _TURNS.select().where(_TURNS.c.thread == thread).order_by(_TURNS.c.turn_id)
        with self._engine.connect() as connection:
            return [_turn(row) for row in connection.execute(wanted)]

    def recent(self, limit: int = 100) -> list[LoggedTurn]:
        """The latest turns, newest first."""
        wanted = _TURNS.select().order_by(_TURNS.c.turn_id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [_turn(row) for row in connection.execute(wanted)]

    def close(self) -> None:
        self._engine.dispose()


def _turn(row: sa.Row[Any]) -> LoggedTurn:
    return LoggedTurn(
        row.turn_id, row.thread, row.asked_at, row.question, row.outcome, json.loads(row.record)
    )


def _cause(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
