"""What a table lets a variant do: the columns that can be written, and what must stay unique."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sqlglot import exp

from knowledge.schema import Column, ForeignKey, Schema, Table


@dataclass(frozen=True)
class TableFacts:
    """A table as a variant writes it.

    `columns` are those that take a value (no generated ones), in the table's order. `uniques` holds every set
    of columns that must stay unique, the primary key first. `spelled` maps a column that is read as text, as
    arrays and ranges are, to the type it is cast back to.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    uniques: tuple[tuple[str, ...], ...] = ()
    spelled: dict[str, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}


def table_facts(
    table: Table,
    written: Collection[str],
    uniques: Iterable[tuple[str, ...]],
    spelled: Mapping[str, str] | None = None,
) -> TableFacts:
    """The facts of a table of which only the columns in `written` take a value."""
    sets = [tuple(table.primary_key), *uniques]
    return TableFacts(
        table.name,
        tuple(column for column in table.columns if column.name in written),
        tuple(table.primary_key),
        tuple(dict.fromkeys(names for names in sets if names and set(names) <= set(written))),
        {name: kind for name, kind in (spelled or {}).items() if name in written},
    )


def quoted(name: str, dialect: str) -> str:
    """
    >>> quoted("order", "sqlite")
    '"order"'
    """
    return exp.to_identifier(name, quoted=True).sql(dialect=dialect)


def parents_first(schema: Schema, names: set[str]) -> tuple[str, ...]:
    """The tables, each after those it points to; where keys run in a circle, in name order."""
    order: list[str] = []

    def visit(name: str, trail: frozenset[str]) -> None:
        if name in order or name in trail or name not in names:
            return
        for key in schema.foreign_keys:
            if key.table == name:
                visit(key.to_table, trail | {name})
        order.append(name)

    for table in schema.tables:
        visit(table.name, frozenset())
    return tuple(order)


def followed_keys(schema: Schema, facts: dict[str, TableFacts]) -> tuple[ForeignKey, ...]:
    """The foreign keys between tables that a variant writes, over columns that take a value."""
    return tuple(
        key
        for key in schema.foreign_keys
        if key.columns
        and len(key.columns) == len(key.to_columns)
        and all(name in facts[key.table].places for name in key.columns if key.table in facts)
        and key.table in facts
        and key.to_table in facts
        and all(name in facts[key.to_table].places for name in key.to_columns)
    )
