"""A short name for what a database holds, so that a variant of other data is never taken for its own."""

import hashlib
from pathlib import Path

from sqlalchemy import make_url

from evals.variants.facts import quoted
from knowledge.database import Database
from knowledge.schema import Schema

WHOLE = 512 * 2**20
_BLOCK = 2**20
_SECONDS = 120.0


def fingerprint(url: str, database: Database, schema: Schema) -> str:
    """16 hexadecimal digits that change with the schema or the data.

    A file is hashed whole up to 512 MB; of a larger one its size, time and blocks all through it. On a
    server, rows are counted and their hashes added up.
    """
    told = hashlib.sha256(schema.fingerprint.encode())
    if database.dialect in ("sqlite", "duckdb"):
        for ending in ("", "-wal", ".wal"):
            path = Path(f"{make_url(url).database}{ending}")
            if path.is_file():
                _file(path, told)
    else:
        for table in schema.tables:
            name = quoted(table.name, database.dialect)
            row = database.run(_CONTENT.format(name=name), timeout_s=_SECONDS).rows[0]
            told.update(f"{table.name} {row[0]} {row[1]}".encode())
    return told.hexdigest()[:16]


_CONTENT = "SELECT COUNT(*), COALESCE(SUM(HASHTEXTEXTENDED(CAST(t AS TEXT), 0)), 0) FROM {name} AS t"


def _file(path: Path, told: "hashlib._Hash") -> None:
    size = path.stat().st_size
    step = 1 if size <= WHOLE else size // WHOLE + 1
    if step > 1:
        told.update(f"{size} {path.stat().st_mtime_ns}".encode())
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            told.update(block)
            if step > 1:
                file.seek((step - 1) * _BLOCK, 1)
