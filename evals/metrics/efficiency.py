"""How fast an answer's SQL is beside the gold it matched, both timed in turn on the same database."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from math import exp, log
from statistics import fmean, median
from typing import Any

from evals.metrics.bootstrap import mean_interval
from evals.metrics.stats import Interval
from evals.runs.score import Score
from graph.checks import CheckContext, gate
from knowledge.database import Database
from knowledge.errors import QueryError

ROUNDS = 7
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Timing:
    """The median seconds of an answer's SQL and of the gold, over `rounds` runs of each."""

    case: str
    sql_seconds: float
    gold_seconds: float
    rounds: int
    suite: str = ""

    @property
    def ratio(self) -> float:
        """Above 1 the answer is slower than the gold."""
        return self.sql_seconds / self.gold_seconds


@dataclass(frozen=True)
class Efficiency:
    """`ratio` is the geometric mean of the timings' ratios, `interval` holds it at 95%: both None without
    timings. `left_out` counts right answers that could not be timed: the budget was spent or a query failed.
    """

    timings: tuple[Timing, ...] = ()
    ratio: float | None = None
    interval: Interval | None = None
    left_out: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "ratio": self.ratio,
            "interval": [self.interval.low, self.interval.high] if self.interval else None,
            "left_out": self.left_out,
            "timings": [asdict(timing) | {"ratio": timing.ratio} for timing in self.timings],
        }


def measure(
    scores: Sequence[Score],
    database: Database,
    context: CheckContext,
    *,
    budget_s: float = 60.0,
    rounds: int = ROUNDS,
    seed: int = 0,
) -> Efficiency:
    """Time every right answer against the gold that it matched, until the budget is spent.

    A case may take its part of what is left of the budget, so that a slow one does not starve the others;
    the last one begun is finished even beyond it.
    What was answered from another database is left out. Raises DatabaseError where the database is gone.
    """
    right = [score for score in scores if score.verdict.right and score.sql and score.gold]
    ends = time.perf_counter() + budget_s
    timings = []
    for number, score in enumerate(right):
        left_s = ends - time.perf_counter()
        if left_s <= 0:
            break
        timing = time_answer(score, database, context, budget_s=left_s / (len(right) - number), rounds=rounds)
        if timing:
            timings.append(timing)
    return efficiency(timings, left_out=len(right) - len(timings), seed=seed)


def time_answer(
    score: Score,
    database: Database,
    context: CheckContext,
    *,
    budget_s: float = 5.0,
    rounds: int = ROUNDS,
) -> Timing | None:
    """Time one answer and its gold, behind both walls: answer, gold, gold, answer, answer, gold ...

    One run of each warms up and is not counted. One round is always run, however long it takes; more are
    as long as they fit in the budget. None where either query does not run.
    """
    context = replace(context, question=score.question)
    pair = [gate(sql, context).sql for sql in (score.sql, score.gold)]
    queries = [sql for sql in pair if sql is not None]
    if len(queries) < len(pair):
        return None
    ends = time.perf_counter() + budget_s
    taken: list[list[float]] = [[], []]
    try:
        warm = [_seconds(database, sql) for sql in queries]
        while not taken[0] or (len(taken[0]) < rounds and time.perf_counter() + sum(warm) < ends):
            for which in (0, 1) if len(taken[0]) % 2 == 0 else (1, 0):
                taken[which].append(_seconds(database, queries[which]))
    except QueryError:
        return None
    return Timing(score.case, median(taken[0]), median(taken[1]), len(taken[0]), score.suite)


def efficiency(timings: Sequence[Timing], *, left_out: int = 0, seed: int = 0) -> Efficiency:
    """The geometric mean of the ratios, so that twice as fast and twice as slow even out.

    >>> found = efficiency([Timing("a", 2.0, 1.0, 7), Timing("b", 1.0, 2.0, 7)])
    >>> found.ratio, found.interval
    (1.0, Interval(low=0.5, high=2.0))
    """
    logs = [log(timing.ratio) for timing in timings]
    spread = mean_interval(logs, seed=seed)
    if spread is None:
        return Efficiency(left_out=left_out)
    interval = Interval(exp(spread.low), exp(spread.high))
    return Efficiency(tuple(timings), exp(fmean(logs)), interval, left_out)


def _seconds(database: Database, sql: str) -> float:
    return max(database.run(sql, max_rows=MOST_ROWS).seconds, 1e-9)
