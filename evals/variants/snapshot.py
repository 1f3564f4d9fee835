"""The rows of a database in memory, column by column; of a very large one, a sample that is closed under
its foreign keys.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evals.variants.facts import TableFacts
from knowledge.schema import ForeignKey

Values = tuple[Any, ...]


@dataclass
class TableData:
    """`columns` maps each column that can be written to its values, row by row."""

    facts: TableFacts
    columns: dict[str, list[Any]]
    sampled: bool = False

    @cached_property
    def size(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def row(self, place: int) -> dict[str, Any]:
        return {name: values[place] for name, values in self.columns.items()}

    def tuples(self, names: Iterable[str]) -> Iterator[Values]:
        """The values of some columns, row by row."""
        return zip(*(self.columns[name] for name in names), strict=True)

    @cached_property
    def by_key(self) -> dict[Values, int]:
        """Primary key -> place of the row; empty without one."""
        key = self.facts.key
        if not key or any(name not in self.columns for name in key):
            return {}
        return {values: place for place, values in enumerate(self.tuples(key))}


class Snapshot:
    """The tables of one database, and who points to whom."""

    def __init__(
        self, dialect: str, tables: dict[str, TableData], keys: tuple[ForeignKey, ...], order: tuple[str, ...]
    ) -> None:
        self.dialect = dialect
        self.tables = tables
        self.keys = keys
        self.order = order
        self._children: dict[ForeignKey, dict[Values, list[int]]] = {}
        self._targets: dict[tuple[str, tuple[str, ...]], dict[Values, int]] = {}

    @property
    def sampled(self) -> bool:
        return any(table.sampled for table in self.tables.values())

    def keys_to(self, table: str) -> list[ForeignKey]:
        return [key for key in self.keys if key.to_table == table]

    def keys_from(self, table: str) -> list[ForeignKey]:
        return [key for key in self.keys if key.table == table]

    def children(self, key: ForeignKey, parent: int) -> list[int]:
        """The rows of `key.table` that point to one row of `key.to_table`."""
        index = self.children_index(key)
        table = self.tables[key.to_table]
        return index.get(tuple(table.columns[name][parent] for name in key.to_columns), [])

    def children_index(self, key: ForeignKey) -> dict[Values, list[int]]:
        if key not in self._children:
            index: dict[Values, list[int]] = {}
            for place, values in enumerate(self.tables[key.table].tuples(key.columns)):
                if None not in values:
                    index.setdefault(values, []).append(place)
            self._children[key] = index
        return self._children[key]

    def target(self, key: ForeignKey, values: Values) -> int | None:
        """The row of `key.to_table` that `values` point to."""
        at = (key.to_table, key.to_columns)
        if at not in self._targets:
            table = self.tables[key.to_table]
            self._targets[at] = {found: place for place, found in enumerate(table.tuples(key.to_columns))}
        return self._targets[at].get(values)
