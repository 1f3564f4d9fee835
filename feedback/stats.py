"""What the log says about quality: kept as sums by day, so that a million turns open as fast as ten."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feedback.database import FeedbackDatabase
from feedback.tables import ASKED, CORRECTIONS, DAYS, REVIEWS, TURNS, VOTES

LATEST = 2000
"""Turns whose seconds are looked at one by one."""


@dataclass(frozen=True)
class Timing:
    """Of the latest turns, in seconds."""

    median: float = 0.0
    p95: float = 0.0
    model: float = 0.0
    database: float = 0.0


@dataclass(frozen=True)
class OfType:
    """One type of query within the days. `corrected` counts approved corrections."""

    kind: str
    turns: int
    to_check: int
    up: int = 0
    down: int = 0
    corrected: int = 0


@dataclass(frozen=True)
class Day:
    day: dt.date
    turns: int
    answered: int
    to_check: int
    seconds: float


@dataclass(frozen=True)
class Often:
    """A question and how often."""

    question: str
    times: int


@dataclass(frozen=True)
class Stats:
    """The last `days` days and, in `asked` and `corrected`, all time. Tokens are means of a turn."""

    days: int
    turns: int
    outcomes: dict[str, int]
    to_check: int
    repaired: int
    tokens: tuple[float, float]
    timing: Timing
    types: tuple[OfType, ...]
    series: tuple[Day, ...]
    asked: tuple[Often, ...]
    corrected: tuple[Often, ...]
    unanswered: tuple[Often, ...]
    waiting: int
    decided: dict[str, int]


def stats(database: FeedbackDatabase, today: dt.date, days: int = 30, most: int = 10) -> Stats:
    """Read from the sums; the questions that are listed are `most` of each kind."""
    since = today - dt.timedelta(days - 1)
    with database.read() as connection:
        rows = connection.execute(DAYS.select().where(DAYS.c.day >= since, DAYS.c.day <= today)).all()
        turns = sum(row.turns for row in rows)
        outcomes: dict[str, int] = {}
        for row in rows:
            outcomes[row.outcome] = outcomes.get(row.outcome, 0) + row.turns
        return Stats(
            days=days,
            turns=turns,
            outcomes=outcomes,
            to_check=sum(row.to_check for row in rows),
            repaired=sum(row.repaired for row in rows),
            tokens=(_mean(rows, "prompt_tokens", turns), _mean(rows, "written_tokens", turns)),
            timing=_timing(connection),
            types=_types(connection, rows, since),
            series=_series(rows),
            asked=_often(connection, ASKED.c.times, most),
            corrected=_corrected(connection, most),
            unanswered=_often(connection, ASKED.c.unanswered, most * 6),
            waiting=_waiting(connection),
            decided=_decided(connection, since),
        )


def _mean(rows: Sequence[sa.Row[Any]], name: str, turns: int) -> float:
    return sum(getattr(row, name) for row in rows) / turns if turns else 0.0


def _timing(connection: sa.Connection) -> Timing:
    wanted = sa.select(TURNS.c.seconds, TURNS.c.model_seconds, TURNS.c.database_seconds)
    rows = connection.execute(wanted.order_by(TURNS.c.turn_id.desc()).limit(LATEST)).all()
    if not rows:
        return Timing()
    taken = sorted(row.seconds for row in rows)
    return Timing(
        taken[len(taken) // 2],
        taken[min(len(taken) - 1, round(len(taken) * 0.95))],
        sum(row.model_seconds for row in rows) / len(rows),
        sum(row.database_seconds for row in rows) / len(rows),
    )


def _types(connection: sa.Connection, rows: Sequence[sa.Row[Any]], since: dt.date) -> tuple[OfType, ...]:
    turns: dict[str, list[int]] = {}
    for row in rows:
        if row.kind:
            sums = turns.setdefault(row.kind, [0, 0])
            sums[0] += row.turns
            sums[1] += row.to_check
    begin = dt.datetime.combine(since, dt.time())
    cast = (
        sa.select(TURNS.c.kind, VOTES.c.up, sa.func.count())
        .join(TURNS, TURNS.c.turn_id == VOTES.c.turn_id)
        .where(VOTES.c.voted_at >= begin)
        .group_by(TURNS.c.kind, VOTES.c.up)
    )
    votes = {(kind, bool(up)): count for kind, up, count in connection.execute(cast)}
    fixed = (
        sa.select(TURNS.c.kind, sa.func.count())
        .join(TURNS, TURNS.c.turn_id == CORRECTIONS.c.turn_id)
        .where(CORRECTIONS.c.state == "approved", CORRECTIONS.c.made_at >= begin)
        .group_by(TURNS.c.kind)
    )
    corrected = _counts(connection, fixed)
    found = (
        OfType(
            kind,
            count,
            doubtful,
            votes.get((kind, True), 0),
            votes.get((kind, False), 0),
            corrected.get(kind, 0),
        )
        for kind, (count, doubtful) in turns.items()
    )
    return tuple(sorted(found, key=lambda one: -one.turns))


def _series(rows: Sequence[sa.Row[Any]]) -> tuple[Day, ...]:
    days: dict[dt.date, list[Any]] = {}
    for row in rows:
        sums = days.setdefault(row.day, [0, 0, 0, 0.0])
        sums[0] += row.turns
        sums[1] += row.turns * (row.outcome == "answered")
        sums[2] += row.to_check
        sums[3] += row.seconds
    return tuple(Day(day, a, b, c, d / a) for day, (a, b, c, d) in sorted(days.items()))


def _often(connection: sa.Connection, count: "sa.ColumnElement[int]", most: int) -> tuple[Often, ...]:
    wanted = (
        sa.select(ASKED.c.question, count.label("many")).where(count > 0).order_by(count.desc()).limit(most)
    )
    return tuple(Often(row.question, row.many) for row in connection.execute(wanted))


def _corrected(connection: sa.Connection, most: int) -> tuple[Often, ...]:
    many = sa.func.count()
    wanted = (
        sa.select(CORRECTIONS.c.question, many)
        .where(CORRECTIONS.c.state.in_(("open", "approved")))
        .group_by(CORRECTIONS.c.question)
        .order_by(many.desc(), CORRECTIONS.c.question)
        .limit(most)
    )
    return tuple(Often(question, count) for question, count in connection.execute(wanted))


def _waiting(connection: sa.Connection) -> int:
    topics = sa.func.count(sa.distinct(CORRECTIONS.c.topic))
    return int(connection.execute(sa.select(topics).where(CORRECTIONS.c.state == "open")).scalar() or 0)


def _decided(connection: sa.Connection, since: dt.date) -> dict[str, int]:
    begin = dt.datetime.combine(since, dt.time())
    wanted = sa.select(REVIEWS.c.decision, sa.func.count()).where(REVIEWS.c.reviewed_at >= begin)
    return _counts(connection, wanted.group_by(REVIEWS.c.decision))


def _counts(connection: sa.Connection, wanted: "sa.Select[Any]") -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in connection.execute(wanted)}
