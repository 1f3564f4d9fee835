"""Reads a database into a snapshot, through the read-only door alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from evals.variants.facts import TableFacts, followed_keys, parents_first, quoted
from evals.variants.snapshot import Snapshot, TableData, Values
from knowledge.database import Database
from knowledge.schema import ForeignKey, Schema

MOST_ROWS = 200_000
MOST_ROWS_IN_ALL = 600_000
LARGE = 200
TOLERATED = 1.5
_SECONDS = 900.0
_AT_ONCE = 400


def read_snapshot(
    database: Database,
    schema: Schema,
    facts: dict[str, TableFacts],
    *,
    most: int = MOST_ROWS,
    most_in_all: int = MOST_ROWS_IN_ALL,
) -> Snapshot:
    """All rows of every table, or a part that leaves no key dangling.

    Where a table has more than `most` rows, or more than its share of `most_in_all`, the large tables above
    it keep every n-th row, and it those whose parents stayed: so a kept order keeps all of its lines. Where
    that is not enough, it keeps every n-th row itself. Raises QueryError.
    """
    keys = followed_keys(schema, facts)
    order = parents_first(schema, set(facts))
    reader = _Reader(database, facts, keys)
    sizes = {name: reader.count(name) for name in order}
    share = min(most, _share(sizes.values(), most_in_all))
    steps = _steps(sizes, order, keys, share)
    rows = {name: reader.read(name, steps[name], share) for name in order}
    if reader.thinned:
        _close(reader, rows)
    tables = {name: _columns(facts[name], rows[name], name in reader.thinned) for name in order}
    return Snapshot(database.dialect, tables, keys, order)


def _share(sizes: Iterable[int], most: int) -> int:
    """The largest cap on each table under which all of them together hold at most `most` rows.

    >>> _share([10, 100, 1000], 310)
    200
    """
    left, waiting = most, sorted(sizes)
    for place, size in enumerate(waiting):
        cap = left // (len(waiting) - place)
        if size > cap:
            return max(cap, 1)
        left -= size
    return max(waiting, default=1) or 1


def _steps(
    sizes: dict[str, int], order: Sequence[str], keys: Sequence[ForeignKey], share: int
) -> dict[str, int]:
    """Of how many rows each table keeps one, so that the largest below it fits as well."""
    steps = {name: -(-sizes[name] // share) or 1 for name in order}
    for name in reversed(order):
        for key in keys:
            if key.table == name and sizes[key.to_table] >= LARGE * steps[name]:
                steps[key.to_table] = max(steps[key.to_table], steps[name])
    return steps


def _columns(facts: TableFacts, rows: Sequence[Values], sampled: bool) -> TableData:
    columns = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in facts.columns]
    return TableData(facts, dict(zip(facts.names, columns, strict=True)), sampled)


class _Reader:
    """`thinned` maps a table that is not whole to the condition under which its rows were kept."""

    def __init__(
        self, database: Database, facts: dict[str, TableFacts], keys: tuple[ForeignKey, ...]
    ) -> None:
        self.database = database
        self.facts = facts
        self.keys = keys
        self.thinned: dict[str, str] = {}

    def count(self, name: str, condition: str = "") -> int:
        return int(self._run(f"SELECT COUNT(*) FROM {self._quoted(name)}{_where(condition)}")[0][0])

    def read(self, name: str, step: int, most: int) -> list[Values]:
        """The rows of a table whose parents were all kept; every n-th where no parent was thinned, or where
        they are still far too many.
        """
        condition = " AND ".join(self._parents_kept(name))
        size = self.count(name, condition) if condition else 0
        if condition and size > most * TOLERATED:
            condition = self._every_nth(name, condition, -(-size // most))
        elif not condition and step > 1:
            condition = self._every_nth(name, condition, step)
        if condition:
            self.thinned[name] = condition
        return self._rows(name, condition)

    def find(self, name: str, columns: tuple[str, ...], wanted: Sequence[Values]) -> list[Values]:
        """The rows with the given values, from the whole table."""
        found: list[Values] = []
        listed = ", ".join(self._quoted(column) for column in columns)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            tuples = ", ".join(f"({', '.join(map(self._literal, values))})" for values in some)
            within = f"({listed}) IN ({tuples})" if self._takes_tuples else self._either(columns, some)
            found += self._rows(name, within)
        return found

    @property
    def _takes_tuples(self) -> bool:
        return self.database.dialect != "sqlite"

    def _either(self, columns: tuple[str, ...], wanted: Sequence[Values]) -> str:
        if len(columns) == 1:
            listed = ", ".join(self._literal(values[0]) for values in wanted)
            return f"{self._quoted(columns[0])} IN ({listed})"
        listed = ", ".join(f"({', '.join(map(self._literal, values))})" for values in wanted)
        return f"({', '.join(map(self._quoted, columns))}) IN (VALUES {listed})"

    def _parents_kept(self, name: str) -> list[str]:
        kept = []
        for key in self.keys:
            if key.table != name or key.to_table == name or key.to_table not in self.thinned:
                continue
            own = ", ".join(self._quoted(column) for column in key.columns)
            its = ", ".join(self._quoted(column) for column in key.to_columns)
            empty = " OR ".join(f"{self._quoted(column)} IS NULL" for column in key.columns)
            left = f"({own})" if len(key.columns) > 1 else own
            parents = f"SELECT {its} FROM {self._quoted(key.to_table)} WHERE {self.thinned[key.to_table]}"
            kept.append(f"({empty} OR {left} IN ({parents}))")
        return kept

    def _every_nth(self, name: str, condition: str, step: int) -> str:
        facts = self.facts[name]
        by = facts.key or facts.names
        listed = ", ".join(self._quoted(column) for column in by)
        left = f"({listed})" if len(by) > 1 else listed
        numbered = f"SELECT {listed}, ROW_NUMBER() OVER (ORDER BY {listed}) AS quarry_n"
        source = f"{numbered} FROM {self._quoted(name)}{_where(condition)}"
        return f"{left} IN (SELECT {listed} FROM ({source}) AS numbered WHERE quarry_n % {step} = 0)"

    def _rows(self, name: str, condition: str) -> list[Values]:
        facts = self.facts[name]
        if not facts.columns:
            return []
        listed = ", ".join(self._read_as(facts, column.name) for column in facts.columns)
        by = [column for column in facts.key or facts.names if column not in facts.spelled]
        order = f" ORDER BY {', '.join(map(self._quoted, by))}" if by else ""
        return list(self._run(f"SELECT {listed} FROM {self._quoted(name)}{_where(condition)}{order}"))

    def _read_as(self, facts: TableFacts, column: str) -> str:
        name = self._quoted(column)
        return f"CAST({name} AS VARCHAR)" if column in facts.spelled else name

    def _run(self, sql: str) -> tuple[Values, ...]:
        return self.database.run(sql, max_rows=50_000_000, timeout_s=_SECONDS, own=True).rows

    def _quoted(self, name: str) -> str:
        return quoted(name, self.database.dialect)

    def _literal(self, value: Any) -> str:
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int | float):
            return repr(value)
        if isinstance(value, bytes):
            return f"X'{value.hex()}'" if self.database.dialect == "sqlite" else f"'\\x{value.hex()}'"
        text = str(value).replace("'", "''")
        return f"'{text}'"


def _where(condition: str) -> str:
    return f" WHERE {condition}" if condition else ""


def _close(reader: _Reader, rows: dict[str, list[Values]]) -> None:
    """Add the parents that kept rows point to, and theirs, until none is missing."""
    while True:
        added = False
        for key in reader.keys:
            own, target = reader.facts[key.table], reader.facts[key.to_table]
            at, to = [own.places[n] for n in key.columns], [target.places[n] for n in key.to_columns]
            there = {tuple(row[place] for place in to) for row in rows[key.to_table]}
            wanted = {tuple(row[place] for place in at) for row in rows[key.table]}
            missing = sorted((w for w in wanted - there if None not in w), key=repr)
            if not missing:
                continue
            found = reader.find(key.to_table, key.to_columns, missing)
            if found:
                rows[key.to_table] += found
                added = True
        if not added:
            return
