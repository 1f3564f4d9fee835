"""What a run measures: one model in one set-up, ready to be asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from evals.suite.case import Case
from graph.checks import CheckContext
from graph.outcome import Outcome
from knowledge.database import Database


class Record(Protocol):
    """What of a turn's record a score keeps (graph.record.Record is one)."""

    @property
    def times(self) -> dict[str, float]: ...

    @property
    def tokens(self) -> dict[str, int]: ...

    def to_json(self) -> dict[str, Any]: ...


class Turn(Protocol):
    """What an agent gives for a question (graph.agent.Turn is one)."""

    @property
    def outcome(self) -> Outcome: ...

    @property
    def record(self) -> Record: ...


Ask = Callable[[str, str], Turn]


@dataclass(frozen=True)
class Place:
    """Where a case is asked and judged: `ask(question, thread)`, the database, what its SQL is checked
    against. `variants` are databases of the same schema on which a right answer has to be right too.
    `fingerprint` changes when the schema or the data does; empty where nobody can tell.
    """

    ask: Ask
    database: Database
    context: CheckContext
    fingerprint: str = ""
    variants: Sequence[Database] = field(default=())


class Subject(Protocol):
    """One model in one set-up. `model` and `setup` name it; `checksum` is that of the model's file."""

    model: str
    setup: str
    checksum: str

    def place(self, case: Case) -> Place:
        """Raises SettingsError, DatabaseError, ModelError or IndexingError where it cannot be had."""
        ...

    def close(self) -> None: ...


Opener = Callable[[], Subject]
"""Opens a subject in the process that calls it; can be pickled, so that workers open their own."""
