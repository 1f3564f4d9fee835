"""PostgreSQL: a database of its own on a server that the user names; its constraints check every row."""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url

from evals.variants.changes import Change, Insert, Unit
from evals.variants.copies import files
from evals.variants.copies.postgres_schema import dumped, read_facts
from evals.variants.facts import TableFacts, quoted
from evals.variants.snapshot import Snapshot
from knowledge.database import Database
from knowledge.errors import DatabaseError
from knowledge.schema import Schema

SUFFIX = ".url"
_LONGEST_STEM = 30


class PostgresCopier:
    def facts(self, database: Database, schema: Schema, url: str) -> dict[str, TableFacts]:
        return read_facts(database, schema)

    def copy(self, url: str, snapshot: Snapshot, folder: Path, into: str) -> "PostgresCopy":
        copy = PostgresCopy(make_url(url), make_url(into), snapshot, folder)
        try:
            copy.fill()
        except BaseException:
            copy.drop()
            raise
        return copy

    def existing(self, folder: Path, fingerprint: str) -> tuple[str, ...]:
        found = files.found(folder, fingerprint, SUFFIX)
        return tuple(path.read_text(encoding="utf-8").splitlines()[0] for path in found)

    def remove(self, folder: Path, stem: str) -> None:
        import psycopg

        for path in files.listed(folder, stem, SUFFIX):
            url, server = path.read_text(encoding="utf-8").splitlines()[:2]
            with suppress(psycopg.OperationalError), _connected(make_url(server)) as connection:
                connection.execute(_drop(str(make_url(url).database)))
            path.unlink(missing_ok=True)


