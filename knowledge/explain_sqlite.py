"""SQLite's estimate of a statement: EXPLAIN QUERY PLAN tells the nested loops, and the tables their sizes."""

import re
import sqlite3
from collections.abc import Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from knowledge.explain import Estimate, Step, estimate_plan

_SCAN = re.compile(r"^SCAN (?:TABLE )?(?P<name>\S+)")
_SEARCH = re.compile(r"^SEARCH (?:TABLE )?(?P<name>\S+) USING (?P<how>.*)$")
_OVER_ALL = {"AggStep", "AggStep1", "Count", "Sort", "SorterSort"}
_LEAST_ROW_BYTES = 8
_EQUAL, _RANGE = 10, 4
"""What SQLite takes for granted without ANALYZE: ten rows an equal value, a quarter a range."""


def estimate(
    connection: sqlite3.Connection, sql: str, sizes: Mapping[str, int], file_bytes: int
) -> Estimate | None:
    """None where the first rows come before the whole was read: what they cost cannot be told.

    Sizes that are not given are SQLite's own (ANALYZE), or else the greatest rowid, held against the size of
    the file. Raises sqlite3's errors.
    """
    if not any(row[1] in _OVER_ALL for row in connection.execute(f"EXPLAIN {sql}")):
        return None
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    lines = [(row[0], row[1], str(row[3])) for row in plan]
    reader = _Plan(connection, sql, sizes, lines, file_bytes // _LEAST_ROW_BYTES)
    return estimate_plan(Step(1, inputs=(reader.loops(0),), whole=True), 1)


class _Plan:
    def __init__(
        self,
        connection: sqlite3.Connection,
        sql: str,
        sizes: Mapping[str, int],
        lines: list[tuple[int, int, str]],
        most: int,
    ) -> None:
        self._connection = connection
        self._sizes = {name.lower(): size for name, size in sizes.items()}
        self._lines = lines
        self._most = most
        self._names = _tables(connection)
        self._aliases = _aliases(sql, self._names)
        self._given: dict[str, float] = {}

    def loops(self, parent: int) -> Step:
        """The loops right below one line: each is run for every row that those before it give."""
        given, reads = 1.0, 0.0
        tables: list[str] = []
        below: list[Step] = []
        for number, above, told in self._lines:
            if above != parent:
                continue
            rows, table = self._rows(told, number)
            if rows is not None:
                reads += given * rows
                given *= max(rows, 1.0)
                tables += [table] if table else []
                continue
            inner = self.loops(number)
            if told.startswith(("CO-ROUTINE ", "MATERIALIZE ")):
                self._given[told.split()[1].lower()] = inner.rows
            again = given if told.startswith("CORRELATED") else 1.0
            below.append(Step(inner.rows, inner.reads * again, inner.tables, inner.inputs))
        rows_below = max((step.rows for step in below), default=1.0)
        names = tuple(dict.fromkeys(tables))
        return Step(given if reads else rows_below, reads, names, tuple(below), whole=True)

    def _rows(self, told: str, number: int) -> tuple[float | None, str]:
        if found := _SCAN.match(told):
            name = found["name"].lower()
            if told.startswith("SCAN CONSTANT"):
                return 1.0, ""
            table = self._aliases.get(name, name)
            return self._given.get(name, self._size(table)), table
        if found := _SEARCH.match(told):
            table = self._aliases.get(found["name"].lower(), found["name"].lower())
            return self._searched(table, found["how"]), table
        if told.startswith("SEARCH "):
            return 1.0, ""
        if told.startswith("MULTI-INDEX OR"):
            return self.loops(number).rows, ""
        return None, ""

    def _searched(self, table: str, how: str) -> float:
        if "PRIMARY KEY" in how and "=?" in how:
            return 1.0
        size = self._size(table)
        if "=?" in how:
            return min(float(_EQUAL), size)
        bounds = max(how.count("<?") + how.count(">?"), 1)
        return max(size / float(_RANGE**bounds), 1.0)

    def _size(self, table: str) -> float:
        if table in self._sizes:
            return float(self._sizes[table])
        if table not in self._names:
            return 1.0
        name = self._names[table].replace('"', '""')
        try:
            told = self._connection.execute(
                "SELECT MAX(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = ?", (self._names[table],)
            ).fetchone()
        except sqlite3.Error:
            told = (None,)
        if told[0] is not None:
            return float(told[0])
        try:
            greatest = self._connection.execute(f'SELECT MAX(rowid) FROM "{name}"').fetchone()[0] or 0
        except sqlite3.Error:
            return float(self._most)
        return float(min(int(greatest), self._most))


def _tables(connection: sqlite3.Connection) -> dict[str, str]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name.lower(): name for (name,) in names}


def _aliases(sql: str, names: Mapping[str, str]) -> dict[str, str]:
    """The plan calls tables by their aliases; where one stands for several, any of them will do."""
    try:
        tree = sqlglot.parse_one(sql, dialect="sqlite")
    except SqlglotError:
        return {}
    tables = [table for table in tree.find_all(exp.Table) if table.name.lower() in names]
    return {table.alias_or_name.lower(): table.name.lower() for table in tables}
