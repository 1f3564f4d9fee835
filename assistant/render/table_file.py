"""Rows written to a file for other tools: JSON lines, CSV or Parquet, by the name's ending."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

from knowledge.errors import SettingsError

BATCH = 50_000


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """All of them under one name at the end; gives how many. Raises SettingsError for another ending."""
    writers = {".jsonl": _lines, ".csv": _csv, ".parquet": _parquet}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise SettingsError(f"{path.name} has to end in {', '.join(writers)}.")
    unfinished = path.with_name(f"{path.name}.part")
    try:
        count = write(unfinished, iter(rows))
        unfinished.replace(path)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}); name another file.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _lines(path: Path, rows: Iterator[Mapping[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(dict(row), ensure_ascii=False, default=str) + "\n")
            count += 1
    return count


def _csv(path: Path, rows: Iterator[Mapping[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = None
        for row in rows:
            if writer is None:
                writer = csv.DictWriter(file, list(row))
                writer.writeheader()
            writer.writerow({name: _harmless(value) for name, value in row.items()})
            count += 1
    return count


def _harmless(value: Any) -> Any:
    """A spreadsheet must not take a text for a formula."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )


def _parquet(path: Path, rows: Iterator[Mapping[str, Any]]) -> int:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise SettingsError(
            "Parquet needs pyarrow; install it with `pip install 'quarry[parquet]'`."
        ) from None
    first = next(rows, None)
    if first is None:
        pyarrow.parquet.write_table(pyarrow.table({}), path)
        return 0
    count, writer, rows = 0, None, chain([first], rows)
    while batch := [dict(row) for row in islice(rows, BATCH)]:
        table = pyarrow.Table.from_pylist(batch, schema=writer.schema if writer else None)
        if writer is None:
            table = table.cast(_without_nulls(pyarrow, table.schema))
            writer = pyarrow.parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
        count += len(batch)
    if writer is not None:
        writer.close()
    return count


def _without_nulls(pyarrow: Any, schema: Any) -> Any:
    """A column that is empty in the first rows may hold numbers later."""
    return pyarrow.schema(
        [
            pyarrow.field(field.name, pyarrow.float64()) if pyarrow.types.is_null(field.type) else field
            for field in schema
        ]
    )
