"""Hands out cases to workers, wherever they are; names and replaces those that die or hang."""

import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol

from evals.runs.asker import OUTAGES
from evals.runs.blank import at_fault, fault
from evals.runs.task import Outage, Reply, Stage, Task
from knowledge import errors
from knowledge.errors import QuarryError

OPEN_SECONDS = 900.0
MOST_DEATHS = 5


class WorkerError(QuarryError):
    """Workers die again and again; the run cannot go on."""


@dataclass(frozen=True)
class Ready:
    """The subject is open."""


@dataclass(frozen=True)
class Began:
    stage: Stage


@dataclass(frozen=True)
class Failed:
    """The subject could not be opened. `kind` names a class of knowledge.errors, or is empty."""

    kind: str
    why: str

    @property
    def error(self) -> QuarryError:
        kind = getattr(errors, self.kind, None) if self.kind else None
        if isinstance(kind, type) and issubclass(kind, QuarryError):
            return kind(self.why)
        return WorkerError(f"A worker could not open the model: {self.why}; `quarry doctor` may tell more.")


@dataclass(frozen=True)
class Died:
    how: str


Message = Ready | Began | Failed | Died | Reply


class Hand(Protocol):
    """One worker."""

    def give(self, task: Task) -> None: ...

    def take(self) -> Message | None:
        """The next thing that it said, without waiting."""
        ...

    def patience(self, task: Task, limit_s: float) -> float:
        """Seconds within which it should be heard of again."""
        ...

    def stop(self) -> None:
        """At once."""
        ...

    def leave(self) -> None:
        """When it is done."""
        ...


class Hands(Protocol):
    """Where workers come from."""

    def hire(self) -> Hand: ...

    def listen(self, hands: Sequence[Hand], seconds: float) -> Sequence[Hand]:
        """Those that said something, as soon as one does or the seconds are over."""
        ...

    def close(self) -> None: ...


