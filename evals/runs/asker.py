"""Asks cases of one subject, in whatever process it lives, and judges how they ended."""

import hashlib
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from evals.runs.blank import at_fault, fault
from evals.runs.golds import Golds
from evals.runs.judge import score
from evals.runs.score import Score
from evals.runs.subject import Place, Subject
from evals.runs.task import Outage, Reply, Stage, Task
from evals.suite.case import Case
from graph.outcome import Answered
from knowledge.errors import (
    DatabaseError,
    IndexingError,
    ModelError,
    QuarryError,
    QuestionError,
    SettingsError,
)

OUTAGES: dict[type[QuarryError], Outage] = {
    DatabaseError: "database",
    ModelError: "model",
    SettingsError: "setup",
    IndexingError: "setup",
}
Said = Callable[[Stage], None]


class Asker:
    """One subject with the golds it is judged by. `said` hears which stage begins, so that each of them has
    its own time.
    """

    def __init__(self, subject: Subject, golds: Golds | None = None, said: Said = lambda stage: None) -> None:
        self._subject = subject
        self._golds = golds or Golds()
        self._said = said

    def ask(self, task: Task) -> Reply:
        """Never raises for what a case, a model or a database does; faults of ours are harness_errors."""
        try:
            return Reply(task, self._ask(task))
        except tuple(OUTAGES) as error:
            kinds = (kind for base, kind in OUTAGES.items() if isinstance(error, base))
            return Reply(task, self._fault(task, str(error)), next(kinds))
        except QuestionError as error:
            return Reply(task, self._fault(task, at_fault(task.case, str(error))))
        except Exception as error:
            return Reply(task, self._fault(task, described(error)))

    def close(self) -> None:
        self._subject.close()

    def _ask(self, task: Task) -> Score:
        case = task.case
        self._said("asking")
        place = self._subject.place(case)
        thread = _thread(task) if case.previous else ""
        troubles = [self._before(question, place, thread) for question in case.previous]
        started = time.perf_counter()
        turn = place.ask(asked(case), thread)
        seconds = time.perf_counter() - started
        self._said("judging")
        found = score(case, turn, seconds, place, golds=self._golds)
        return replace(
            found,
            repeat=task.repeat,
            why="; ".join(part for part in (found.why, *troubles) if part),
            cost=cost(found.tokens, task.prices),
        )

    def _before(self, question: str, place: Place, thread: str) -> str:
        """Ask what came before; what goes wrong with it is said, and the case is asked all the same."""
        self._said("asking")
        try:
            turn = place.ask(question, thread)
        except (DatabaseError, ModelError):
            raise
        except QuarryError as error:
            return f"the question before it, {question!r}, failed: {error}"
        if isinstance(turn.outcome, Answered):
            return ""
        return f"the question before it, {question!r}, ended {type(turn.outcome).__name__.lower()}"

    def _fault(self, task: Task, why: str) -> Score:
        return fault(task.case, why, repeat=task.repeat)


def asked(case: Case) -> str:
    """What is said to the agent: the question, and what the person adds to it in brackets."""
    return f"{case.question} ({case.evidence})" if case.evidence else case.question


def cost(tokens: dict[str, int], prices: tuple[float, float] | None) -> float | None:
    """US dollars, by the prices of a million tokens read and written.

    >>> cost({"prompt": 2_000_000, "written": 500_000}, (1.5, 6.0))
    6.0
    """
    if prices is None or not {"prompt", "written"} <= tokens.keys():
        return None
    return (tokens["prompt"] * prices[0] + tokens["written"] * prices[1]) / 1_000_000


def described(error: Exception) -> str:
    """An unexpected error, and where it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"


def _thread(task: Task) -> str:
    """A new thread for every try, so that none finds what a killed one left behind."""
    facts = "\0".join([task.run, task.case.suite, task.case.id, str(task.repeat)])
    return f"eval-{hashlib.sha256(facts.encode()).hexdigest()[:12]}-{uuid.uuid4().hex[:12]}"
