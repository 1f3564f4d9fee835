"""Questions that wait for an answer. Several processes take them in and work on them, each question once."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from feedback.database import FeedbackDatabase
from feedback.tables import JOBS
from feedback.turns import now

State = Literal["waiting", "running", "refusing", "failing", "done"]
_OPEN = ("waiting", "running")
_TO_TELL = ("refusing", "failing")
_LOCK = 7_236_002  # the number of PostgreSQL's advisory lock for claims
LEASE_S = 30.0
"""Seconds after which a job whose process says nothing is another's."""
MOST_ATTEMPTS = 3
_INTERRUPTED = "I was interrupted several times while I worked on this."


@dataclass(frozen=True)
class Asked:
    """A question as it came in: `event` and (`channel`, `ts`) are each taken once.

    `thread` is where the answer goes, `conversation` what a follow-up goes on with.
    """

    channel: str
    ts: str
    thread: str
    conversation: str
    person: str
    question: str
    event: str | None = None


@dataclass(frozen=True)
class Job:
    """A question on its way. `why` says why it is refused or failed; with `turn_id` it was answered."""

    job_id: int
    channel: str
    ts: str
    thread: str
    conversation: str
    person: str
    question: str
    state: State
    why: str
    attempts: int
    made_at: dt.datetime
    turn_id: int | None = None


class Jobs:
    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def take_in(self, asked: Asked, *, most: int = 0, most_each: int = 0, why: str = "") -> Job | None:
        """Keep it, once: None for what was taken in before. With `why` it is kept as refused.

        Where `most` wait already, or `most_each` of this person, it is kept as refused. 0 means no bound.
        """
        with self._database.write() as connection:
            self._alone(connection)
            if connection.execute(sa.select(JOBS.c.job_id).where(_same(asked))).first() is not None:
                return None
            why = why or _too_many(connection, asked.person, most, most_each)
            row = {name: getattr(asked, name) for name in Asked.__dataclass_fields__}
            row |= {"state": "refusing" if why else "waiting", "why": why, "made_at": now()}
            key = connection.execute(JOBS.insert().values(row)).inserted_primary_key
            assert key is not None
            return _job(connection.execute(JOBS.select().where(JOBS.c.job_id == key[0])).one())

    def claim(self, worker: str) -> Job | None:
        """The next one, for this worker: who was answered longest ago comes first.

        What one conversation asks is answered in its order, one after the other.
        """
        with self._database.write() as connection:
            self._alone(connection)
            chosen = _next(connection)
            if chosen is None:
                return None
            at = now()
            state = JOBS.c.state.in_(_TO_TELL)
            changed = {
                "state": sa.case((state, JOBS.c.state), else_="running"),
                "worker": worker,
                "claimed_at": at,
                "beat_at": at,
                "attempts": JOBS.c.attempts + 1,
            }
            connection.execute(JOBS.update().where(JOBS.c.job_id == chosen).values(changed))
            return _job(connection.execute(JOBS.select().where(JOBS.c.job_id == chosen)).one())

    def beat(self, worker: str, job_ids: Collection[int]) -> None:
        """Say that the worker still works on these; what it lost while the log was away is not among them."""
        theirs = (JOBS.c.worker == worker) & JOBS.c.job_id.in_(job_ids)
        with self._database.write() as connection:
            connection.execute(JOBS.update().where(theirs).values(beat_at=now()))

    def release(self, worker: str) -> None:
        """An ending process gives back what it did not finish; that was no attempt."""
        theirs = (JOBS.c.worker == worker) & (JOBS.c.done_at.is_(None))
        state = sa.case((JOBS.c.state == "running", "waiting"), else_=JOBS.c.state)
        with self._database.write() as connection:
            values = {"worker": "", "state": state, "attempts": JOBS.c.attempts - 1}
            connection.execute(JOBS.update().where(theirs).values(values))

    def sweep(self, lease_s: float = LEASE_S) -> int:
        """Give back what ended processes left; what was tried too often fails. How many there were."""
        old = now() - dt.timedelta(seconds=lease_s)
        left = (JOBS.c.done_at.is_(None)) & (JOBS.c.worker != "") & (JOBS.c.beat_at < old)
        tired = left & (JOBS.c.state == "running") & (JOBS.c.attempts >= MOST_ATTEMPTS)
        back = left & (JOBS.c.state == "running") & (JOBS.c.attempts < MOST_ATTEMPTS)
        with self._database.write() as connection:
            failed = connection.execute(
                JOBS.update().where(tired).values(state="failing", why=_INTERRUPTED, worker="")
            )
            given = connection.execute(JOBS.update().where(back).values(state="waiting", worker=""))
            told = connection.execute(
                JOBS.update().where(left & JOBS.c.state.in_(_TO_TELL)).values(worker="")
            )
        return failed.rowcount + given.rowcount + told.rowcount

    def answered(self, job: Job, turn_id: int) -> None:
        """Note the turn, before it is told: whoever goes on tells this one and asks no second time."""
        self._change(job, turn_id=turn_id)

    def fail(self, job: Job, why: str, *, state: State = "failing") -> None:
        """It ends with `why`, which is still to be told."""
        self._change(job, state=state, why=why)

    def give_back(self, job: Job) -> None:
        """It could not be finished; another try takes it up, but for the last one, with which it fails."""
        if job.attempts >= MOST_ATTEMPTS:
            self._change(job, state="failing", why=_INTERRUPTED, worker="")
        else:
            self._change(job, state="waiting" if job.state == "running" else job.state, worker="")

    def done(self, job: Job) -> None:
        """What there was to tell was told."""
        self._change(job, state="done", done_at=now())

    def ahead(self, job: Job) -> int:
        """How many others are open that came before it."""
        before = JOBS.c.state.in_(_OPEN) & (JOBS.c.job_id < job.job_id)
        with self._database.read() as connection:
            return int(connection.execute(sa.select(sa.func.count()).where(before)).scalar() or 0)

    def waiting(self, limit: int = 50) -> list[Job]:
        """Those that nobody works on yet, the oldest first."""
        wanted = JOBS.select().where(JOBS.c.state == "waiting").order_by(JOBS.c.job_id).limit(limit)
        with self._database.read() as connection:
            return [_job(row) for row in connection.execute(wanted)]

    def get(self, job_id: int) -> Job | None:
        return self._one(JOBS.c.job_id == job_id)

    def of_turn(self, turn_id: int) -> Job | None:
        return self._one(JOBS.c.turn_id == turn_id)

    def askers(self, channel: str, thread: str) -> frozenset[str]:
        """Who asked something in a thread."""
        wanted = sa.select(JOBS.c.person).where(JOBS.c.channel == channel, JOBS.c.thread == thread)
        with self._database.read() as connection:
            return frozenset(connection.execute(wanted.distinct()).scalars())

    def count(self) -> dict[str, int]:
        """State -> how many."""
        wanted = sa.select(JOBS.c.state, sa.func.count()).group_by(JOBS.c.state)
        with self._database.read() as connection:
            return {row[0]: int(row[1]) for row in connection.execute(wanted)}

    def _one(self, condition: "sa.ColumnElement[bool]") -> Job | None:
        with self._database.read() as connection:
            row = connection.execute(
                JOBS.select().where(condition).order_by(JOBS.c.job_id.desc()).limit(1)
            ).one_or_none()
        return _job(row) if row else None

    def _change(self, job: Job, **values: Any) -> None:
        with self._database.write() as connection:
            connection.execute(JOBS.update().where(JOBS.c.job_id == job.job_id).values(**values))

    def _alone(self, connection: sa.Connection) -> None:
        """SQLite's writers are one at a time anyway."""
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _same(asked: Asked) -> "sa.ColumnElement[bool]":
    place = (JOBS.c.channel == asked.channel) & (JOBS.c.ts == asked.ts)
    return place | (JOBS.c.event == asked.event) if asked.event else place


