"""The conditions of a statement: what its columns are compared with, and the period it is about."""

import re
from collections.abc import Iterable, Sequence

from sqlglot import exp

from graph.checks.scopes import conjuncts
from graph.followup.tree import Tree, UncertainError
from knowledge.link import Reading
from knowledge.window import BEGINNING, END, Window

FULL_NAME = "full_name"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BOUNDS = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)


class Conditions(Tree):
    """A tree whose conditions can be read and changed."""

    @property
    def conditions(self) -> list[exp.Expr]:
        where = self.select.args.get("where")
        return list(conjuncts(where.this if where is not None else None))

    def keep(self, kept: Iterable[exp.Expr]) -> None:
        """Put these conditions in place of all."""
        found = list(dict.fromkeys(node.copy() for node in kept))
        self.select.set("where", exp.Where(this=exp.and_(*found, copy=False)) if found else None)

    def add(self, node: exp.Expr) -> None:
        self.keep([*self.conditions, node])

    def compared(self, node: exp.Expr) -> tuple[str, str] | None:
        """(table, column) where a condition compares one column with literals."""
        inner = node.this if isinstance(node, exp.Not | exp.Paren) else node
        if not isinstance(inner, exp.EQ | exp.NEQ | exp.In) or inner.args.get("query"):
            return None
        found = {(column.table, column.name) for column in inner.find_all(exp.Column)}
        if len({alias for alias, _ in found}) != 1 or inner.find(exp.Select):
            return None
        alias, name = found.pop() if len(found) == 1 else (found.pop()[0], FULL_NAME)
        table = self.sources.get(alias)
        return (table, name) if table else None

    def reading(self, readings: Sequence[Reading]) -> Reading:
        """Of what words may mean: a column compared already, then one of a table at hand, then near."""
        compared = {self.compared(node) for node in self.conditions}
        for fits in (
            lambda r: (r.table, r.column) in compared,
            lambda r: r.table == self.base,
            lambda r: self.knows(r.table),
            self._reachable,
        ):
            found = next((r for r in readings if fits(r)), None)
            if found is not None:
                return found
        raise UncertainError

    def _reachable(self, reading: Reading) -> bool:
        trial = self.select.copy()
        try:
            self.alias(reading.table)
        except UncertainError:
            return False
        finally:
            self.select = trial
        return True

    def equals(self, reading: Reading, others: Sequence[Reading] = ()) -> exp.Expr:
        """`column = value`, or IN where there are more values of the column."""
        alias = self.alias(reading.table)
        left: exp.Expr = exp.column(reading.column, table=alias)
        if reading.column == FULL_NAME:
            names = (exp.column(part, table=alias) for part in ("first_name", "last_name"))
            left = exp.DPipe(
                this=exp.DPipe(this=next(names), expression=exp.Literal.string(" ")), expression=next(names)
            )
        literals = [self.literal(r) for r in dict.fromkeys((reading, *others))]
        if len(literals) == 1:
            return exp.EQ(this=left, expression=literals[0])
        return exp.In(this=left, expressions=literals)

    def literal(self, reading: Reading) -> exp.Expr:
        column = self.schema.by_name[reading.table].by_name.get(reading.column)
        is_number = column is not None and column.is_number and reading.value.lstrip("-").isdigit()
        return exp.Literal.number(reading.value) if is_number else exp.Literal.string(reading.value)

    def nullable(self, reading: Reading) -> bool:
        column = self.schema.by_name[reading.table].by_name.get(reading.column)
        return column is None or column.nullable

    def _is_bound(self, node: exp.Expr) -> bool:
        return isinstance(node, _BOUNDS) and any(
            literal.is_string and _DAY.match(literal.name) for literal in node.find_all(exp.Literal)
        )

    def dated(self) -> exp.Column:
        """The one column that the period means: that of the conditions, else the usual one of the table."""
        bounded = {
            column for node in self.conditions if self._is_bound(node) for column in node.find_all(exp.Column)
        }
        if len(bounded) > 1:
            raise UncertainError
        if bounded:
            return bounded.pop().copy()
        term = self.lexicon.table(self.base)
        if term is None or not term.date:
            raise UncertainError
        return self.column(term.date)

    def within(self, window: Window) -> None:
        """Another period in place of the one there is."""
        column = self.dated()
        rest = [node for node in self.conditions if not self._is_bound(node)]
        self.keep(rest)
        if any(
            literal.is_string and _DAY.match(literal.name) for literal in self.select.find_all(exp.Literal)
        ):
            raise UncertainError
        bounds: list[exp.Expr] = []
        if window.first != BEGINNING:
            bounds.append(
                exp.GTE(this=column.copy(), expression=exp.Literal.string(window.first.isoformat()))
            )
        if window.last != END:
            bounds.append(exp.LT(this=column.copy(), expression=exp.Literal.string(window.last.isoformat())))
        self.keep([*rest, *bounds])

    def redate(self, column: str) -> None:
        """The same period of another date column of the table."""
        old, new = self.dated(), self.column(column)
        if not any(self._is_bound(node) for node in self.conditions) or old.table != new.table:
            raise UncertainError
        for found in list(self.select.find_all(exp.Column)):
            if found == old:
                found.replace(new.copy())
