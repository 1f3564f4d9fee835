"""A very small company and an agent that answers from a list."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

from evals.runs.subject import Place
from graph.checks import CheckContext
from graph.outcome import Answered, Outcome
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.rules import Rule

COMPANY = """
CREATE TABLE staff (id INTEGER PRIMARY KEY, name TEXT, team TEXT, pay REAL, boss INTEGER, is_test INTEGER);
INSERT INTO staff VALUES
  (1, 'Ann', 'A', 100, NULL, 0), (2, 'Bob', 'A', 300, 1, 0), (3, 'Cy', 'B', 200, 1, 0),
  (4, 'Dee', 'B', 200, 2, 0), (5, 'Test', 'B', 900, 2, 1);
CREATE TABLE teams (code TEXT PRIMARY KEY, city TEXT);
INSERT INTO teams VALUES ('A', 'Rome'), ('B', 'Oslo');
"""
NO_TESTS = Rule(
    rule="no-test-staff",
    says="Test accounts never count.",
    require={"staff": "{t}.is_test = 0"},
    unless_words=("test account",),
)


@dataclass(frozen=True)
class Proposed:
    sql: str


@dataclass(frozen=True)
class Record:
    times: dict[str, float] = field(default_factory=lambda: {"model": 1.2, "database": 0.3})
    tokens: dict[str, int] = field(default_factory=lambda: {"prompt": 100, "cached": 60, "written": 20})
    candidates: tuple[Proposed, ...] = ()
    errors: tuple[str, ...] = ()
    calls: int = 1

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "errors": list(self.errors)}


@dataclass(frozen=True)
class Turn:
    outcome: Outcome
    record: Record = field(default_factory=Record)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "company.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(COMPANY)
    connection.close()
    opened = Database.open(str(path))
    yield opened
    opened.close()


@pytest.fixture
def context(database: Database) -> CheckContext:
    return CheckContext(database.schema(), (), "", FrozenClock(dt.date(2025, 11, 14)))


@pytest.fixture
def ruled(database: Database) -> CheckContext:
    return CheckContext(database.schema(), (NO_TESTS,), "", FrozenClock(dt.date(2025, 11, 14)))


@pytest.fixture
def place(database: Database, context: CheckContext) -> Place:
    """Where cases are judged; nobody can be asked there."""
    return place_of(database, context)


def place_of(database: Database, context: CheckContext, *variants: Database) -> Place:
    return Place(_nobody, database, context, variants=variants)


def _nobody(question: str, thread: str) -> Turn:
    raise AssertionError(f"nobody was to be asked: {question}")


def answered(database: Database, sql: str, *, check: bool = False, confidence: float = 0.9) -> Turn:
    return Turn(Answered(sql, database.run(sql), confidence, check), Record(candidates=(Proposed(sql),)))
