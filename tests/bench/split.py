"""A question's time, warm: retrieval, model, database, everything else."""

from pathlib import Path
from typing import Any

from tests.bench.row import Row, of_series
from tests.bench.warm import answered

TITLE = "A question, warm"
_MOST, _MOST_OF_OURS = 1.5, 0.060


def measure(folder: Path) -> list[Row]:
    return rows(answered(folder)["questions"])


def rows(asked: list[dict[str, Any]]) -> list[Row]:
    """The figures of questions as tests.bench.warm tells them."""
    series = {
        name: [one[name] for one in asked] for name in ("whole", "retrieval", "model", "database", "rest")
    }
    ours = [one["retrieval"] + one["rest"] for one in asked]
    unanswered = sum(one["outcome"] != "Answered" for one in asked)
    note = f"{len(asked)} questions, {unanswered} not answered; each is asked, kept in the log and shown."
    return [
        of_series("retrieval", series["retrieval"]),
        of_series("model", series["model"]),
        of_series("database", series["database"]),
        of_series("everything else", series["rest"]),
        of_series("all that is not model or database", ours, goal=_MOST_OF_OURS),
        of_series("the whole question", series["whole"], goal=_MOST, note=note),
    ]
