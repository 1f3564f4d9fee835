"""SQLite: copied page by page, changed with its triggers set aside, checked by SQLite's own checks."""

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url

from evals.variants.changes import Change, Insert, Unit
from evals.variants.copies import files
from evals.variants.facts import TableFacts, quoted, table_facts
from evals.variants.snapshot import Snapshot
from knowledge.database import Database
from knowledge.errors import DatabaseError
from knowledge.schema import Schema

SUFFIX = ".sqlite"


class SQLiteCopier:
    def facts(self, database: Database, schema: Schema, url: str) -> dict[str, TableFacts]:
        connection = _reading(url)
        try:
            plain = {
                name
                for name, sql in connection.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
                )
                if not _is_special(name, sql, connection)
            }
            return {
                table.name: _facts(connection, schema, table.name)
                for table in schema.tables
                if table.name in plain
            }
        finally:
            connection.close()

    def copy(self, url: str, snapshot: Snapshot, folder: Path, into: str) -> "SQLiteCopy":
        path = folder / f"copy-{_path(url).stem}{SUFFIX}.part"
        path.unlink(missing_ok=True)
        source, copy = _reading(url), sqlite3.connect(path, isolation_level=None)
        try:
            copy.execute("PRAGMA synchronous = OFF")
            if snapshot.sampled:
                _rebuild(source, copy, snapshot)
            else:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            source.close()
        return SQLiteCopy(copy, path, snapshot)

    def existing(self, folder: Path, fingerprint: str) -> tuple[str, ...]:
        return tuple(f"sqlite:///{path}" for path in files.found(folder, fingerprint, SUFFIX))

    def remove(self, folder: Path, stem: str) -> None:
        files.remove(folder, stem, SUFFIX)


class SQLiteCopy:
    def __init__(self, connection: sqlite3.Connection, path: Path, snapshot: Snapshot) -> None:
        self._connection = connection
        self._path = path
        self._snapshot = snapshot
        self._triggers = [
            (name, sql)
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ]
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        for name, _ in self._triggers:
            connection.execute(f"DROP TRIGGER {_q(name)}")

    def apply(self, units: Iterable[Unit]) -> tuple[int, int]:
        taken = refused = 0
        self._connection.execute("BEGIN")
        for unit in units:
            self._connection.execute("SAVEPOINT unit")
            try:
                for change in unit:
                    self._write(change)
            except (sqlite3.IntegrityError, OverflowError):
                self._connection.execute("ROLLBACK TO unit")
                refused += 1
            else:
                taken += 1
            self._connection.execute("RELEASE unit")
        self._connection.execute("COMMIT")
        return taken, refused

    def finish(self, name: str) -> str:
        for _, sql in self._triggers:
            self._connection.execute(sql)
        self._connection.execute("ANALYZE")
        damage = self._connection.execute("PRAGMA integrity_check").fetchall()
        dangling = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        if damage != [("ok",)]:
            raise DatabaseError(f"A variant came out damaged ({damage[0][0]}); report it.")
        if dangling and not self._was_dangling():
            raise DatabaseError(f"A variant came out with a key of {dangling[0][0]} that points nowhere.")
        self._connection.close()
        path = self._path.with_name(name + SUFFIX)
        self._path.replace(path)
        return f"sqlite:///{path}"

    def drop(self) -> None:
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def _was_dangling(self) -> bool:
        """Whether the original's own rows already point nowhere."""
        snapshot = self._snapshot
        return any(
            snapshot.target(key, values) is None
            for key in snapshot.keys
            for values in snapshot.children_index(key)
        )

    def _write(self, change: Change) -> None:
        facts = self._snapshot.tables[change.table].facts
        if isinstance(change, Insert):
            marks = ", ".join("?" * len(facts.names))
            listed = ", ".join(map(_q, facts.names))
            self._connection.execute(
                f"INSERT INTO {_q(facts.name)} ({listed}) VALUES ({marks})", change.values
            )
            return
        setting = ", ".join(f"{_q(name)} = ?" for name in change.cells)
        where = " AND ".join(f"{_q(name)} = ?" for name in facts.key)
        self._connection.execute(
            f"UPDATE {_q(facts.name)} SET {setting} WHERE {where}", (*change.cells.values(), *change.key)
        )


def _rebuild(source: sqlite3.Connection, copy: sqlite3.Connection, snapshot: Snapshot) -> None:
    """The same schema with the sampled rows; virtual tables stay empty."""
    made = source.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    virtual = [name for kind, name, sql in made if kind == "table" and _is_virtual(sql)]
    copy.execute("BEGIN")
    for kind, name, sql in made:
        own = name.startswith("sqlite_") or any(name.startswith(f"{other}_") for other in virtual)
        if kind == "table" and not own:
            copy.execute(sql)
    for name in snapshot.order:
        table = snapshot.tables[name]
        marks = ", ".join("?" * len(table.columns))
        listed = ", ".join(map(_q, table.columns))
        copy.executemany(
            f"INSERT INTO {_q(name)} ({listed}) VALUES ({marks})", table.tuples(table.facts.names)
        )
    for wanted in ("index", "view", "trigger"):
        for kind, _, sql in made:
            if kind == wanted:
                copy.execute(sql)
    copy.execute("COMMIT")


def _facts(connection: sqlite3.Connection, schema: Schema, name: str) -> TableFacts:
    # hidden: 2 and 3 mark generated columns
    told = {row[1]: row for row in connection.execute(f"PRAGMA table_xinfo({_q(name)})")}
    uniques: list[tuple[str, ...]] = []
    for _, index, unique, *_ in connection.execute(f"PRAGMA index_list({_q(name)})").fetchall():
        parts = [row[2] for row in connection.execute(f"PRAGMA index_info({_q(index)})")]
        if unique and parts and None not in parts:
            uniques.append(tuple(parts))
    return table_facts(schema.by_name[name], {column for column in told if told[column][6] == 0}, uniques)


def _is_special(name: str, sql: str, connection: sqlite3.Connection) -> bool:
    if name.startswith("sqlite_") or _is_virtual(sql):
        return True
    virtual = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")
    return any(name.startswith(f"{owner}_") for (owner,) in virtual)


def _is_virtual(sql: str) -> bool:
    return bool(re.match(r"\s*CREATE\s+VIRTUAL\b", sql, re.IGNORECASE))


def _path(url: str) -> Path:
    return Path(str(make_url(url).database))


def _reading(url: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(_path(url).resolve()))}?mode=ro", uri=True)


def _q(name: str) -> str:
    return quoted(name, "sqlite")
