"""The feedback database on SQLite, and on a real PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from feedback.database import FeedbackDatabase
from feedback.log import Feedback
from tests.feedback.databases import fresh_database
from tests.servers.postgres import postgres
from tests.servers.process import Server

SALES = "SELECT SUM(amount) FROM orders"


@pytest.fixture(scope="session")
def feedback_server() -> Iterator[Server]:
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of its own, empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'feedback.sqlite'}"
    return fresh_database(request.getfixturevalue("feedback_server"))


@pytest.fixture
def log(url: str) -> Iterator[Feedback]:
    opened = Feedback(FeedbackDatabase(url), "sqlite")
    yield opened
    opened.close()


Ask = Callable[..., int]


@pytest.fixture
def ask(log: Feedback) -> Ask:
    """Keep an answered turn; gives its id."""

    def keep(question: str = "sales?", sql: str = SALES, confidence: float = 0.9, **more: Any) -> int:
        return log.turns.add("t", question, "answered", answered(sql, confidence), **more)

    return keep


def answered(sql: str = SALES, confidence: float = 0.9, *, check: bool = False) -> dict[str, Any]:
    """The part of a record that the log reads."""
    return {
        "model": "tiny",
        "outcome": {"kind": "answered", "sql": sql, "confidence": confidence, "check": check, "rows": 1},
        "times": {"retrieval": 0.01, "model": 0.2, "database": 0.03, "other": 0.01},
        "tokens": {"prompt": 20, "written": 10},
        "steps": [{"name": "retrieve", "seconds": 0.01}, {"name": "repair", "seconds": 0.0}],
    }
