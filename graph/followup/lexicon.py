"""The team's words for what a follow-up may ask for: metrics, columns, tables, filters, verbs of dates."""

from collections.abc import Iterable

from knowledge.glossary import Term
from knowledge.schema import Schema
from knowledge.words import key, singular


class Lexicon:
    """`terms` and `verbs` are found by the key of their words; what it leaves out, the schema names.

    `verbs` gives the date columns that a verb may mean: 'opened' -> tickets.opened_at.
    """

    def __init__(self, schema: Schema, terms: Iterable[Term]) -> None:
        self.schema = schema
        self.glossary = tuple(
            term for term in terms if term.metric or term.filter or term.column or term.table
        )
        found: dict[str, dict[str, Term]] = {}
        verbs: dict[str, dict[str, None]] = {}
        for term in (*self.glossary, *_of_schema(schema)):
            for name in (*term.names, *term.asks):
                found.setdefault(key(name), {}).setdefault(_meant(term), term)
            for column, words in term.verbs.items():
                for word in words:
                    verbs.setdefault(key(word), {}).setdefault(column)
        self.terms = {name: tuple(meanings.values()) for name, meanings in found.items() if name}
        self.verbs = {name: tuple(columns) for name, columns in verbs.items() if name}
        self.longest = max((len(name.split()) for name in (*self.terms, *self.verbs)), default=1)
        self._tables = {term.table: term for term in reversed(self.glossary) if term.table}

    def table(self, name: str) -> Term | None:
        """What the glossary says of a table."""
        return self._tables.get(name)

    def label(self, table: str) -> tuple[str, ...]:
        """The columns by which people call a row of a table: of the glossary, else `name`, else its key."""
        term = self._tables.get(table)
        if term is not None and term.label:
            return tuple(column.rpartition(".")[2] for column in term.label)
        columns = self.schema.by_name[table].by_name
        return ("name",) if "name" in columns else self.schema.by_name[table].primary_key


def _meant(term: Term) -> str:
    return term.column or term.table or term.filter or "|".join(term.metric)


def _of_schema(schema: Schema) -> Iterable[Term]:
    for table, column in schema.columns():
        words = column.name.replace("_", " ")
        yield Term(words, "", column=f"{table.name}.{column.name}")
    for table in schema.tables:
        words = table.name.replace("_", " ")
        yield Term(singular(words), "", table=table.name)
