"""What the columns hold: counts, the frequent values, the smallest and the largest."""

import datetime as dt
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlglot import exp

from knowledge.database import Database
from knowledge.errors import QueryError, QueryTimeoutError
from knowledge.schema import Column, Schema, Table

SAMPLE_ROWS = 200_000
SMALL_SAMPLE_ROWS = 10_000
FREQUENT = 12
LONGEST_VALUE = 100
_FEW = 50
_COUNT_SECONDS = 5.0
_OPAQUE = ("JSON", "XML", "BLOB", "BYTEA", "BINARY", "GEO", "POINT", "[]", "STRUCT", "MAP", "RANGE", "VECTOR")

Scalar = str | int | float | bool


@dataclass(frozen=True)
class ColumnProfile:
    """`frequent` holds up to twelve values with their counts, the most frequent first."""

    rows: int
    nulls: int = 0
    distinct: int = 0
    frequent: tuple[tuple[Scalar, int], ...] = ()
    min: Scalar | None = None
    max: Scalar | None = None

    @property
    def is_enum(self) -> bool:
        """Few enough values that all of them stand in `frequent`."""
        return 0 < self.distinct <= FREQUENT and len(self.frequent) == self.distinct


@dataclass(frozen=True)
class TableProfile:
    """`rows` counts the whole table; when `sampled`, the columns were looked at in a part of it only."""

    rows: int
    sampled: bool = False
    columns: dict[str, ColumnProfile] = field(default_factory=dict)


@dataclass(frozen=True)
class Profiles:
    """The profile of every table; `fingerprint` is that of the schema it belongs to."""

    fingerprint: str
    tables: dict[str, TableProfile] = field(default_factory=dict)

    def column(self, table: str, column: str) -> ColumnProfile:
        """The column's profile, an empty one where it was not profiled."""
        found = self.tables.get(table)
        return found.columns.get(column, _UNKNOWN) if found else _UNKNOWN

    def rows(self, table: str) -> int:
        """How many rows a table has; 0 where it was not profiled."""
        return self.tables[table].rows if table in self.tables else 0

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Profiles":
        """The inverse of `to_json`. Raises ValueError where the text is something else."""
        try:
            given = json.loads(text)
            return cls(given["fingerprint"], {n: _table_from(t) for n, t in given["tables"].items()})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("this is no profile of a database") from error

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_text(self.to_json(), encoding="utf-8")
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path, schema: Schema) -> "Profiles | None":
        """The saved profiles, or None where there are none that belong to this schema."""
        try:
            profiles = cls.from_json(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return profiles if profiles.fingerprint == schema.fingerprint else None


def profile(database: Database, schema: Schema) -> Profiles:
    """Look at every table; of a large one, at its first 200,000 rows only."""
    return Profiles(
        schema.fingerprint, {table.name: _Looker(database, table).profile() for table in schema.tables}
    )


class _Looker:
    """Profiles one table through the read-only door."""

    def __init__(self, database: Database, table: Table) -> None:
        self.database = database
        self.table = table
        self.name = self._quoted(table.name)

    def profile(self) -> TableProfile:
        try:
            seen = self._number(
                f"SELECT COUNT(*) FROM (SELECT 1 AS one FROM {self.name} LIMIT {SAMPLE_ROWS + 1}) s"
            )
        except QueryError:
            return TableProfile(0)
        sampled = seen > SAMPLE_ROWS
        rows = self._all_rows() if sampled else seen
        source = f"(SELECT * FROM {self.name} LIMIT {SAMPLE_ROWS}) s" if sampled else self.name
        with suppress(QueryTimeoutError):
            return TableProfile(rows, sampled, self._columns(source))
        small = f"(SELECT * FROM {self.name} LIMIT {SMALL_SAMPLE_ROWS}) s"
        with suppress(QueryTimeoutError):
            return TableProfile(rows, True, self._columns(small))
        return TableProfile(rows, True)

    def _all_rows(self) -> int:
        try:
            return self._number(f"SELECT COUNT(*) FROM {self.name}", timeout_s=_COUNT_SECONDS)
        except QueryTimeoutError:
            return SAMPLE_ROWS

    def _number(self, sql: str, timeout_s: float | None = None) -> int:
        return int(self.database.run(sql, timeout_s=timeout_s, own=True).rows[0][0])

    def _columns(self, source: str) -> dict[str, ColumnProfile]:
        try:
            counted = self._counted(self.table.columns, source)
        except QueryTimeoutError:
            raise
        except QueryError:
            counted = {}
            for column in self.table.columns:
                counted |= self._counted_alone(column, source)
        return {
            column.name: self._with_frequent(column, counted[column.name], source)
            for column in self.table.columns
        }

    def _counted_alone(self, column: Column, source: str) -> dict[str, ColumnProfile]:
        """A type that cannot be counted or compared leaves its own column empty, and no other."""
        try:
            return self._counted((column,), source)
        except QueryTimeoutError:
            raise
        except QueryError:
            return {column.name: ColumnProfile(0)}

    def _counted(self, columns: Sequence[Column], source: str) -> dict[str, ColumnProfile]:
        wanted = ["COUNT(*)"]
        for column in columns:
            wanted += self._measures(column)
        (row,) = self.database.run(f"SELECT {', '.join(wanted)} FROM {source}", own=True).rows
        rows, values = int(row[0]), iter(row[1:])
        return {
            column.name: ColumnProfile(
                rows,
                nulls=rows - int(next(values)),
                distinct=int(next(values)),
                min=_scalar(next(values)),
                max=_scalar(next(values)),
            )
            for column in columns
        }

    def _measures(self, column: Column) -> tuple[str, str, str, str]:
        name = self._quoted(column.name)
        if any(part in column.type for part in _OPAQUE):
            return f"COUNT({name})", "0", "NULL", "NULL"
        ordered = column.is_number or column.is_temporal or (column.is_text and "UUID" not in column.type)
        ends = (f"MIN({name})", f"MAX({name})") if ordered else ("NULL", "NULL")
        return f"COUNT({name})", f"COUNT(DISTINCT {name})", *ends

    def _with_frequent(self, column: Column, found: ColumnProfile, source: str) -> ColumnProfile:
        few = found.distinct <= _FEW and not column.is_temporal
        if not found.distinct or not (few or (column.is_text and found.distinct < found.rows - found.nulls)):
            return found
        name = self._quoted(column.name)
        result = self.database.run(
            f"SELECT {name}, COUNT(*) FROM {source} WHERE {name} IS NOT NULL"
            f" GROUP BY {name} ORDER BY COUNT(*) DESC, {name} LIMIT {FREQUENT}",
            own=True,
        )
        kept = [(_scalar(value), int(count)) for value, count in result.rows]
        frequent = tuple((value, count) for value, count in kept if value is not None)
        return ColumnProfile(found.rows, found.nulls, found.distinct, frequent, found.min, found.max)

    def _quoted(self, name: str) -> str:
        return exp.to_identifier(name, quoted=True).sql(dialect=self.database.dialect)


def _scalar(value: Any) -> Scalar | None:
    """A value as JSON has it; None for what JSON has not, and for texts too long to be a value."""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview) or value is None:
        return None
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else None


def _table_from(given: dict[str, Any]) -> TableProfile:
    columns = {
        name: ColumnProfile(
            **{**found, "frequent": tuple((value, count) for value, count in found["frequent"])}
        )
        for name, found in given["columns"].items()
    }
    return TableProfile(given["rows"], given["sampled"], columns)


_UNKNOWN = ColumnProfile(0)
