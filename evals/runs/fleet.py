"""Workers on a Ray cluster, for suites and models that outgrow one machine."""

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from evals.runs.asker import Asker, described
from evals.runs.crew import Crew, Died, Failed, Hand, Message, Ready
from evals.runs.golds import Golds
from evals.runs.subject import Opener
from evals.runs.task import Reply, Task
from knowledge.errors import QuarryError, SettingsError


def fleet(
    opener: Opener,
    jobs: int,
    *,
    address: str = "",
    cpus: float = 1,
    gpus: float = 0,
    golds: Path | None = None,
) -> Crew:
    """A crew of `jobs` actors, each with so many `cpus` and `gpus`, on the Ray cluster at `address`; without
    one, on a cluster of its own on this machine, which ends with the crew.

    `golds` must be a file that every node of the cluster sees. Quarry and the workspace must be installed
    and lie in the same place on all of them. Raises SettingsError where Ray is missing or cannot be reached.
    """
    return Crew(_Cluster(opener, address, {"num_cpus": cpus, "num_gpus": gpus}, golds), jobs)


class _Subject:
    """Lives in a process of the cluster."""

    def __init__(self, opener: Opener, golds: Path | None) -> None:
        self._opener = opener
        self._golds = golds
        self._asker: Asker | None = None

    def open(self) -> Ready | Failed:
        try:
            self._asker = Asker(self._opener(), Golds(self._golds))
        except QuarryError as error:
            return Failed(type(error).__name__, str(error))
        except Exception as error:
            return Failed("", described(error))
        return Ready()

    def ask(self, task: Task) -> Reply:
        assert self._asker is not None
        return self._asker.ask(task)


class _Cluster:
    """Hires actors and listens to what they owe."""

    def __init__(self, opener: Opener, address: str, share: dict[str, float], golds: Path | None) -> None:
        self._ray = _ray()
        self._own = not self._ray.is_initialized()
        if self._own:
            _connect(self._ray, address)
        actor = self._ray.remote(max_restarts=0, max_task_retries=0, **share)(_Subject)
        self._actor: Any = actor
        self._given = (opener, golds)

    def hire(self) -> "_Actor":
        return _Actor(self._ray, self._actor.remote(*self._given))

    def listen(self, hands: Sequence[Hand], seconds: float) -> Sequence[Hand]:
        owed = {}
        for hand in hands:
            assert isinstance(hand, _Actor)
            if hand.owes is not None:
                owed[hand.owes] = hand
        if not owed:
            return []
        done, _ = self._ray.wait(list(owed), num_returns=1, timeout=seconds)
        return [owed[promise] for promise in done]

    def close(self) -> None:
        if self._own:
            self._ray.shutdown()
            self._own = False


class _Actor:
    """One worker: its handle, and the promise of what it says next."""

    def __init__(self, ray: Any, actor: Any) -> None:
        self._ray = ray
        self._actor = actor
        self.owes: Any = actor.open.remote()

    def give(self, task: Task) -> None:
        self.owes = self._actor.ask.remote(task)

    def take(self) -> Message | None:
        if self.owes is None or not self._ray.wait([self.owes], timeout=0)[0]:
            return None
        promise, self.owes = self.owes, None
        try:
            message: Message = self._ray.get(promise)
        except self._ray.exceptions.RayError as error:
            return Died(str(error).strip().splitlines()[0])
        return message

    def patience(self, task: Task, limit_s: float) -> float:
        """An actor does not tell which stage it is in: its question, those before it, and the judging."""
        return limit_s * (2 + len(task.case.previous))

    def stop(self) -> None:
        with suppress(self._ray.exceptions.RayError):
            self._ray.kill(self._actor)

    def leave(self) -> None:
        self.stop()


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ModuleNotFoundError:
        raise SettingsError("A fleet needs Ray; run pip install 'quarry[ray]'.") from None
    return ray


def _connect(ray: Any, address: str) -> None:
    if address:
        _require_reachable(address)
    where: dict[str, Any] = {"address": address} if address else {"include_dashboard": False}
    try:
        ray.init(log_to_driver=False, logging_level="error", **where)
    except (ConnectionError, ValueError, RuntimeError) as error:
        words = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise _unusable(address, words) from None


def _require_reachable(address: str) -> None:
    """Ray itself tries for minutes."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdigit():
        try:
            socket.create_connection((host, int(port)), timeout=_REACH_SECONDS).close()
        except OSError as error:
            raise _unusable(address, error.strerror or str(error)) from None


def _unusable(address: str, why: str) -> SettingsError:
    where = address or "on this machine"
    return SettingsError(f"The Ray cluster {where} cannot be used ({why}); check that it runs.")


_REACH_SECONDS = 10.0
