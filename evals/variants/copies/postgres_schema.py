"""What PostgreSQL's catalogue and pg_dump tell of a schema."""

import os
import re
import shutil
import subprocess
from glob import glob

from sqlalchemy import URL

from evals.variants.facts import TableFacts, table_facts
from knowledge.database import Database
from knowledge.errors import DatabaseError
from knowledge.schema import Schema

_DUMP_SECONDS = 300
_ONLY_SCHEMA = ("--schema-only", "--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions")
_OF_PSQL = re.compile(r"\\(un)?restrict\b")
_PLAIN = (
    "smallint integer bigint numeric real double-precision text character-varying character boolean date "
    "timestamp-without-time-zone timestamp-with-time-zone time-without-time-zone uuid"
)


def read_facts(database: Database, schema: Schema) -> dict[str, TableFacts]:
    """The tables of the default schema; partitions are written through their table."""
    written: dict[str, set[str]] = {}
    spelled: dict[str, dict[str, str]] = {}
    for table, name, kind, full, generated in database.run(_COLUMNS, max_rows=_MANY, own=True).rows:
        written.setdefault(table, set())
        if not generated:
            written[table].add(name)
            if kind != "ENUM" and kind.replace(" ", "-") not in _PLAIN.split():
                spelled.setdefault(table, {})[name] = full
    uniques: dict[str, list[tuple[str, ...]]] = {}
    for table, names in database.run(_UNIQUES, max_rows=_MANY, own=True).rows:
        uniques.setdefault(table, []).append(tuple(names))
    return {
        table.name: table_facts(
            table, written[table.name], uniques.get(table.name, ()), spelled.get(table.name, {})
        )
        for table in schema.tables
        if table.name in written
    }


def dumped(source: URL, place: str, section: str) -> str:
    """The statements of one section ('pre-data', 'post-data') of a schema. Raises DatabaseError."""
    address = source.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": source.password} if source.password else {}
    try:
        done = subprocess.run(
            [_pg_dump(), *_ONLY_SCHEMA, f"--schema={place}", f"--section={section}", f"--dbname={address}"],
            capture_output=True,
            text=True,
            env={**os.environ, **secret},
            timeout=_DUMP_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise DatabaseError(
            f"pg_dump took longer than {_DUMP_SECONDS} s over the schema; look for locks on its tables."
        ) from error
    if done.returncode:
        words = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise DatabaseError(f"pg_dump cannot read the schema ({words}); give its user SELECT on all tables.")
    lines = (line for line in done.stdout.splitlines() if not _OF_PSQL.match(line))
    return "\n".join(line for line in lines if line != f"CREATE SCHEMA {place};")


def _pg_dump() -> str:
    folders = [os.environ.get("PATH", ""), *sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True)]
    found = shutil.which("pg_dump", path=os.pathsep.join(folders))
    if found is None:
        raise DatabaseError(
            "pg_dump, which copies the schema, is not installed; install PostgreSQL's client programs."
        )
    return found


_MANY = 1_000_000
_HERE = "n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
_COLUMNS = f"""
    SELECT c.relname, a.attname,
      CASE WHEN t.typtype = 'e' THEN 'ENUM' ELSE format_type(a.atttypid, NULL) END,
      format_type(a.atttypid, a.atttypmod), a.attgenerated <> ''
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE {_HERE} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum"""
_UNIQUES = f"""
    SELECT c.relname, ARRAY(
      SELECT a.attname::text FROM unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY AS k (number, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number ORDER BY k.place)
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE {_HERE} AND i.indisunique AND i.indexprs IS NULL ORDER BY c.relname, i.indexrelid"""
