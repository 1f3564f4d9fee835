"""Tables, columns and keys as introspected; their fingerprint, aliases and join paths."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property


@dataclass(frozen=True)
class Column:
    """`type` is the database's own type in upper case, without length ('TEXT', 'INTEGER', 'TIMESTAMP')."""

    name: str
    type: str
    nullable: bool = True
    comment: str = ""

    @property
    def is_text(self) -> bool:
        return bool(re.search(r"CHAR|TEXT|CLOB|STRING|ENUM|UUID", self.type))

    @property
    def is_temporal(self) -> bool:
        return bool(re.search(r"DATE|TIME", self.type))

    @property
    def is_number(self) -> bool:
        return bool(re.search(r"INT|REAL|NUM|DEC|FLOAT|DOUBLE|MONEY", self.type))


@dataclass(frozen=True)
class ForeignKey:
    """`table.columns` point to `to_table.to_columns`, in the same order. `inferred`: nobody declared it."""

    table: str
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    inferred: bool = False


@dataclass(frozen=True)
class Table:
    """`definition` is the SELECT of a view, where the database tells it."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    comment: str = ""
    definition: str = ""

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


@dataclass(frozen=True)
class Schema:
    """All tables that Quarry may read, in name order."""

    dialect: str
    tables: tuple[Table, ...]
    foreign_keys: tuple[ForeignKey, ...] = field(default=())

    @cached_property
    def by_name(self) -> dict[str, Table]:
        return {table.name: table for table in self.tables}

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Table name -> its one short alias ('order_items' -> 'oi'), unique within the schema."""
        return _aliases([table.name for table in self.tables])

    @cached_property
    def sources(self) -> dict[tuple[str, str], tuple[str, str]]:
        """(table, column) of a key -> the column that it points to, and whose values it has."""
        return {
            (key.table, key.columns[0]): (key.to_table, key.to_columns[0])
            for key in self.foreign_keys
            if len(key.columns) == 1
        }

    @cached_property
    def fingerprint(self) -> str:
        """A stable hash of names, types and declared keys; it changes when the schema drifts."""
        facts = {
            "tables": [
                [t.name, [[c.name, c.type, c.nullable] for c in t.columns], list(t.primary_key)]
                for t in self.tables
            ],
            "keys": sorted(
                [k.table, list(k.columns), k.to_table, list(k.to_columns)]
                for k in self.foreign_keys
                if not k.inferred
            ),
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]

    def only(self, keeps: Callable[[str], bool]) -> "Schema":
        """What is left of tables, columns and keys whose names `keeps`; tables keep their aliases."""
        tables = tuple(
            replace(table, columns=tuple(column for column in table.columns if keeps(column.name)))
            for table in self.tables
            if keeps(table.name)
        )
        keys = tuple(
            key
            for key in self.foreign_keys
            if all(map(keeps, (key.table, *key.columns, key.to_table, *key.to_columns)))
        )
        left = replace(self, tables=tables, foreign_keys=keys)
        left.__dict__["aliases"] = {table.name: self.aliases[table.name] for table in tables}
        return left

    def renamed(self, name: Callable[[str], str]) -> "Schema":
        """The same with other names for tables and columns; each table keeps its alias."""
        tables = tuple(
            replace(
                table,
                name=name(table.name),
                columns=tuple(replace(column, name=name(column.name)) for column in table.columns),
                primary_key=tuple(map(name, table.primary_key)),
            )
            for table in self.tables
        )
        keys = tuple(
            replace(
                key,
                table=name(key.table),
                columns=tuple(map(name, key.columns)),
                to_table=name(key.to_table),
                to_columns=tuple(map(name, key.to_columns)),
            )
            for key in self.foreign_keys
        )
        made = replace(self, tables=tables, foreign_keys=keys)
        made.__dict__["aliases"] = {name(table): alias for table, alias in self.aliases.items()}
        return made

    def columns(self) -> Iterator[tuple[Table, Column]]:
        for table in self.tables:
            for column in table.columns:
                yield table, column


def _aliases(names: list[str]) -> dict[str, str]:
    """Initials of the words; longer heads of the name where initials collide, shortest names first."""
    taken: dict[str, str] = {}
    for name in sorted(names, key=lambda n: (len(n), n)):
        words = [w for w in re.split(r"[^A-Za-z0-9]+", name.lower()) if w] or ["t"]
        initials = "".join(w[0] for w in words)
        joined = "".join(words)
        options = [initials, *(joined[:n] for n in range(2, len(joined) + 1))]
        options += [f"{initials}{n}" for n in range(2, len(names) + 2)]
        taken[next(o for o in options if o not in taken and o[0].isalpha() and o not in _RESERVED)] = name
    return {name: alias for alias, name in taken.items()}


_RESERVED = {"as", "at", "by", "do", "go", "if", "in", "is", "no", "of", "on", "or", "to"}
