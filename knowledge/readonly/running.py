"""A statement while it runs: stopped at its time limit, past its memory, or from another thread."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Literal, TypeVar

from knowledge.errors import QueryCancelledError, QueryError, QueryTimeoutError, QueryTooLargeError

Why = Literal["time", "size", "cancelled"]
Stopper = Callable[[Why, int], None]
"""Ends the statement in the database; told why, and how often it has been asked before."""

_Done = TypeVar("_Done")
_BETWEEN_LOOKS = 0.02
_BETWEEN_TRIES = 0.05
_LONGEST_PAUSE = 1.0


class EndedError(Exception):
    """The driver says that the statement was ended from outside; `unasked` is its meaning where not by us."""

    def __init__(self, unasked: BaseException) -> None:
        super().__init__("the statement was ended")
        self.unasked = unasked


class Running:
    """Watches over one statement from a thread of its own, as a context; `why` says what ended it.

    Asking a database to stop has no effect before the statement has reached it, so the request is repeated
    until the statement is over; it is never sent after that, when the connection may serve another.
    """

    def __init__(self, stop: Stopper, seconds: float, too_large: Callable[[], bool] | None = None) -> None:
        self.why: Why | None = None
        self._stop = stop
        self._seconds = seconds
        self._too_large = too_large
        self._cancelled = False
        self._over = threading.Event()
        self._wake = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="quarry-statement", daemon=True)

    def __enter__(self) -> "Running":
        self._watcher.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        if kind is not None and not issubclass(kind, Exception) and self.why is None:
            self.why = "cancelled"
            self._stop("cancelled", 0)
        self._over.set()
        self._wake.set()
        self._watcher.join()

    def cancel(self) -> None:
        """Have the statement stopped; returns at once."""
        self._cancelled = True
        self._wake.set()

    def error(self, most_bytes: int) -> QueryError | None:
        """What to tell the caller; None where nothing here stopped the statement."""
        if self.why == "time":
            return QueryTimeoutError(f"the statement ran past {self._seconds:g} s and was cancelled")
        if self.why == "cancelled":
            return QueryCancelledError("the statement was cancelled")
        return too_large(most_bytes) if self.why == "size" else None

    def _watch(self) -> None:
        self.why = self._reason(time.monotonic() + self._seconds)
        tries = 0
        while self.why is not None and not self._over.is_set():
            self._stop(self.why, tries)
            self._over.wait(min(_BETWEEN_TRIES * 2**tries, _LONGEST_PAUSE))
            tries += 1

    def _reason(self, deadline: float) -> Why | None:
        """Wait until there is a reason to stop; None where the statement is over first."""
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            self._wake.wait(min(left, _BETWEEN_LOOKS) if self._too_large else left)
            if self._over.is_set():
                return self.why
            if self._cancelled:
                return "cancelled"
            if self._too_large is not None and self._too_large():
                return "size"
            if time.monotonic() >= deadline:
                return "time"


class Cancellation:
    """Hand one to `Database.run`; `cancel()`, from any thread, ends that statement in the database.

    It may be handed to several statements: once cancelled, none of them starts any more.
    """

    def __init__(self) -> None:
        self.cancelled = False
        self._lock = threading.Lock()
        self._running: set[Running] = set()

    def cancel(self) -> None:
        with self._lock:
            self.cancelled = True
            for running in self._running:
                running.cancel()

    def add(self, running: Running) -> None:
        with self._lock:
            self._running.add(running)
            if self.cancelled:
                running.cancel()

    def discard(self, running: Running) -> None:
        with self._lock:
            self._running.discard(running)


def aside(work: Callable[[], _Done], stop: Callable[[], None]) -> _Done:
    """Do the work of a driver that hears no signals: in a thread of its own, while the main one listens."""
    if threading.current_thread() is not threading.main_thread():
        return work()
    done: Future[_Done] = Future()

    def do() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    thread = threading.Thread(target=do, name="quarry-fetch", daemon=True)
    thread.start()
    try:
        return done.result()
    except KeyboardInterrupt:
        stop()
        thread.join(_LONGEST_PAUSE)
        raise


def too_large(most_bytes: int) -> QueryTooLargeError:
    return QueryTooLargeError(
        f"the rows take more than {max(most_bytes // 2**20, 1)} MB; ask for fewer or shorter columns, or for "
        "counts and sums in place of the rows"
    )
