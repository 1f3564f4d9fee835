"""Each intent is one function: a scene in, a pair of question and SQL out; INTENTS weighs them."""

from collections.abc import Callable

from training.intents import counting, measuring, ranking, relating
from training.intents.scene import NoPathError, Pair, Scene

INTENTS: dict[Callable[[Scene], Pair], int] = {
    **counting.INTENTS,
    **measuring.INTENTS,
    **ranking.INTENTS,
    **relating.INTENTS,
}

__all__ = ["INTENTS", "NoPathError", "Pair", "Scene"]
