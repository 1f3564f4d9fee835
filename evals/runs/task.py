"""What goes to a worker and what comes back."""

from dataclasses import dataclass
from typing import Literal

from evals.runs.score import Score
from evals.suite.case import Case

Stage = Literal["opening", "asking", "judging"]
Outage = Literal["", "database", "model", "setup"]


@dataclass(frozen=True)
class Task:
    """One case to be asked once. `number` is its place in the plan of the run."""

    number: int
    case: Case
    run: str = ""
    repeat: int = 0
    prices: tuple[float, float] | None = None


@dataclass(frozen=True)
class Reply:
    """A case and its score. `outage` says what was missing where that alone kept it from being scored; other
    cases may meet the same.
    """

    task: Task
    score: Score
    outage: Outage = ""
