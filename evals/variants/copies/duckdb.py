"""DuckDB: the schema copied by DuckDB itself, the rows put in anew, so that it enforces every constraint."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from evals.variants.changes import Change, Insert, Unit
from evals.variants.copies import files
from evals.variants.facts import TableFacts, quoted, table_facts
from evals.variants.snapshot import Snapshot, TableData, Values
from knowledge.database import Database
from knowledge.errors import DatabaseError
from knowledge.schema import Schema

SUFFIX = ".duckdb"
_PLAIN = re.compile(
    r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL.*|FLOAT|DOUBLE|VARCHAR|DATE|TIMESTAMP|BOOLEAN|UUID|ENUM\(.*)"
)


class DuckDBCopier:
    def facts(self, database: Database, schema: Schema, url: str) -> dict[str, TableFacts]:
        names = {row[0] for row in database.run(_TABLES, max_rows=_MANY, own=True).rows}
        written: dict[str, set[str]] = {}
        spelled: dict[str, dict[str, str]] = {}
        found = database.run(_COLUMNS, max_rows=_MANY, own=True)
        for row in found.rows:
            told = dict(zip(found.columns, row, strict=True))
            table, name, kind = told["table_name"], told["column_name"], told["data_type"]
            written.setdefault(table, set())
            if not told.get("is_generated"):
                written[table].add(name)
                if not _PLAIN.fullmatch(kind):
                    spelled.setdefault(table, {})[name] = kind
        uniques: dict[str, list[tuple[str, ...]]] = {}
        for table, listed in database.run(_UNIQUES, max_rows=_MANY, own=True).rows:
            uniques.setdefault(table, []).append(tuple(listed))
        for table, listed in database.run(_INDEXES, max_rows=_MANY, own=True).rows:
            parts = str(listed).strip("[]").split(",")
            uniques.setdefault(table, []).append(tuple(part.strip(" '\"") for part in parts))
        return {
            table.name: table_facts(
                table, written[table.name], uniques.get(table.name, ()), spelled.get(table.name, {})
            )
            for table in schema.tables
            if table.name in names
        }

    def copy(self, url: str, snapshot: Snapshot, folder: Path, into: str) -> "DuckDBCopy":
        import duckdb

        source = Path(str(make_url(url).database))
        path = folder / f"copy-{source.stem}{SUFFIX}.part"
        path.unlink(missing_ok=True)
        connection = duckdb.connect(str(path))
        copy = DuckDBCopy(connection, path, snapshot)
        try:
            here = connection.execute("SELECT current_database()").fetchall()[0][0]
            where = str(source.resolve()).replace("'", "''")
            connection.execute(f"ATTACH '{where}' AS quarry_source (READ_ONLY)")
            connection.execute(f"COPY FROM DATABASE quarry_source TO {_q(here)} (SCHEMA)")
            connection.execute("DETACH quarry_source")
            copy.fill()
        except duckdb.Error as error:
            copy.drop()
            words = str(error).splitlines()[0]
            raise DatabaseError(f"{source} cannot be copied ({words}); close what writes to it.") from error
        return copy

    def existing(self, folder: Path, fingerprint: str) -> tuple[str, ...]:
        return tuple(f"duckdb:///{path}" for path in files.found(folder, fingerprint, SUFFIX))

    def remove(self, folder: Path, stem: str) -> None:
        files.remove(folder, stem, SUFFIX)


class DuckDBCopy:
    def __init__(self, connection: Any, path: Path, snapshot: Snapshot) -> None:
        self._connection = connection
        self._path = path
        self._snapshot = snapshot

    def fill(self) -> None:
        """The rows of the snapshot, parents first."""
        import pandas as pd

        for name in self._snapshot.order:
            table = self._snapshot.tables[name]
            listed = ", ".join(map(_q, table.columns))
            for rows in _layers(self._snapshot, table):
                frame = pd.DataFrame(rows, columns=list(table.columns), dtype=object)
                self._connection.register("quarry_rows", frame)
                values = ", ".join(_cast(table.facts, column, _q(column)) for column in table.columns)
                self._connection.execute(
                    f"INSERT INTO {_q(name)} ({listed}) SELECT {values} FROM quarry_rows"
                )
                self._connection.unregister("quarry_rows")

    def apply(self, units: Iterable[Unit]) -> tuple[int, int]:
        import duckdb

        taken = refused = 0
        for unit in units:
            self._connection.execute("BEGIN")
            try:
                for change in unit:
                    self._write(change)
                self._connection.execute("COMMIT")
                taken += 1
            except duckdb.Error:
                self._connection.execute("ROLLBACK")
                refused += 1
        return taken, refused

    def finish(self, name: str) -> str:
        self._connection.execute("CHECKPOINT")
        self._connection.close()
        path = self._path.with_name(name + SUFFIX)
        self._path.replace(path)
        return f"duckdb:///{path}"

    def drop(self) -> None:
        self._connection.close()
        self._path.unlink(missing_ok=True)
        Path(f"{self._path}.wal").unlink(missing_ok=True)

    def _write(self, change: Change) -> None:
        facts = self._snapshot.tables[change.table].facts
        if isinstance(change, Insert):
            marks = ", ".join(_cast(facts, name, "?") for name in facts.names)
            listed = ", ".join(map(_q, facts.names))
            self._connection.execute(
                f"INSERT INTO {_q(facts.name)} ({listed}) VALUES ({marks})", list(change.values)
            )
            return
        setting = ", ".join(f"{_q(name)} = {_cast(facts, name, '?')}" for name in change.cells)
        where = " AND ".join(f"{_q(name)} = ?" for name in facts.key)
        self._connection.execute(
            f"UPDATE {_q(facts.name)} SET {setting} WHERE {where}", [*change.cells.values(), *change.key]
        )


def _layers(snapshot: Snapshot, table: TableData) -> Iterator[Sequence[Values]]:
    """The rows, each after the one of its own table that it points to: DuckDB looks at once."""
    own = [key for key in snapshot.keys_from(table.facts.name) if key.to_table == table.facts.name]
    rows = list(table.tuples(table.columns))
    depths: dict[int, int] = {}
    for start in range(table.size):
        trail, place = list[int](), start
        while place not in depths:
            trail.append(place)
            above = [snapshot.target(key, tuple(table.columns[n][place] for n in key.columns)) for key in own]
            waiting = [other for other in above if other is not None and other not in depths]
            waiting = [other for other in waiting if other not in trail]
            if waiting:
                place = waiting[0]
                continue
            depths[place] = max((depths.get(other, 0) + 1 for other in above if other is not None), default=0)
            trail.pop()
            place = trail.pop() if trail else start
    for depth in sorted(set(depths.values())):
        yield [rows[place] for place in range(table.size) if depths[place] == depth]


def _cast(facts: TableFacts, column: str, value: str) -> str:
    return f"CAST({value} AS {facts.spelled[column]})" if column in facts.spelled else value


def _q(name: str) -> str:
    return quoted(name, "duckdb")


_MANY = 1_000_000
_HERE = "database_name = current_database() AND schema_name = current_schema()"
_TABLES = f"SELECT table_name FROM duckdb_tables() WHERE {_HERE} AND NOT internal"
_COLUMNS = f"SELECT * FROM duckdb_columns() WHERE {_HERE} AND NOT internal ORDER BY table_name, column_index"
_UNIQUES = f"""
    SELECT table_name, constraint_column_names FROM duckdb_constraints()
    WHERE {_HERE} AND constraint_type = 'UNIQUE'"""
_INDEXES = f"SELECT table_name, expressions FROM duckdb_indexes() WHERE {_HERE} AND is_unique"
