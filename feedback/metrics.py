"""The log's sums for Prometheus, read when they are asked for: right whichever process wrote them."""

from collections.abc import Iterator

import sqlalchemy as sa
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from feedback.database import FeedbackDatabase
from feedback.tables import CORRECTIONS, DAYS, VOTES


class FeedbackCollector(Collector):
    """Register it with a CollectorRegistry: `registry.register(FeedbackCollector(database))`."""

    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        """Counters of all time and gauges of now."""
        with self._database.read() as connection:
            yield from self._turns(connection)
            yield from self._sums(connection)
            yield from self._said(connection)

    def _turns(self, connection: sa.Connection) -> Iterator[Metric]:
        turns = _counter("turns", "Turns, by outcome and type of query.", "outcome", "type")
        checked = _counter("turns_to_check", "Answers marked 'please check'.", "type")
        repaired = _counter("turns_repaired", "Turns that went back to the model.", "type")
        totals = sa.select(
            DAYS.c.outcome,
            DAYS.c.kind,
            *(sa.func.sum(DAYS.c[name]).label(name) for name in ("turns", "to_check", "repaired")),
        ).group_by(DAYS.c.outcome, DAYS.c.kind)
        by_type: dict[str, list[int]] = {}
        for row in connection.execute(totals):
            turns.add_metric([row.outcome, row.kind or "none"], row.turns)
            sums = by_type.setdefault(row.kind or "none", [0, 0])
            sums[0], sums[1] = sums[0] + row.to_check, sums[1] + row.repaired
        for kind, (doubtful, again) in by_type.items():
            checked.add_metric([kind], doubtful)
            repaired.add_metric([kind], again)
        yield from (turns, checked, repaired)

    def _sums(self, connection: sa.Connection) -> Iterator[Metric]:
        names = ("seconds", "model_seconds", "database_seconds", "prompt_tokens", "written_tokens")
        row = connection.execute(sa.select(*(sa.func.sum(DAYS.c[name]).label(name) for name in names))).one()
        seconds = _counter("turn_seconds", "Seconds that turns took.", "part")
        tokens = _counter("tokens", "Tokens that models read and wrote.", "direction")
        for part, value in zip(("all", "model", "database"), row[:3], strict=True):
            seconds.add_metric([part], value or 0)
        for direction, value in zip(("read", "written"), row[3:], strict=True):
            tokens.add_metric([direction], value or 0)
        yield from (seconds, tokens)

    def _said(self, connection: sa.Connection) -> Iterator[Metric]:
        votes = GaugeMetricFamily("quarry_votes", "Thumbs as they stand.", labels=["thumb"])
        thumbs = sa.select(VOTES.c.up, sa.func.count()).group_by(VOTES.c.up)
        cast = {bool(up): count for up, count in connection.execute(thumbs)}
        for thumb, up in (("up", True), ("down", False)):
            votes.add_metric([thumb], cast.get(up, 0))
        corrections = GaugeMetricFamily("quarry_corrections", "Corrections, by state.", labels=["state"])
        states = sa.select(CORRECTIONS.c.state, sa.func.count()).group_by(CORRECTIONS.c.state)
        for state, count in connection.execute(states):
            corrections.add_metric([state], count)
        yield from (votes, corrections)


def _counter(name: str, says: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"quarry_{name}", says, labels=list(labels))
