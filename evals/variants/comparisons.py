"""What one SELECT compares its columns with."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from sqlglot import exp

from evals.variants.focus import Condition, NotIn, Threshold
from evals.variants.snapshot import Snapshot
from graph.checks.scopes import Source
from knowledge.database import Database
from knowledge.errors import QueryError

MOST_VALUES = 400
SECONDS = 20.0

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_FLIPPED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
}


class Comparisons:
    """`sources` are the tables of the SELECT whose rows can be told apart."""

    def __init__(
        self, select: exp.Select, sources: Sequence[Source], snapshot: Snapshot, database: Database
    ) -> None:
        self._select = select
        self._sources = sources
        self._snapshot = snapshot
        self._database = database

    def conditions(self) -> Iterator[Condition]:
        """The comparisons in WHERE, ON and CASE; those of sub-queries are theirs."""
        for node in self._select.walk():
            if node.find_ancestor(exp.Select) is not self._select or node.find_ancestor(exp.Having):
                continue
            if isinstance(node, _COMPARISONS):
                yield from self._comparison(node)
            elif isinstance(node, exp.Between):
                yield from self._with_values(node.this, exp.Between, [node.args["low"], node.args["high"]])
            elif isinstance(node, exp.In) and node.args.get("query"):
                yield from self._within(node)
            elif isinstance(node, exp.In) and node.expressions:
                yield from self._with_values(node.this, exp.In, node.expressions)
            elif isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
                yield from self._with_values(node.this, exp.Is, [])

    def thresholds(self) -> Iterator[Threshold]:
        """The numbers of rows that HAVING asks for."""
        having = self._select.args.get("having")
        for node in having.find_all(*_COMPARISONS) if having is not None else ():
            counted, number = self.spelled_out(node.this), _literal(node.expression)
            if isinstance(counted, exp.Count) and isinstance(number, int):
                inner = (
                    counted.this.expressions[0] if isinstance(counted.this, exp.Distinct) else counted.this
                )
                column = self.column(inner)
                at = (column[0].alias, column[1]) if column else ("", "")
                yield Threshold(type(node), number, *at)

    def column(self, node: exp.Expr) -> tuple[Source, str] | None:
        """The column of a table, also as DATE(column)."""
        while isinstance(node, exp.Paren | exp.Date | exp.TsOrDsToDate | exp.Cast):
            node = node.this
        if not isinstance(node, exp.Column):
            return None
        for source in self._sources:
            if node.table and node.table.lower() != source.alias.lower():
                continue
            names = {name.lower(): name for name in self._snapshot.tables[source.table or ""].facts.names}
            if node.name.lower() in names:
                return source, names[node.name.lower()]
        return None

    def spelled_out(self, node: exp.Expr) -> exp.Expr:
        """What an alias of the SELECT list stands for; anything else as it is."""
        if isinstance(node, exp.Column) and not node.table:
            return self._aliases.get(node.name.lower(), node)
        return node

    @cached_property
    def _aliases(self) -> dict[str, exp.Expr]:
        return {p.alias.lower(): p.this for p in self._select.selects if isinstance(p, exp.Alias)}

    def _within(self, node: exp.In) -> Iterator[Condition]:
        """A condition on what a sub-query gives, where that does not depend on the row."""
        column = self.column(node.this)
        query = node.args["query"].unnest().sql(dialect=self._snapshot.dialect)
        try:
            rows = self._database.run(query, max_rows=MOST_VALUES, timeout_s=SECONDS).rows
        except QueryError:
            return
        values = sorted({row[0] for row in rows if row[0] is not None}, key=repr)
        if column and values:
            sign = NotIn if isinstance(node.parent, exp.Not) else exp.In
            yield Condition(column[0].alias, column[0].table or "", column[1], sign, tuple(values))

    def _comparison(self, node: exp.Expr) -> Iterator[Condition]:
        left, right, sign = node.this, node.expression, type(node)
        if _literal(left) is not None:
            left, right, sign = right, left, _FLIPPED.get(sign, sign)
        column, other = self.column(left), self.column(right)
        if column and other:
            if column[0].alias == other[0].alias and column[1] != other[1]:
                yield Condition(column[0].alias, column[0].table or "", column[1], sign, other=other[1])
        else:
            yield from self._with_values(left, sign, [right])

    def _with_values(
        self, node: exp.Expr, sign: type[exp.Expr], literals: Sequence[exp.Expr]
    ) -> Iterator[Condition]:
        column = self.column(node)
        values = [_literal(literal) for literal in literals]
        if column and None not in values:
            yield Condition(column[0].alias, column[0].table or "", column[1], sign, tuple(values))


def _literal(node: exp.Expr) -> Any:
    """The value that a literal stands for, also as DATE '...' or -1; None for anything else."""
    if isinstance(node, exp.Neg):
        inner = _literal(node.this)
        return -inner if isinstance(inner, int | float) else None
    while isinstance(node, exp.Cast | exp.Date | exp.Paren | exp.TsOrDsToDate):
        node = node.this
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if not isinstance(node, exp.Literal):
        return None
    if node.is_string:
        return node.name
    return float(node.name) if any(sign in node.name for sign in ".eE") else int(node.name)