def _too_many(connection: sa.Connection, person: str, most: int, most_each: int) -> str:
    waiting = sa.select(sa.func.count()).where(JOBS.c.state == "waiting")
    if (
        most_each
        and int(connection.execute(waiting.where(JOBS.c.person == person)).scalar() or 0) >= most_each
    ):
        return f"You have {most_each} questions waiting already; let me answer those first, then ask again."
    if most and int(connection.execute(waiting).scalar() or 0) >= most:
        return f"{most} questions are waiting, more than I can answer soon; please ask again in some minutes."
    return ""


def _next(connection: sa.Connection) -> int | None:
    """What only has to be told comes first; then who was served longest ago, in the order of their asking."""
    c = JOBS.c
    to_tell = sa.select(c.job_id).where(c.state.in_(_TO_TELL), c.worker == "").order_by(c.job_id).limit(1)
    if (found := connection.execute(to_tell).scalar()) is not None:
        return int(found)
    wanted = sa.select(c.job_id, c.person, c.conversation, c.state).where(c.state.in_(_OPEN))
    first = _first_of_each_conversation(connection.execute(wanted.order_by(c.job_id)).all())
    if not first:
        return None
    people = {row.person for row in first}
    last = sa.select(c.person, sa.func.max(c.claimed_at)).where(c.person.in_(people)).group_by(c.person)
    served = {row[0]: row[1] for row in connection.execute(last)}
    long_ago = dt.datetime.min
    return int(min(first, key=lambda row: (served.get(row.person) or long_ago, row.job_id)).job_id)


def _first_of_each_conversation(rows: Sequence[Any]) -> list[Any]:
    taken = {row.conversation for row in rows if row.state == "running"}
    found = []
    for row in rows:
        if row.conversation not in taken:
            taken.add(row.conversation)
            found.append(row)
    return found


def _job(row: sa.Row[Any]) -> Job:
    return Job(**{name: row._mapping[name] for name in Job.__dataclass_fields__})
