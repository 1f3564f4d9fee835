"""Questions that mean nearly the same, put together: what people miss."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.stats import Often

NEAR = 0.6
Embed = Callable[[list[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class Cluster:
    """`question` is asked most of all in it; `times` counts all of `questions`."""

    question: str
    times: int
    questions: tuple[str, ...]


def clusters(asked: Sequence[Often], embed: Embed) -> list[Cluster]:
    """Each question joins the first cluster whose leading question is near; the biggest come first."""
    if not asked:
        return []
    vectors = embed([one.question for one in asked])
    leaders: list[int] = []
    members: dict[int, list[int]] = {}
    for n in range(len(asked)):
        near = next((leader for leader in leaders if float(vectors[leader] @ vectors[n]) >= NEAR), None)
        if near is None:
            leaders.append(n)
        members.setdefault(n if near is None else near, []).append(n)
    made = [
        Cluster(asked[leader].question, sum(asked[n].times for n in of), tuple(asked[n].question for n in of))
        for leader, of in members.items()
    ]
    return sorted(made, key=lambda cluster: -cluster.times)
