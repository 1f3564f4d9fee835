"""A small copy of a SQLite database to try synthetic queries on: small tables whole, a sample of big ones."""

import sqlite3
import time
from pathlib import Path
from typing import Protocol

from knowledge.database import Database
from knowledge.errors import QueryError
from knowledge.result import Result
from knowledge.schema import Schema

KEPT = 2500
_STEPS_BETWEEN_LOOKS = 20_000


class Practice(Protocol):
    """Where synthetic queries are tried. Raises QueryError where one does not run."""

    def run(self, sql: str, *, timeout_s: float | None = None, max_rows: int | None = None) -> Result: ...


class PracticeCopy:
    """Statements of our own on a copy of our own: they need no walls, and there are thousands a minute."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )

    def run(self, sql: str, *, timeout_s: float | None = None, max_rows: int | None = None) -> Result:
        started = time.monotonic()
        deadline = started + (timeout_s or 10)
        self._connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        try:
            cursor = self._connection.execute(sql)
            rows = tuple(cursor.fetchmany(max_rows or 1_000))
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise QueryError(str(error).partition("\n")[0]) from error
        return Result(
            tuple(column[0] for column in cursor.description), rows, seconds=time.monotonic() - started
        )


def practice_copy(database: Database, schema: Schema, sizes: dict[str, int], path: Path) -> PracticeCopy:
    """Copy to `path`, made anew.

    A big table without big parents keeps every n-th row; below it, rows stay whose parents stayed.
    """
    temporary = path.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    copy = sqlite3.connect(temporary)
    copy.execute("PRAGMA journal_mode = OFF")
    sampled: dict[str, set[object]] = {}
    for name in _parents_first(schema):
        table = schema.by_name[name]
        columns = ", ".join(f'"{c.name}" {c.type}' for c in table.columns)
        copy.execute(f'CREATE TABLE "{name}" ({columns})')
        places = {c.name: n for n, c in enumerate(table.columns)}
        keys = [
            k for k in schema.foreign_keys if k.table == name and k.to_table in sampled and k.to_table != name
        ]
        filters = [(places[k.columns[0]], sampled[k.to_table]) for k in keys]
        listed = ", ".join(f'"{c.name}"' for c in table.columns)
        sql = f'SELECT {listed} FROM "{name}"'
        rows = database.run(sql, max_rows=2_000_000, timeout_s=120, own=True).rows
        kept = [row for row in rows if all(row[place] is None or row[place] in ids for place, ids in filters)]
        if not filters and sizes[name] > KEPT * 2:
            kept = kept[:: sizes[name] // KEPT]
        if len(kept) < len(rows) and len(table.primary_key) == 1:
            sampled[name] = {row[places[table.primary_key[0]]] for row in kept}
        copy.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(table.columns))})', kept)
        for key in (*({k.columns[0] for k in schema.foreign_keys if k.table == name}), *table.primary_key):
            copy.execute(f'CREATE INDEX IF NOT EXISTS "{name}_{key}" ON "{name}" ("{key}")')
    copy.commit()
    copy.execute("ANALYZE")
    copy.close()
    temporary.replace(path)
    return PracticeCopy(path)


def _parents_first(schema: Schema) -> list[str]:
    order: list[str] = []

    def visit(name: str, trail: frozenset[str]) -> None:
        if name in order or name in trail:
            return
        for key in schema.foreign_keys:
            if key.table == name:
                visit(key.to_table, trail | {name})
        order.append(name)

    for table in schema.tables:
        visit(table.name, frozenset())
    return order
