"""The agent that answers people. A new release takes over between two questions; none is dropped."""

import sys
import threading
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


class Live:
    """Watches which release is current. The next one opens in the background while the one before answers;
    that is closed when its last question is done. One that cannot be opened changes nothing: `problem` tells
    why, and so does `report`, once.
    """

    def __init__(self, workspace: "Workspace", report: Callable[[str], None] | None = None) -> None:
        _ = workspace.agent  # so that what is missing is told before the first question
        self.problem = ""
        self._first = workspace
        self._seat = _Seat(workspace)
        self._seen = self._current()
        self._report = report or _to_stderr
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None

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

    def wait(self) -> None:
        """Until a release that is being opened answers."""
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
            if current == self._seen or (self._opening is not None and self._opening.is_alive()):
                return
            self._seen = current
            self._opening = threading.Thread(target=self._open, name="release", daemon=True)
            self._opening.start()

    def _open(self) -> None:
        fresh = self._first.sibling()
        try:
            _ = fresh.agent
        except QuarryError as error:
            fresh.close()
            self.problem = f"The new release cannot be used, the one before goes on: {error}"
            self._report(self.problem)
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
