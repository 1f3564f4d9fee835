"""A schema and what is known of it under names as SQL writes them: `"order details"` for order details.

What the synthesiser composes is SQL from its first piece on. Its SQL is SQLite's, so quotes are double ones.
"""

import re
from dataclasses import replace

from graph.constraint.names import QUOTES, written
from knowledge.glossary import Term
from knowledge.profile import Profiles
from knowledge.schema import Schema

_CAN_BE_WRITTEN = re.compile(r"\w[\w \-/()%&+#$€,]*")


class Written:
    """Of `schema`, whose own names `can_be_written`."""

    def __init__(self, schema: Schema) -> None:
        self._dialect = schema.dialect
        self.schema = schema.renamed(self.name)

    def name(self, name: str) -> str:
        """A table's or a column's."""
        plain = written(name, self._dialect) == name
        return name if plain else f'"{name}"'

    def column(self, name: str) -> str:
        """'orders.order date' -> 'orders."order date"'; a table alone and an empty name, too."""
        return ".".join(map(self.name, name.split(".", 1))) if name else ""

    def term(self, term: Term) -> Term:
        """With its table and columns; its SQL is written already."""
        return replace(
            term,
            table=self.column(term.table),
            column=self.column(term.column),
            label=tuple(map(self.column, term.label)),
            date=self.column(term.date),
            verbs={self.column(column): ways for column, ways in term.verbs.items()},
        )

    def profiles(self, found: Profiles) -> Profiles:
        return replace(
            found,
            tables={
                self.name(name): replace(
                    table, columns={self.name(column): seen for column, seen in table.columns.items()}
                )
                for name, table in found.tables.items()
            },
        )


def can_be_written(name: str) -> bool:
    """Whether no mark in it would be taken for something else: a quote, a dot, a slot's bracket."""
    return _CAN_BE_WRITTEN.fullmatch(name) is not None


def in_quotes_of(text: str, dialect: str) -> str:
    """A piece of the synthesiser's SQL with the quotes of a dialect."""
    return text.replace('"', QUOTES[dialect])
