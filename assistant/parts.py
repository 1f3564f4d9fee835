"""Parts of a workspace: opened when they are first asked for, once, from any thread, and timed."""

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class Parts:
    """Base of a class with parts. `opened` tells the seconds each part took, the parts it needed included."""

    def __init__(self) -> None:
        self.opened: dict[str, float] = {}
        self._lock = threading.Lock()
        self._locks: dict[str, threading.RLock] = {}

    def _lock_of(self, name: str) -> threading.RLock:
        with self._lock:
            return self._locks.setdefault(name, threading.RLock())


class Part(Generic[T]):
    """Like functools.cached_property, with a lock for each object and name."""

    def __init__(self, build: Callable[[Any], T]) -> None:
        self._build = build
        self._name = build.__name__
        self.__doc__ = build.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> "Part[T]": ...
    @overload
    def __get__(self, owner: Parts, kind: type) -> T: ...
    def __get__(self, owner: Parts | None, kind: type) -> "T | Part[T]":
        if owner is None:
            return self
        with owner._lock_of(self._name):
            if self._name not in owner.__dict__:
                started = time.perf_counter()
                owner.__dict__[self._name] = self._build(owner)
                owner.opened[self._name] = time.perf_counter() - started
            made: T = owner.__dict__[self._name]
            return made
