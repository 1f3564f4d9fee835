"""A log of a million turns and 10,000 open corrections: recorded into, summed up, paged through."""

import datetime as dt
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from feedback.causes import CAUSES
from feedback.database import FeedbackDatabase
from feedback.log import Feedback
from feedback.stats import stats
from feedback.tables import ASKED, CORRECTIONS, DAYS, TURNS
from feedback.turns import now, question_key
from tests.bench.places import QUARRY
from tests.bench.row import Row, of_series
from tests.feedback.databases import fresh_database
from tests.servers.postgres import postgres

TITLE = "The log with 1,000,000 turns and 10,000 corrections that wait"
TURNS_IN_IT = 1_000_000
WAITING = 10_000
_QUESTIONS = 40_000
_YEAR = 365
_CHUNK = 20_000
_KINDS = ("total", "list", "group", "time", "ranking", "comparison")
_RECORD = {
    "model": "kestrel",
    "outcome": {"sql": "SELECT SUM(amount) FROM orders", "confidence": 0.9, "rows": 1, "source": "model"},
    "times": {"retrieval": 0.02, "model": 0.1, "database": 0.02},
    "tokens": {"prompt": 60, "written": 25},
    "steps": [{"name": name} for name in ("recall", "retrieve", "generate", "check", "execute", "judge")],
    "prompt": "x" * 800,
}
_NOTE = "`quarry stats` is a process of its own; the sums are all that the console's page Quality reads."


def measure(folder: Path) -> list[Row]:
    rows: list[Row] = []
    with ExitStack() as servers, tempfile.TemporaryDirectory() as place:
        server = servers.enter_context(postgres())
        for name, url in (
            ("SQLite", f"sqlite:///{place}/feedback.sqlite"),
            ("PostgreSQL", fresh_database(server)),
        ):
            log = Feedback(FeedbackDatabase(url), "sqlite")
            fill(log.database)
            rows += _measured(name, log, folder, url)
            log.close()
    last = rows[-1]
    return [*rows[:-1], Row(last.what, last.value, p95=last.p95, goal=last.goal, note=_NOTE)]


def _measured(name: str, log: Feedback, folder: Path, url: str) -> Iterator[Row]:
    def record() -> None:
        log.turns.add("bench", f"how many orders of kind {random.random()}?", "answered", _RECORD)

    def sums() -> None:
        stats(log.database, now().date(), 365)

    yield of_series(f"{name}: record a turn", _times(record, 200), goal=0.005)
    yield of_series(f"{name}: the sums of a year", _times(sums, 7), goal=2.0)
    pages = [
        _time(lambda start=start: log.queue.page(start))
        for start in range(0, log.queue.size(), WAITING // 20)
    ]
    yield of_series(f"{name}: a page of the queue", pages, goal=0.3)
    yield Row(f"{name}: `quarry stats`, whole process", _stats_command(folder, url), goal=2.0)
    yield of_series(f"{name}: the topic of one more correction", _times(lambda: _topic(log), 7))


def _stats_command(folder: Path, url: str) -> float:
    command = [QUARRY, "stats", "--workspace", str(folder)]

    def run() -> None:
        environment = {**os.environ, "QUARRY_FEEDBACK": url}
        subprocess.run(command, check=True, env=environment, capture_output=True)

    return statistics.median(_times(run, 3))


def _topic(log: Feedback) -> None:
    log.queue.topic_of(_vector(random.Random(1)), "another")


def _times(deed: Callable[[], None], times: int) -> list[float]:
    return [_time(deed) for _ in range(times)]


def _time(deed: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun


def fill(database: FeedbackDatabase, turns: int = TURNS_IN_IT, waiting: int = WAITING) -> None:
    """As `Turns.add` and `Corrections.submit` would have, in bulk; the sums are made by the database."""
    draw = random.Random(7)
    made = _turns(draw, turns)
    with database.write() as connection:
        while chunk := list(islice(made, _CHUNK)):
            connection.execute(TURNS.insert(), chunk)
        connection.execute(DAYS.insert().from_select(*_days()))
        connection.execute(ASKED.insert().from_select(*_asked()))
        connection.execute(CORRECTIONS.insert(), list(_corrections(draw, turns, waiting)))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _turns(draw: random.Random, turns: int) -> Iterator[dict[str, Any]]:
    record, until = json.dumps(_RECORD), now()
    for n in range(turns):
        asked = min(int(draw.expovariate(1 / 2000)), _QUESTIONS)
        question = f"what was measure {asked} of last month by region?"
        outcome = "unanswered" if asked % 17 == 0 else "answered"
        yield {
            "thread": f"thread{n // 3}",
            "asked_at": until - dt.timedelta(days=_YEAR * (1 - n / turns)),
            "question": question,
            "outcome": outcome,
            "record": record,
            "person": f"U{draw.randrange(500)}",
            "channel": f"C{draw.randrange(40)}",
            "question_key": question_key(question),
            "kind": draw.choice(_KINDS) if outcome == "answered" else "",
            "sql": "SELECT SUM(amount) FROM orders" if outcome == "answered" else "",
            "confidence": 0.9,
            "seconds": draw.random(),
            "model_seconds": 0.1,
            "database_seconds": 0.02,
            "prompt_tokens": 60,
            "written_tokens": 25,
        }


def _days() -> tuple[list[str], "sa.Select[Any]"]:
    c, zero = TURNS.c, sa.literal(0)
    summed = ("prompt_tokens", "written_tokens", "seconds", "model_seconds", "database_seconds")
    day = sa.func.date(c.asked_at)
    wanted = sa.select(
        day, c.kind, c.outcome, sa.func.count(), zero, zero, *(sa.func.sum(c[name]) for name in summed)
    ).group_by(day, c.kind, c.outcome)
    return ["day", "kind", "outcome", "turns", "to_check", "repaired", *summed], wanted


def _asked() -> tuple[list[str], "sa.Select[Any]"]:
    c = TURNS.c
    missed = sa.func.sum(sa.case((c.outcome == "unanswered", 1), else_=0))
    wanted = sa.select(
        c.question_key, sa.func.max(c.question), sa.func.count(), missed, sa.func.max(c.asked_at)
    )
    return ["key", "question", "times", "unanswered", "last_at"], wanted.group_by(c.question_key)


def _corrections(draw: random.Random, turns: int, waiting: int) -> Iterator[dict[str, Any]]:
    """Three in ten say what another said."""
    causes, evidence = list(CAUSES), json.dumps({"now": {"group": "g"}, "was": None})
    for n in range(1, waiting + 1):
        yield {
            "turn_id": draw.randrange(turns) + 1,
            "person": f"U{draw.randrange(500)}",
            "made_at": now(),
            "question": f"what was measure {n} of last month by region?",
            "was": "SELECT SUM(amount) FROM orders",
            "sql": f"SELECT SUM(amount) + {n} FROM orders",
            "comment": "the amounts are in cents",
            "cause": draw.choice(causes),
            "state": "open",
            "evidence": evidence,
            "topic": n if draw.random() < 0.7 else draw.randrange(1, n + 1),
            "rank": draw.random() * 50,
            "vector": _vector(draw).tobytes(),
            "result_group": f"g{n}",
        }


def _vector(draw: random.Random) -> "np.ndarray[Any, np.dtype[np.float32]]":
    found = np.array([draw.gauss(0, 1) for _ in range(384)], dtype=np.float32)
    return found / np.linalg.norm(found)
