"""What one case of a run came to."""

from dataclasses import dataclass, field, fields
from typing import Any

from evals.verdict import Verdict


@dataclass(frozen=True)
class Score:
    """One case of a run. `presented` says that the answer was shown without 'please check'.

    `right` is the verdict held against what the case expects: a refusal is right where one was asked for.
    `alternative` is the place in the case's `golds` of `gold`, the query that matched or came nearest.
    `rows` and `gold_rows` are the first HEAD rows of both results, `row_count` and `gold_row_count` all of
    them; `variant` is the number of the database variant on which alone the answer was wrong (0 is the
    database itself). `record` is the turn's whole record, with very long texts cut; `times` and `tokens` are
    those of the question alone, without its `previous` ones. `cost` is in US dollars, None where unknown.
    The cells of `rows` and what `record` holds are what JSON knows.
    """

    case: str
    question: str
    category: str
    verdict: Verdict
    suite: str = ""
    previous: tuple[str, ...] = ()
    repeat: int = 0
    expected: str = "answer"
    must_pass: bool = False
    right: bool = False
    why: str = ""
    outcome: str = ""
    sql: str = ""
    gold: str = ""
    alternative: int | None = None
    golds: tuple[str, ...] = ()
    confidence: float | None = None
    presented: bool = False
    source: str = ""
    rounded: bool = False
    variant: int = 0
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    row_count: int | None = None
    gold_columns: tuple[str, ...] = ()
    gold_rows: tuple[tuple[Any, ...], ...] = ()
    gold_row_count: int | None = None
    errors: tuple[str, ...] = ()
    repairs: int = 0
    seconds: float = 0.0
    times: dict[str, float] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    cost: float | None = None
    sql_seconds: float | None = None
    gold_seconds: float | None = None
    record: dict[str, Any] = field(default_factory=dict)
    person: str = ""
    tags: tuple[str, ...] = ()
    file: str = ""
    line: int = 0
    fingerprint: str = ""

    @property
    def scored(self) -> bool:
        return self.verdict.scored

    @property
    def wrong_presented(self) -> bool:
        """A wrong answer shown as if it were right: the worst outcome."""
        return self.presented and self.scored and not self.right

    def to_json(self) -> dict[str, Any]:
        """Nothing but what JSON knows; `from_json` gives the same score back."""
        return {entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Score":
        """Raises KeyError, TypeError or ValueError where `data` is no score of this version."""
        lists = {name: tuple(data[name]) for name in _TUPLES}
        rows = {name: tuple(tuple(row) for row in data[name]) for name in _ROWS}
        return cls(**{**data, **lists, **rows, "verdict": Verdict(data["verdict"])})


_TUPLES = ("previous", "golds", "columns", "gold_columns", "errors", "tags")
_ROWS = ("rows", "gold_rows")


def _plain(value: Any) -> Any:
    if isinstance(value, Verdict):
        return value.value
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
