"""Who answers the tasks of a run."""

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Protocol

from evals.runs.asker import Asker
from evals.runs.golds import Golds
from evals.runs.subject import Opener
from evals.runs.task import Reply, Task


class Pool(Protocol):
    """Worker processes (`workers`), a Ray cluster (`fleet`), or this process (`Inline`). It stays warm
    between runs; whoever made it closes it.
    """

    def replies(self, tasks: Iterable[Task], limit_s: float) -> Generator[Reply, None, None]:
        """The scores, in whatever order they come."""
        ...

    def close(self) -> None: ...


class Inline:
    """Asks in this process, one case after the other. Nothing is stopped here that hangs."""

    def __init__(self, opener: Opener, *, golds: Path | None = None) -> None:
        self._opener = opener
        self._golds = golds
        self._asker: Asker | None = None

    def replies(self, tasks: Iterable[Task], limit_s: float) -> Generator[Reply, None, None]:
        """`limit_s` does not hold here."""
        for task in tasks:
            if self._asker is None:
                self._asker = Asker(self._opener(), Golds(self._golds))
            yield self._asker.ask(task)

    def close(self) -> None:
        if self._asker is not None:
            self._asker.close()
            self._asker = None
