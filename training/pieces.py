"""Pieces of a schema's SQL that are one token each, and the plain words that each stands for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from knowledge.naming import spelled
from knowledge.schema import Column, Schema, Table
from training.catalogue import Catalogue
from training.query import join_text, upper_join
from training.written import in_quotes_of


@dataclass(frozen=True)
class Piece:
    """`text` is the SQL; `kind` what it is for; `of` the words of its table, `own` its own."""

    text: str
    kind: str
    of: str
    own: str


KINDS = ("number", "date", "text", "key", "name", "from", "join", "upper", "since", "until", "value")


@dataclass(frozen=True)
class Words:
    """What tables and columns are called: by table, and by (table, column)."""

    tables: dict[str, str]
    columns: dict[tuple[str, str], str]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Words":
        fields = {(f.table, f.column): f.words[0] for f in catalogue.fields}
        return cls(
            {name: thing.nouns[0] for name, thing in catalogue.things.items()},
            {
                (table.name, column.name): fields.get((table.name, column.name))
                or spelled(column.name, catalogue.short)
                for table, column in catalogue.schema.columns()
            },
        )


def pieces_of(catalogue: Catalogue) -> list[Piece]:
    """Every piece of a workspace's schema, each once."""
    words = Words.of(catalogue)
    found = [*pieces(catalogue.schema, words)]
    aliases = catalogue.schema.aliases
    found += [Piece(f"{aliases[n]}.full_name", "name", words.tables[n], "name") for n in catalogue.full_names]
    dates = [f for f in catalogue.fields if f.kind == "date"]
    found += [Piece(f" AND {f.sql} < ", "until", words.tables[f.table], f.words[0]) for f in dates]
    found += [Piece(f"{f.sql} >= ", "since", words.tables[f.table], f.words[0]) for f in dates]
    found += [
        Piece(f"'{value}'", "value", field.words[0], said[0] if said else str(value))
        for field in catalogue.fields
        if field.kind == "enum"
        for value, said in field.values
        if isinstance(value, str)
    ]
    dialect = catalogue.schema.dialect
    told = (p if p.kind == "value" else replace(p, text=in_quotes_of(p.text, dialect)) for p in found)
    return list({piece.text: piece for piece in told}.values())


def pieces(schema: Schema, words: Words) -> Iterator[Piece]:
    """Columns, tables and joins of a schema alone."""
    keys = {(k.table, c) for k in schema.foreign_keys for c in k.columns}
    twice = {k.table for k in schema.foreign_keys if k.table == k.to_table}
    for table, column in schema.columns():
        kind = _kind(table, column, keys)
        said = words.tables[table.name], words.columns[table.name, column.name]
        yield Piece(f"{schema.aliases[table.name]}.{column.name}", kind, *said)
        if table.name in twice:
            yield Piece(f"{schema.aliases[table.name]}2.{column.name}", kind, *said)
    for name, alias in schema.aliases.items():
        yield Piece(f" FROM {name} {alias}", "from", words.tables[name], words.tables[name])
    for key in schema.foreign_keys:
        if len(key.columns) != 1:
            continue
        if key.table != key.to_table:
            own = words.columns[key.table, key.columns[0]].removesuffix(" id")
            joined = f"{words.tables[key.to_table]} {own}"
            yield Piece(" " + join_text(schema, key), "join", words.tables[key.table], joined)
        else:
            yield Piece(" " + upper_join(schema, key.table), "upper", words.tables[key.table], "parent")


def _kind(table: Table, column: Column, keys: set[tuple[str, str]]) -> str:
    if column.name in table.primary_key or (table.name, column.name) in keys:
        return "key"
    if column.is_temporal:
        return "date"
    return "text" if column.is_text else "number"


def head(schema: Schema) -> str:
    """The schema as its own pieces: each table with its columns, then the ways to join them."""
    tables = (
        f" FROM {table.name} {alias}" + "".join(f"{alias}.{column.name}" for column in table.columns)
        for table in schema.tables
        for alias in [schema.aliases[table.name]]
    )
    joins = (
        " " + join_text(schema, key)
        for key in schema.foreign_keys
        if key.table != key.to_table and len(key.columns) == 1
    )
    return "".join((*tables, *joins))


def spoken(found: Iterable[Piece]) -> dict[str, str]:
    """The plain words of each piece, its table's before its own."""
    return {piece.text: f"{piece.of} {piece.own}" if piece.of != piece.own else piece.own for piece in found}
