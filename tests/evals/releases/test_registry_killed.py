"""A release that is killed: afterwards the model before answers, or the new one, and either is whole."""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evals.releases.registry import Registry
from tests.evals.releases.conftest import Made
from tests.evals.releases.runs import release

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
MOST_STEPS = 400


def _child(work: Callable[[], object]) -> int:
    """Do it in a process of its own; its exit status as waitpid gives it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        work()
    finally:
        os._exit(0)


def _killed_at(step: int, watched: Path, work: Callable[[], object]) -> Callable[[], object]:
    """`work`, killed before it touches the watched folder for the step-th time."""

    def run() -> object:
        left = step

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event.startswith(("open", "os.", "shutil.")) and str(watched) in repr(arguments):
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        return work()

    return run


def _whole(registry: Registry, allowed: set[str]) -> str:
    """The name of the release that answers, of which every file is as its card says."""
    now = registry.current()
    assert now is not None
    assert now.name in allowed
    for one in registry.releases():
        registry.verify(one)
    assert registry.names() == tuple(one.name for one in registry.releases())
    return now.name


def test_a_kill_before_any_step_leaves_a_whole_release_current(registry: Registry, made: Made) -> None:
    release(registry, made(0))
    candidates = [made(1), made(2)]
    seen = set()
    for step in range(1, MOST_STEPS):
        before = registry.current()
        assert before is not None
        newest = f"r{int(registry.names()[-1][1:]) + 1}"
        one = candidates[step % 2]
        status = _child(_killed_at(step, registry.folder, lambda one=one: release(registry, one)))
        now = _whole(registry, {before.name, newest})
        seen.add((bool(status), now == newest))
        if not status:
            break
    assert status == 0, "the release never came to its end"
    assert step > 15
    assert {(True, False), (True, True), (False, True)} <= seen
    assert _whole(registry, {newest}) == newest
    release(registry, made(3))
    assert not list(registry.folder.glob(".incoming-*"))


def test_a_rollback_killed_before_any_step_leaves_a_whole_release_current(
    registry: Registry, made: Made
) -> None:
    release(registry, made(0))
    release(registry, made(1))
    for step in range(1, MOST_STEPS):
        status = _child(_killed_at(step, registry.folder, registry.rollback))
        if _whole(registry, {"r1", "r2"}) == "r1":
            break
    assert status in (0, signal.SIGKILL)
    assert step > 3


def test_a_kill_in_the_middle_of_a_large_copy_leaves_nothing_that_is_taken_for_a_release(
    registry: Registry, made: Made
) -> None:
    from evals.releases.candidate import candidate

    first = release(registry, made(0))
    large = made(1)
    assert isinstance(large.model, Path)
    with large.model.open("ab") as file:
        file.write(os.urandom(8 << 20))
    large = candidate(large.model)
    chance = random.Random(5)
    for _ in range(12):
        child = os.fork()
        if not child:
            try:
                release(registry, large)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        now = _whole(registry, {first.name, *registry.names()})
        if now != first.name:
            registry.rollback(first.name)
