"""One explainer serves all statements of a workspace."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from graph.explain.explanation import Explanation, Sentence
from graph.explain.headings import Heading, headings
from graph.explain.lineage import Tracer
from graph.explain.speaker import Speaker
from graph.explain.statement import Statement, predicates
from graph.explain.vocabulary import Vocabulary
from graph.explain.windows import moment, said
from knowledge.glossary import Term
from knowledge.rules import Rule
from knowledge.schema import Schema


@dataclass(frozen=True)
class AsOf:
    """The day that 'today' means: `fixed` by the workspace, or that of the machine in its time `zone`.

    `reaches` tells the largest value of a date column, as text; empty where it is not known.
    """

    today: dt.date
    fixed: bool = False
    zone: str = ""
    reaches: Callable[[str, str], str] = lambda table, column: ""


@dataclass(frozen=True)
class Explained:
    """`headings` has one for each column of the answer, or none."""

    explanation: Explanation
    headings: tuple[Heading, ...] = ()


class Explainer:
    """Explains statements in the words of one workspace."""

    def __init__(self, schema: Schema, terms: Iterable[Term] = (), rules: Iterable[Rule] = ()) -> None:
        self._schema = schema
        self._words = Vocabulary(schema, terms, rules)

    @cached_property
    def _tracer(self) -> Tracer:
        return Tracer(self._schema)

    def headings(self, sql: str, columns: tuple[str, ...]) -> tuple[Heading, ...]:
        """What the columns of an answer are called, one for each of `columns`, or none."""
        tree = self._read(sql)
        found = headings(tree, Speaker(tree, self._words)) if tree is not None else ()
        return found if len(found) == len(columns) else ()

    def explain(self, sql: str, columns: tuple[str, ...] = (), as_of: AsOf | None = None) -> Explained:
        """Explain one SELECT that has passed the checks; `columns` are the names that the database gave.

        What cannot be parsed is shown as it is.
        """
        tree = self._read(sql)
        if tree is None:
            return Explained(Explanation((Sentence("further", "a statement without words", sql=sql),)))
        say = Speaker(tree, self._words)
        statement = Statement(say)
        statement.describe(tree)
        statement.complete(tree)
        shown = headings(tree, say)
        if columns and len(shown) != len(columns):
            shown = ()
        names = tuple(h.name for h in shown) or columns or _names(tree)
        joins = say.joins(tree) if isinstance(tree, exp.Select) else None
        traced = self._tracer.trace(tree, tuple(n or c for n, c in _both(names, columns)), joins)
        sentences = [*statement.sentences]
        if as_of is not None:
            sentences.append(self._as_of(tree, say, as_of))
        found = list(predicates(tree))
        in_sql = sum(id(node) in statement.as_sql for node in found)
        return Explained(Explanation(tuple(sentences), traced, len(found), in_sql), shown)

    def _read(self, sql: str) -> exp.Expr | None:
        try:
            return sqlglot.parse_one(sql, dialect=self._schema.dialect)
        except SqlglotError:
            return None

    def _as_of(self, tree: exp.Expr, say: Speaker, as_of: AsOf) -> Sentence:
        zone = "fixed by `today` in quarry.toml" if as_of.fixed else as_of.zone
        text = f"{said(as_of.today)}{f' ({zone})' if zone else ''}"
        reached = []
        scopes = say.origins.scopes
        for table in dict.fromkeys(s.table for select in scopes.selects for s in scopes.of(select)):
            column = self._date_column(tree, say, table) if table else ""
            last = as_of.reaches(table, column) if table and column else ""
            when = moment(exp.Literal.string(last)) if last else None
            if when is not None and table:
                day = dt.date(when.year, when.month, when.day)
                reached.append(f"{self._words.nouns(table)} up to {said(day)}")
        return Sentence("as of", text + (f"; the data has {', '.join(reached)}" if reached else ""))

    def _date_column(self, tree: exp.Expr, say: Speaker, table: str) -> str:
        """The first date of a table that the statement reads."""
        for column in tree.find_all(exp.Column):
            stored = say.origins.stored(column)
            if stored is not None and stored.table == table and stored.column.is_temporal:
                return stored.column.name
        return ""


def _names(tree: exp.Expr) -> tuple[str, ...]:
    return tuple(tree.named_selects) if isinstance(tree, exp.Query) else ()


def _both(names: tuple[str, ...], columns: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(n, columns[i] if i < len(columns) else f"column {i + 1}") for i, n in enumerate(names)]
