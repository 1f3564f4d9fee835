"""What a gold gives as bytes and back, every cell exactly: decimals, dates and bytes are told apart."""

import datetime as dt
import json
import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from evals.runs.expected import Expected
from knowledge.result import Result


class UnknownCellError(Exception):
    """A cell of a type that has no written form here; such a result is not kept."""


def pack(found: Expected) -> bytes:
    """Raises UnknownCellError."""
    data = {
        "columns": found.result.columns,
        "rows": [[_written(cell) for cell in row] for row in found.result.rows],
        "seconds": found.result.seconds,
        "blocks": found.blocks,
        "cuts_tie": found.cuts_tie,
        "sorts": found.sorts,
    }
    return zlib.compress(json.dumps(data).encode(), level=1)


def unpack(data: bytes, sql: str) -> Expected:
    """The outcome of the gold `sql`. Raises ValueError where `data` is not what `pack` wrote."""
    try:
        read = json.loads(zlib.decompress(data))
        rows = tuple(tuple(_cell(cell) for cell in row) for row in read["rows"])
        blocks = None if read["blocks"] is None else tuple(read["blocks"])
        result = Result(tuple(read["columns"]), rows, seconds=read["seconds"])
        return Expected(sql, result, blocks, read["cuts_tie"], read["sorts"])
    except (zlib.error, KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(f"no outcome of a gold: {error}") from None


def _written(cell: Any) -> Any:
    if cell is None or type(cell) in (bool, int, float, str):
        return cell
    if isinstance(cell, bytes | bytearray | memoryview):
        return {"bytes": bytes(cell).hex()}
    if type(cell) is list:
        return {"list": [_written(entry) for entry in cell]}
    if type(cell) is tuple:
        return {"tuple": [_written(entry) for entry in cell]}
    if type(cell) is dict:
        return {"dict": [[_written(key), _written(entry)] for key, entry in cell.items()]}
    if type(cell) is dt.timedelta:
        return {"timedelta": [cell.days, cell.seconds, cell.microseconds]}
    if type(cell) in (dt.date, dt.datetime, dt.time):
        return {type(cell).__name__: cell.isoformat()}
    if type(cell) in (Decimal, UUID):
        return {type(cell).__name__: str(cell)}
    raise UnknownCellError(type(cell).__name__)


def _cell(written: Any) -> Any:
    if not isinstance(written, dict):
        return written
    kind, value = next(iter(written.items()))
    return _READ[kind](value)


_READ: dict[str, Callable[[Any], Any]] = {
    "bytes": bytes.fromhex,
    "list": lambda value: [_cell(entry) for entry in value],
    "tuple": lambda value: tuple(_cell(entry) for entry in value),
    "dict": lambda value: {_cell(key): _cell(entry) for key, entry in value},
    "timedelta": lambda value: dt.timedelta(*value),
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
}
