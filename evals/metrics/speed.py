"""What a run took: seconds, split by part, tokens and money."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import fsum
from typing import Any

from evals.metrics.stats import percentile
from evals.runs.score import Score


@dataclass(frozen=True)
class Seconds:
    """Half of the questions took at most `p50` seconds, 95% at most `p95`; None without questions."""

    p50: float | None = None
    p95: float | None = None
    mean: float | None = None
    total: float = 0.0


@dataclass(frozen=True)
class Speed:
    """`asked` are the questions, repeats too, that came to an end. `parts` splits their seconds by the names
    in their times: the percentiles of parts do not add up, their totals do. `tokens` are means a question.
    `cost` is the sum in US dollars over the `priced` questions of which it is known, None where of none.
    """

    asked: int
    seconds: Seconds
    parts: dict[str, Seconds]
    tokens: dict[str, float]
    cost: float | None
    priced: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def speed(scores: Sequence[Score]) -> Speed:
    """A question that the harness failed on has no outcome, and counts in none of the figures."""
    asked = [score for score in scores if score.outcome]
    costs = [score.cost for score in asked if score.cost is not None]
    names = dict.fromkeys(name for score in asked for name in score.times)
    kinds = dict.fromkeys(kind for score in asked for kind in score.tokens)
    return Speed(
        asked=len(asked),
        seconds=seconds([score.seconds for score in asked]),
        parts={name: seconds([score.times.get(name, 0.0) for score in asked]) for name in names},
        tokens={kind: fsum(score.tokens.get(kind, 0) for score in asked) / len(asked) for kind in kinds},
        cost=fsum(costs) if costs else None,
        priced=len(costs),
    )


def seconds(values: Sequence[float]) -> Seconds:
    """
    >>> seconds([3.0, 1.0, 2.0])
    Seconds(p50=2.0, p95=3.0, mean=2.0, total=6.0)
    """
    if not values:
        return Seconds()
    total = fsum(values)
    return Seconds(percentile(values, 0.5), percentile(values, 0.95), total / len(values), total)
