"""What changed in a database's schema since it was last known well."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from knowledge.files import write_atomically
from knowledge.profile import Profiles, Scalar
from knowledge.schema import Column, Schema

FORMAT = 1

Happened = Literal["table gone", "table new", "column gone", "column new", "type changed"]


@dataclass(frozen=True)
class KnownColumn:
    """Its type, and of its values so many that a renamed column can be known again."""

    type: str
    values: tuple[Scalar, ...] = ()
    low: Scalar | None = None
    high: Scalar | None = None


@dataclass(frozen=True)
class Known:
    """The tables and columns for which the knowledge was last seen to hold."""

    tables: dict[str, dict[str, KnownColumn]] = field(default_factory=dict)

    @classmethod
    def of(cls, schema: Schema, profiles: Profiles) -> "Known":
        tables = {}
        for table in schema.tables:
            columns = {}
            for column in table.columns:
                seen = profiles.column(table.name, column.name)
                values = tuple(value for value, _ in seen.frequent)
                columns[column.name] = KnownColumn(column.type, values, seen.min, seen.max)
            tables[table.name] = columns
        return cls(tables)

    def save(self, path: Path) -> None:
        tables = {t: {n: asdict(c) for n, c in columns.items()} for t, columns in self.tables.items()}
        write_atomically(path, json.dumps({"format": FORMAT, "tables": tables}, ensure_ascii=False))

    @classmethod
    def load(cls, path: Path) -> "Known | None":
        """None where there is none, or none that can be read: then nothing is known of before."""
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
            if given["format"] != FORMAT:
                return None
            return cls(
                {
                    table: {n: KnownColumn(**{**c, "values": tuple(c["values"])}) for n, c in columns.items()}
                    for table, columns in given["tables"].items()
                }
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


@dataclass(frozen=True)
class Change:
    """One difference; `was` and `now` are types."""

    happened: Happened
    table: str
    column: str = ""
    was: str = ""
    now: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}" if self.column else self.table

    def __str__(self) -> str:
        match self.happened:
            case "table gone":
                return f"the table {self.table} is gone"
            case "table new":
                return f"the table {self.table} is new"
            case "column gone":
                return f"the column {self.name} is gone"
            case "column new":
                return f"the column {self.name} is new"
        return f"the type of {self.name} changed from {self.was} to {self.now}"


def changes(known: Known | None, schema: Schema) -> tuple[Change, ...]:
    """What came, went and became of another kind, in the order of names; none where nothing was known.

    A type that only became wider, such as INTEGER and BIGINT, is no change.
    """
    if known is None:
        return ()
    found = [Change("table gone", name) for name in known.tables if name not in schema.by_name]
    for table in schema.tables:
        before = known.tables.get(table.name)
        if before is None:
            found.append(Change("table new", table.name))
            continue
        found += [Change("column gone", table.name, c) for c in before if c not in table.by_name]
        for column in table.columns:
            was = before.get(column.name)
            if was is None:
                found.append(Change("column new", table.name, column.name))
            elif kind_of(was.type) != kind_of(column.type):
                found.append(Change("type changed", table.name, column.name, was.type, column.type))
    return tuple(sorted(found, key=lambda change: (change.table, change.column)))


def kind_of(type_name: str) -> str:
    """The family of a type: what can be compared with what."""
    column = Column("", type_name.upper())
    if "BOOL" in column.type:
        return "yes or no"
    if column.is_temporal:
        return "time"
    if column.is_text:
        return "text"
    return "number" if column.is_number else "other"
