"""The names of a schema as a constraint needs them: tables, their columns, and their aliases."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.constraint.words import reserved
from knowledge.schema import Schema

QUOTES = {"sqlite": '"', "postgres": '"', "duckdb": '"', "mysql": "`"}

SELF_JOINS = "23456789"
"""The digits that tell apart a table joined with itself: `e` and `e2`."""


@dataclass(frozen=True)
class Names:
    """All by table. `digits` are those that make another alias of its own, which is no other table's."""

    dialect: str
    columns: dict[str, tuple[str, ...]]
    aliases: dict[str, str]
    digits: dict[str, str]

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self.columns)

    @property
    def all_columns(self) -> tuple[str, ...]:
        return tuple(sorted({column for columns in self.columns.values() for column in columns}))


def names_of(schema: Schema, tables: Iterable[str] = ()) -> Names:
    """Of all tables, or of those that are given."""
    wanted = set(tables) or set(schema.by_name)
    columns = {
        table.name: tuple(column.name for column in table.columns)
        for table in schema.tables
        if table.name in wanted and table.columns
    }
    aliases = {table: schema.aliases[table] for table in columns}
    taken = {*schema.aliases.values(), *(name.lower() for name in schema.by_name)}
    digits = {
        table: "".join(digit for digit in SELF_JOINS if alias + digit not in taken)
        for table, alias in aliases.items()
    }
    return Names(schema.dialect, columns, aliases, digits)


def written(name: str, dialect: str) -> str:
    """A name as a statement holds it: plain where it can be, else quoted.

    >>> written("orders", "mysql"), written("order details", "mysql"), written("OrderDate", "postgres")
    ('orders', '`order details`', '"OrderDate"')
    """
    folded = dialect == "postgres" and name != name.lower()
    if is_plain(name, reserved(dialect)) and not folded:
        return name
    quote = QUOTES[dialect]
    return quote + name.replace(quote, quote * 2) + quote


def is_plain(name: str, reserved: frozenset[str]) -> bool:
    """Whether a name can be written without quotes."""
    return re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is not None and name.lower() not in reserved
