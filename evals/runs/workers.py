"""Workers: processes that each open the subject and ask what they are given."""

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path

from evals.runs.asker import Asker, described
from evals.runs.crew import Began, Crew, Died, Failed, Hand, Message, Ready
from evals.runs.golds import Golds
from evals.runs.subject import Opener
from evals.runs.task import Reply, Task
from knowledge.errors import QuarryError

_PATIENCE_SECONDS = 5.0
_SPAWN = multiprocessing.get_context("spawn")


def workers(opener: Opener, jobs: int = 1, *, golds: Path | None = None) -> Crew:
    """A crew of `jobs` processes on this machine, which stay warm until it is closed. `golds` is the file
    in which they share what gold queries give.
    """
    return Crew(_Here(opener, golds), jobs)


class _Here:
    """Hires processes and listens to their pipes."""

    def __init__(self, opener: Opener, golds: Path | None) -> None:
        self._opener = pickle.dumps(opener)
        self._golds = golds

    def hire(self) -> "_Process":
        return _Process(self._opener, self._golds)

    def listen(self, hands: Sequence[Hand], seconds: float) -> Sequence[Hand]:
        sources: dict[Connection | int, Hand] = {}
        for hand in hands:
            assert isinstance(hand, _Process)
            sources[hand.connection] = sources[hand.process.sentinel] = hand
        heard = wait(list(sources), timeout=seconds)
        return list(dict.fromkeys(hand for source, hand in sources.items() if source in heard))

    def close(self) -> None:
        """Nothing is left once the hands are gone."""


class _Process:
    """One worker: this end of its pipe."""

    def __init__(self, opener: bytes, golds: Path | None) -> None:
        self.connection, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_serve, args=(theirs, opener, golds), daemon=True)
        with _without_interrupts():
            self.process.start()
        theirs.close()

    def give(self, task: Task) -> None:
        with suppress(OSError):
            self.connection.send(task)

    def take(self) -> Message | None:
        try:
            if self.connection.poll():
                message: Message = self.connection.recv()
                return message
        except (EOFError, OSError):
            return self._died()
        return None if self.process.is_alive() else self._died()

    def patience(self, task: Task, limit_s: float) -> float:
        return limit_s

    def stop(self) -> None:
        self.process.kill()
        self.process.join(_PATIENCE_SECONDS)
        self.connection.close()

    def leave(self) -> None:
        with suppress(OSError):
            self.connection.send(None)
        self.process.join(_PATIENCE_SECONDS)
        self.stop()

    def _died(self) -> Died:
        self.process.join(_PATIENCE_SECONDS)
        code = self.process.exitcode
        if code is None:
            return Died("it closed its pipe")
        if code < 0:
            return Died(f"it was killed by {signal.Signals(-code).name}")
        return Died(f"it ended with code {code}")


def _serve(connection: Connection, opener: bytes, golds: Path | None) -> None:
    """The life of a worker: open, then answer until the pipe closes.

    The opener comes pickled, so that an import that fails here is told like any other failure to open.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        subject = pickle.loads(opener)()
    except QuarryError as error:
        connection.send(Failed(type(error).__name__, str(error)))
        return
    except Exception as error:
        connection.send(Failed("", described(error)))
        return
    asker = Asker(subject, Golds(golds), said=lambda stage: connection.send(Began(stage)))
    connection.send(Ready())
    with suppress(EOFError, OSError):
        while (task := connection.recv()) is not None:
            assert isinstance(task, Task)
            reply: Reply = asker.ask(task)
            connection.send(reply)
    asker.close()


def _end_with_parent() -> None:
    """A worker whose parent was killed would otherwise go on with a question that nobody waits for."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """A process begins with the signals of its parent; Ctrl-C is for the parent alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