@dataclass(eq=False)
class _Seat:
    """`deadline` is when it must be heard of again, `limit_s` seconds after it was last. `waits` says that
    the subject is open and that there is no task.
    """

    hand: Hand
    limit_s: float = OPEN_SECONDS
    deadline: float = field(init=False)
    stage: Stage = "opening"
    task: Task | None = None
    waits: bool = False

    def __post_init__(self) -> None:
        self.give_time(self.limit_s)

    def give_time(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self.deadline = time.monotonic() + limit_s


class Crew:
    """At most `jobs` workers, hired as they are needed and kept until `close`."""

    def __init__(self, hands: Hands, jobs: int) -> None:
        self._hands = hands
        self._jobs = max(1, jobs)
        self._seats: list[_Seat] = []
        self._opened = False
        self._deaths = 0
        self._last = ""

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def replies(self, tasks: Iterable[Task], limit_s: float) -> Generator[Reply, None, None]:
        """The scores as they come; a task is taken from `tasks` when a worker is free for it.

        A worker that dies, or that is not heard of for `limit_s` seconds, is replaced, and the case it had is
        a harness_error. Raises what opening the subject raises, and WorkerError where MOST_DEATHS in a row
        were lost and cases are left.
        """
        source = iter(tasks)
        waiting: deque[Task] = deque()
        self._deaths = 0
        try:
            while self._pull(waiting, source):
                self._check_deaths()
                self._assign(waiting, limit_s)
                for seat in self._listen():
                    if self._deaths < MOST_DEATHS:
                        yield from self._hear(seat, waiting, limit_s)
        finally:
            for seat in self._busy:
                self._dismiss(seat)

    def close(self) -> None:
        """Let go of every worker."""
        for seat in self._seats:
            if seat.waits:
                seat.hand.leave()
            else:
                seat.hand.stop()
        self._seats = []
        self._hands.close()

    @property
    def _busy(self) -> list[_Seat]:
        return [seat for seat in self._seats if seat.task is not None]

    def _pull(self, waiting: deque[Task], source: Iterator[Task]) -> bool:
        """Take as many tasks as there are hands without one; whether anything is to be done."""
        free = self._jobs - len(self._busy)
        while len(waiting) < free and (task := next(source, None)) is not None:
            waiting.append(task)
        return bool(waiting or self._busy)

    def _assign(self, waiting: deque[Task], limit_s: float) -> None:
        """Give work to whoever waits, and hire while there is more work than hands."""
        for seat in self._seats:
            if seat.waits and waiting:
                seat.task, seat.waits, seat.stage = waiting.popleft(), False, "asking"
                seat.give_time(seat.hand.patience(seat.task, limit_s))
                seat.hand.give(seat.task)
        opening = sum(seat.stage == "opening" for seat in self._seats)
        for _ in range(min(len(waiting) - opening, self._jobs - len(self._seats))):
            self._seats.append(_Seat(self._hands.hire()))

    def _listen(self) -> list[_Seat]:
        """The seats that were heard of, and those whose time is over."""
        active = [seat for seat in self._seats if not seat.waits]
        seconds = max(0.0, min(seat.deadline for seat in active) - time.monotonic())
        heard = set(map(id, self._hands.listen([seat.hand for seat in self._seats], seconds)))
        now = time.monotonic()
        return [s for s in self._seats if id(s.hand) in heard or (not s.waits and s.deadline <= now)]

    def _hear(self, seat: _Seat, waiting: deque[Task], limit_s: float) -> Iterator[Reply]:
        message = seat.hand.take()
        if message is None:
            if not seat.waits and seat.deadline <= time.monotonic():
                yield from self._lost(seat, "")
        elif isinstance(message, Ready):
            seat.stage, seat.waits, self._opened = "asking", True, True
        elif isinstance(message, Began):
            seat.stage = message.stage
            seat.give_time(limit_s)
        elif isinstance(message, Reply):
            seat.task, seat.waits, self._deaths = None, True, 0
            yield message
        elif isinstance(message, Failed):
            yield from self._unopened(seat, message, waiting)
        else:
            yield from self._lost(seat, message.how)

    def _lost(self, seat: _Seat, how: str) -> Iterator[Reply]:
        """A worker died (`how`), or it hangs."""
        self._dismiss(seat)
        self._deaths += 1
        self._last = how or f"it hung while {_DOING[seat.stage]}"
        if seat.task is not None:
            yield Reply(seat.task, fault(seat.task.case, _why(seat, how), repeat=seat.task.repeat))

    def _unopened(self, seat: _Seat, message: Failed, waiting: deque[Task]) -> Iterator[Reply]:
        """The first worker's failure ends the run; a replacement's is that of the case it was hired for."""
        self._dismiss(seat)
        if not self._opened:
            raise message.error
        outage = _outage(message.error)
        if not outage:
            self._deaths += 1
            self._last = message.why
        if waiting:
            task = waiting.popleft()
            yield Reply(task, fault(task.case, str(message.error), repeat=task.repeat), outage)

    def _dismiss(self, seat: _Seat) -> None:
        self._seats.remove(seat)
        seat.hand.stop()

    def _check_deaths(self) -> None:
        if self._deaths >= MOST_DEATHS:
            raise WorkerError(
                f"{self._deaths} workers were lost in a row ({self._last}); look at the machine's memory and "
                "at the model, then resume the run."
            )


def _why(seat: _Seat, how: str) -> str:
    assert seat.task is not None
    if how:
        return f"the worker was lost while {_DOING[seat.stage]}: {how}"
    why = f"{_DOING[seat.stage]} took longer than {seat.limit_s:g} s and was stopped"
    return at_fault(seat.task.case, f"{why}; simplify the gold") if seat.stage == "judging" else why


def _outage(error: QuarryError) -> Outage:
    return next((kind for base, kind in OUTAGES.items() if isinstance(error, base)), "")


_DOING: dict[Stage, str] = {
    "opening": "opening the model",
    "asking": "answering the question",
    "judging": "judging the answer",
}
