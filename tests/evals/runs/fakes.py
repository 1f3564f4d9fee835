"""A subject that workers can open: it answers from a list, and misbehaves where the list says so."""

import os
import signal
import sqlite3
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.runs.score import Score
from evals.runs.subject import Place
from evals.suite.case import Case
from graph.checks import CheckContext
from graph.outcome import Answered, Clarify, Refused, Unanswered
from knowledge.database import Database
from knowledge.errors import DatabaseError, ModelError, SettingsError
from knowledge.result import Result
from tests.evals.conftest import COMPANY, Record, Turn

COUNT, NAMES, CITIES = "SELECT COUNT(*) FROM staff", "SELECT name FROM staff", "SELECT city FROM teams"
ERRORS = {"no model": ModelError, "no database": DatabaseError, "no settings": SettingsError}
NOTHING: dict[str, Any] = {"seconds": 0.0, "sql_seconds": None, "gold_seconds": None, "record": {}}


def company(path: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(COMPANY)
    connection.close()
    return path


def case(question: str, gold: str = COUNT, **given: Any) -> Case:
    """A case called as its question, whose gold is COUNT."""
    facts = {
        "id": question,
        "suite": "dev",
        "gold": (gold,),
        "category": "any",
        "file": "dev.yaml",
        "line": 7,
    }
    return Case(question=question, **{**facts, **given})


def plain(scores: tuple[Score, ...]) -> list[Score]:
    """The scores without what differs between two runs that are the same."""
    return [replace(score, **NOTHING) for score in scores]


@dataclass(frozen=True)
class Opening:
    """Opens the company in `path`. `answers` holds what is said to a question: SQL, or a misdeed (`_do`); to
    others COUNT is said. `log` is a file that gets a line for each question and each opening. `fails` is what
    the opening itself does.
    """

    path: Path
    answers: tuple[tuple[str, str], ...] = ()
    log: Path | None = None
    fails: str = ""
    variants: tuple[Path, ...] = ()

    def __call__(self) -> "Subject":
        self.note("open")
        if self.fails:
            _do(self.fails, self)
        return Subject(self)

    def note(self, words: str) -> None:
        if self.log:
            with self.log.open("a") as file:
                file.write(words + "\n")

    @property
    def noted(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log and self.log.exists() else []


class Subject:
    model = "fake"
    setup = "full"
    checksum = ""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self.database = Database.open(str(opening.path), timeout_s=2)
        self.others = [Database.open(str(path)) for path in opening.variants]

    def place(self, case: Case) -> Place:
        if case.database:
            raise SettingsError(f"There is no database {case.database}.")
        context = CheckContext(self.database.schema())
        return Place(self.ask, self.database, context, "company", tuple(self.others))

    def ask(self, question: str, thread: str) -> Turn:
        self.opening.note(f"{question} [{thread}]" if thread else question)
        found = _do(dict(self.opening.answers).get(question, COUNT), self.opening)
        if not isinstance(found, str):
            return found
        return Turn(Answered(found, self.database.run(found), 0.9), Record())

    def close(self) -> None:
        for database in [self.database, *self.others]:
            database.close()


def _do(what: str, opening: Opening) -> Any:
    if what in ERRORS:
        raise ERRORS[what](f"There is {what}.")
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "exit":
        os._exit(3)
    if what == "hang":
        time.sleep(600)
    if what == "slow":
        time.sleep(0.4)
        return COUNT
    if what == "bug":
        raise ZeroDivisionError("oh")
    if what == "vanish":
        os.truncate(opening.path, 0)
        return COUNT
    if what == "much SQL":
        sql = "SELECT " + "1," * 3_000_000 + "1 FROM staff"
        return Turn(Answered(sql, Result(("n",), ((1,),)), 0.9))
    outcomes = {
        "refuse": Turn(Refused("no")),
        "ask back": Turn(Clarify("which?", ())),
        "give up": Turn(Unanswered("cannot")),
        "nothing": None,
        "no outcome": Turn("SELECT 1"),  # type: ignore[arg-type]
        "megabytes": Turn(Unanswered("x" * 30_000_000), Record(errors=("y" * 30_000_000,) * 3)),
    }
    return outcomes.get(what, what)
