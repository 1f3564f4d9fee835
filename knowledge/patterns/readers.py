"""Query logs as they come: SQL files, pg_stat_statements, dbt models, exports of BI tools."""

import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import SettingsError

_SQL = ("sql", "query", "statement", "query_text", "sql_text", "native_query", "dataset_query")
_CALLS = ("calls", "count", "executions", "execution_count", "runs", "times")
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*.*?\*/|;", re.DOTALL)
_NAMED = re.compile(r"\{\{\s*(?:ref|source)\s*\(([^)]*)\)\s*\}\}")
_TEMPLATE = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)


@dataclass(frozen=True)
class Logged:
    """A statement and how often it ran."""

    sql: str
    calls: int = 1


def read_log(path: Path) -> Iterator[Logged]:
    """The statements of a file, or of all .sql files of a folder such as dbt's models.

    .sql holds statements, .csv and .jsonl one a row: the statement under one of the usual names (sql, query,
    statement), its number of calls (calls, count) if there is one. Raises SettingsError.
    """
    if path.is_dir():
        found = sorted(path.rglob("*.sql"))
        if not found:
            raise SettingsError(f"{path} holds no .sql file; name a log or a folder of models.")
        return (logged for one in found for logged in _statements(_read(one), script=False))
    readers = {".sql": _statements, ".csv": _rows_of_csv, ".tsv": _rows_of_csv}
    readers |= {".jsonl": _rows_of_json, ".ndjson": _rows_of_json, ".json": _rows_of_json}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise SettingsError(
            f"{path.name} is no log that can be read; name a .sql, .csv, .json or .jsonl file."
        )
    return reader(_read(path))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}); name a file of queries.") from None


def _statements(text: str, *, script: bool = True) -> Iterator[Logged]:
    """Cut at semicolons outside of quotes and comments; a model of dbt is one statement."""
    if "{{" in text or "{%" in text:
        text = _plain(text)
    start = 0
    for match in _TOKEN.finditer(text) if script else ():
        if match[0] == ";":
            yield from _stripped(text[start : match.start()])
            start = match.end()
    yield from _stripped(text[start:].rstrip().rstrip(";"))


def _stripped(sql: str) -> Iterator[Logged]:
    if sql.strip():
        yield Logged(sql.strip())


def _plain(text: str) -> str:
    """dbt's and Metabase's templates: a reference is the name, any other value a parameter."""
    text = _NAMED.sub(lambda match: match[1].split(",")[-1].strip().strip("'\""), _TEMPLATE.sub(" ", text))
    text = re.sub(r"\[\[.*?\]\]", " ", text, flags=re.DOTALL)
    return _VALUE.sub("'?'", text)


def _rows_of_csv(text: str) -> Iterator[Logged]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    lines = text.splitlines(keepends=True)
    if not lines:
        return
    delimiter = max(",;\t", key=lines[0].count)
    yield from (_row(row) for row in csv.DictReader(lines, delimiter=delimiter) if _has_sql(row))


def _rows_of_json(text: str) -> Iterator[Logged]:
    try:
        whole = json.loads(text)
        entries = whole if isinstance(whole, list) else whole.get("rows", whole.get("queries", [whole]))
    except ValueError:
        entries = [entry for line in text.splitlines() if (entry := _entry(line)) is not None]
    for entry in entries:
        if isinstance(entry, str):
            yield Logged(entry)
        elif isinstance(entry, dict) and _has_sql(entry):
            yield _row(entry)


def _entry(line: str) -> Any:
    try:
        return json.loads(line) if line.strip() else None
    except ValueError:
        return None


def _has_sql(row: dict[str, Any]) -> bool:
    return any(isinstance(_get(row, name), str) and _get(row, name) for name in _SQL)


def _row(row: dict[str, Any]) -> Logged:
    sql = next(str(_get(row, name)) for name in _SQL if isinstance(_get(row, name), str) and _get(row, name))
    calls = next((_get(row, name) for name in _CALLS if _get(row, name) not in (None, "")), 1)
    try:
        return Logged(_plain(sql) if "{{" in sql else sql, max(1, int(float(calls))))
    except (TypeError, ValueError):
        return Logged(sql)


def _get(row: dict[str, Any], name: str) -> Any:
    return next((value for key, value in row.items() if key and key.strip().lower() == name), None)
