"""What a team asks most, as weights for the synthesiser: the patterns of its query log."""

from collections import Counter
from dataclasses import dataclass, field

from graph.specialist import bare
from knowledge.patterns import Patterns
from knowledge.patterns.normal import normal

MOST = 5
"""So many times as often comes what the log has most, compared with what it has not at all."""


@dataclass(frozen=True)
class Usage:
    """Weights from 1 to MOST; all 1 without a log."""

    tables: Counter[str] = field(default_factory=Counter)
    columns: Counter[str] = field(default_factory=Counter)
    measures: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, patterns: Patterns | None) -> "Usage":
        if patterns is None:
            return cls()
        columns = Counter(patterns.groups)
        for (table, column, _), values in patterns.filters.items():
            columns[f"{table}.{column}"] += values.total()
        for (column, _), calls in patterns.grains.items():
            columns[column] += calls
        measures: Counter[str] = Counter()
        for (sql, _), calls in patterns.measures.items():
            measures[normal(sql)] += calls
        return cls(Counter(patterns.with_tables), columns, measures)

    def of_table(self, table: str) -> int:
        return _weight(self.tables, bare(table))

    def of_column(self, full_name: str) -> int:
        return _weight(self.columns, ".".join(map(bare, full_name.split("."))))

    def of_measure(self, sql: str) -> int:
        """`sql` is an aggregate over full names."""
        return _weight(self.measures, normal(sql)) if self.measures else 1


def _weight(counts: Counter[str], name: str) -> int:
    most = max(counts.values(), default=0)
    return 1 + round((MOST - 1) * counts[name] / most) if most else 1
