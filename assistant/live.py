"""The agent that answers people. A new release or a changed schema takes over between two questions."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from graph.agent import Turn


@dataclass
class _Seat:
    """A workspace that answers, and how many questions are with it now."""

    workspace: "Workspace"
    questions: int = 0


LOOK_SECONDS = 60.0


class Live:
    """Watches which release is current and, at a question every `every` seconds, whether the schema changed.

    What comes next opens in the background while the one before answers; that is closed when its last
    question is done. One that cannot be opened changes nothing: `problem` tells why, and so does `report`,
    once.
    """

    def __init__(
        self,
        workspace: "Workspace",
        report: Callable[[str], None] | None = None,
        *,
        every: float = LOOK_SECONDS,
    ) -> None:
        _ = workspace.agent  # so that what is missing is told before the first question
        self.problem = ""
        self._first = workspace
        self._seat = _Seat(workspace)
        self._seen = self._current()
        self._report = report or _to_stderr
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None
        self._every = every
        self._looked = time.monotonic()

    def ask(self, question: str, thread: str = "") -> "Turn":
        """As Agent.ask."""
        self._look()
        with self._lock:
            seat = self._seat
            seat.questions += 1
        try:
            return seat.workspace.agent.ask(question, thread)
        finally:
            with self._lock:
                seat.questions -= 1
                left = seat is not self._seat and not seat.questions
            if left:
                self._leave(seat)

    @property
    def workspace(self) -> "Workspace":
        """The one that answers now."""
        return self._seat.workspace

    def wait(self) -> None:
        """Until what is being opened answers."""
        if self._opening is not None:
            self._opening.join()

    def close(self) -> None:
        """Every question has to be done."""
        self.wait()
        if self._seat.workspace is not self._first:
            self._seat.workspace.close()

    def _current(self) -> str:
        """What the pointer to the current release says; it is read before each question."""
        try:
            return self._first.registry.pointer.read_text(encoding="utf-8")
        except OSError:
            return ""

    def _look(self) -> None:
        with self._lock:
            current = self._current()
            if self._opening is not None and self._opening.is_alive():
                return
            if current != self._seen:
                self._seen = current
                self._begin(self._open)
            elif time.monotonic() - self._looked >= self._every:
                self._looked = time.monotonic()
                self._begin(self._open_if_changed)

    def _begin(self, target: Callable[[], None]) -> None:
        self._opening = threading.Thread(target=target, name="next", daemon=True)
        self._opening.start()

    def _open_if_changed(self) -> None:
        """Look at the schema; where it changed, the index follows and what hangs on it is read again."""
        try:
            now = self._first.database.schema(self._first.settings.exclude).fingerprint
        except QuarryError:
            return  # the next question tells of a database that is away
        if now != self._seat.workspace.schema.fingerprint:
            self._open(anew=True)

    def _open(self, *, anew: bool = False) -> None:
        anew = anew or self._seat.workspace.schema is not self._first.schema
        fresh = self._first.sibling(anew=anew)
        try:
            _ = fresh.agent
        except QuarryError as error:
            fresh.close()
            what = "changed schema" if anew else "new release"
            problem = f"The {what} cannot be used, the one before goes on: {error}"
            if problem != self.problem:
                self._report(problem)
            self.problem = problem
            return
        self.problem = ""
        with self._lock:
            before, self._seat = self._seat, _Seat(fresh)
            left = not before.questions
        if left:
            self._leave(before)

    def _leave(self, seat: _Seat) -> None:
        """The first workspace lends its database to the others, so that stays open."""
        if seat.workspace is self._first:
            seat.workspace.leave_model()
        else:
            seat.workspace.close()


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)