class PostgresCopy:
    """Made under a name that ends in `_part`, renamed when whole."""

    def __init__(self, source: URL, server: URL, snapshot: Snapshot, folder: Path) -> None:
        self._source = source
        self._server = server if server.database else server.set(database="postgres")
        self._snapshot = snapshot
        self._folder = folder
        stem = Path(str(source.database)).stem
        self._name = f"quarry_{stem[:_LONGEST_STEM]}_{os.getpid()}_part"
        self._connection: Any = None

    @property
    def _url(self) -> URL:
        found = self._server.set(database=self._name)
        options = self._source.query.get("options")
        return found.update_query_dict({"options": options}) if options else found

    def fill(self) -> None:
        """The schema without its keys and triggers, the rows, then the keys: the server checks each."""
        import psycopg

        try:
            with _connected(self._server) as connection:
                connection.execute(_drop(self._name))
                connection.execute(f"CREATE DATABASE {_q(self._name)} TEMPLATE template0".encode())
            with _connected(self._source) as connection:
                connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
                place = connection.execute("SELECT current_schema()").fetchall()[0][0]
                extensions = connection.execute(_EXTENSIONS).fetchall()
            self._connection = _connected(self._url)
            for (name,) in extensions:
                self._connection.execute(f"CREATE EXTENSION IF NOT EXISTS {_q(name)}".encode())
            self._connection.execute(f"DROP SCHEMA IF EXISTS {_q(place)} CASCADE".encode())
            self._connection.execute(f"CREATE SCHEMA {_q(place)}".encode())
            self._run(dumped(self._source, place, "pre-data"))
            self._connection.execute("RESET ALL")
            for name in self._snapshot.order:
                self._load(name)
            self._run(dumped(self._source, place, "post-data"))
            self._connection.execute("RESET ALL")
            for name in self._snapshot.order:
                self._connection.execute(f"ALTER TABLE {_q(name)} DISABLE TRIGGER USER".encode())
        except psycopg.Error as error:
            words = str(error).splitlines()[0]
            raise DatabaseError(
                f"The variant cannot be made on {self._server.host or 'localhost'} ({words}); "
                "give a server and a user that may create databases."
            ) from error

    def apply(self, units: Iterable[Unit]) -> tuple[int, int]:
        import psycopg

        taken = refused = 0
        with self._connection.transaction():
            self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for unit in units:
                try:
                    with self._connection.transaction():
                        for change in unit:
                            self._write(change)
                    taken += 1
                except (psycopg.errors.IntegrityError, psycopg.errors.DataError):
                    refused += 1
        return taken, refused

    def finish(self, name: str) -> str:
        for table in self._snapshot.order:
            self._connection.execute(f"ALTER TABLE {_q(table)} ENABLE TRIGGER USER".encode())
        for (view,) in self._connection.execute(_MATERIALIZED).fetchall():
            self._connection.execute(f"REFRESH MATERIALIZED VIEW {_q(view)}".encode())
        self._connection.execute("ANALYZE")
        self._connection.close()
        stem, named, number = name.rsplit("-", 2)
        home = hashlib.sha256(str(self._folder.resolve()).encode()).hexdigest()[:6]
        final = f"quarry_{stem[:_LONGEST_STEM]}_{named[:8]}_{home}_{number}"
        with _connected(self._server) as connection:
            connection.execute(_drop(final))
            connection.execute(f"ALTER DATABASE {_q(self._name)} RENAME TO {_q(final)}".encode())
        self._name = final
        return self._noted(name)

    def drop(self) -> None:
        import psycopg

        if self._connection is not None:
            self._connection.close()
        with suppress(psycopg.OperationalError), _connected(self._server) as connection:
            connection.execute(_drop(self._name))

    def _noted(self, name: str) -> str:
        """Where the variant is found, in a file that only its owner can read: it may hold a password."""
        url = self._url.render_as_string(hide_password=False)
        path = self._folder / f"{name}{SUFFIX}"
        part = files.unfinished(path)
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(f"{url}\n{self._server.render_as_string(hide_password=False)}\n", encoding="utf-8")
        part.replace(path)
        return url

    def _run(self, script: str) -> None:
        self._connection.execute(script.encode())

    def _load(self, name: str) -> None:
        table = self._snapshot.tables[name]
        listed = ", ".join(map(_q, table.columns))
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f"COPY {_q(name)} ({listed}) FROM STDIN".encode()) as copy,
        ):
            for row in table.tuples(table.columns):
                copy.write_row(row)

    def _write(self, change: Change) -> None:
        facts = self._snapshot.tables[change.table].facts
        if isinstance(change, Insert):
            listed = ", ".join(map(_q, facts.names))
            marks = ", ".join(_mark(facts, name) for name in facts.names)
            statement = f"INSERT INTO {_q(facts.name)} ({listed}) OVERRIDING SYSTEM VALUE VALUES ({marks})"
            self._connection.execute(statement.encode(), change.values)
            return
        setting = ", ".join(f"{_q(name)} = {_mark(facts, name)}" for name in change.cells)
        where = " AND ".join(f"{_q(name)} = {_mark(facts, name)}" for name in facts.key)
        statement = f"UPDATE {_q(facts.name)} SET {setting} WHERE {where}"
        self._connection.execute(statement.encode(), (*change.cells.values(), *change.key))


def _connected(url: URL) -> Any:
    """A connection that commits each statement. Raises DatabaseError where psycopg is not installed."""
    try:
        import psycopg
    except ModuleNotFoundError as error:
        raise DatabaseError(
            "The driver for PostgreSQL is not installed; run pip install 'quarry[postgres]'."
        ) from error
    return psycopg.connect(_plain(url), autocommit=True)


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _drop(name: str) -> bytes:
    return f"DROP DATABASE IF EXISTS {_q(name)} WITH (FORCE)".encode()


def _mark(facts: TableFacts, column: str) -> str:
    return f"CAST(%s AS {facts.spelled[column]})" if column in facts.spelled else "%s"


def _q(name: str) -> str:
    return quoted(name, "postgres")


_EXTENSIONS = "SELECT extname FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY extname"
_MATERIALIZED = """
    SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind = 'm' ORDER BY c.oid"""
