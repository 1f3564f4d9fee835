"""Several processes that train one network, as `accelerate launch` starts them; without it there is one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from accelerate import PartialState
from accelerate.utils import broadcast, gather_object, reduce

T = TypeVar("T")


class Together:
    """The place of this process among `count`; each has a device of its own."""

    def __init__(self) -> None:
        self._state = PartialState(cpu=not torch.cuda.is_available())
        self.count = self._state.num_processes
        self.place = self._state.process_index
        self.device = str(self._state.device)

    @property
    def first(self) -> bool:
        """Whether this process tells and writes."""
        return bool(self._state.is_main_process)

    def mine(self, places: list[int]) -> list[int]:
        """This process's part of a batch."""
        return places[self.place :: self.count]

    def share_gradients(self, network: torch.nn.Module) -> None:
        """Give all processes the mean of their gradients."""
        if self.count > 1:
            for parameter in network.parameters():
                if parameter.grad is not None:
                    parameter.grad = reduce(parameter.grad, "mean")

    def as_first(self, number: float) -> float:
        """The number that the first process has."""
        if self.count == 1:
            return number
        told = torch.tensor([number], dtype=torch.float64, device=self.device)
        return float(broadcast(told)[0])

    def all_of(self, mine: list[T]) -> list[T]:
        """What each process has, in one list."""
        return mine if self.count == 1 else list(gather_object(mine))

    @contextmanager
    def one_by_one(self) -> Iterator[None]:
        """The first process goes ahead, and the others find what it made."""
        with self._state.main_process_first():
            yield

    def told_by_first(self, report: Callable[[str], None]) -> Callable[[str], None]:
        """A report that only the first process gives."""
        return report if self.first else _silent


def _silent(text: str) -> None:
    """Another process tells."""
