"""The statement before, which edits change. What they cannot do for certain raises UncertainError."""

from collections.abc import Iterable, Sequence

import sqlglot
from sqlglot import exp

from graph.followup.conditions import Conditions
from graph.followup.tree import UncertainError
from knowledge.glossary import Term

__all__ = ["Statement", "UncertainError"]

_GRAINS = {
    "day": "DATE({})",
    "week": "STRFTIME('%Y-%W', {})",
    "month": "STRFTIME('%Y-%m', {})",
    "quarter": "STRFTIME('%Y', {0}) || '-Q' || ((STRFTIME('%m', {0}) + 2) / 3)",
    "year": "STRFTIME('%Y', {})",
    "weekday": "STRFTIME('%w', {})",
    "hour": "STRFTIME('%H', {})",
}
_EVERYWHERE = ("day", "month", "year")
_WRITTEN = {"sqlite": tuple(_GRAINS), "mysql": (*_EVERYWHERE, "week"), "duckdb": (*_EVERYWHERE, "week")}
"""The grains that can be written in a dialect from SQLite's."""


class Statement(Conditions):
    """One SELECT over tables, without what business rules add: what it shows, groups by and sorts by."""

    @property
    def measures(self) -> list[exp.Expr]:
        return [node for node in self.select.expressions if node.find(exp.AggFunc)]

    @property
    def dimensions(self) -> list[exp.Expr]:
        return [node for node in self.select.expressions if not node.find(exp.AggFunc)]

    @property
    def grouped(self) -> bool:
        return self.select.args.get("group") is not None

    def measure(self) -> exp.Expr:
        """The one measure that is shown."""
        found = self.measures
        if len(found) != 1:
            raise UncertainError
        return found[0]

    def put_measure(self, new: exp.Expr) -> None:
        """Another measure in the place of the one; the order follows it by its place."""
        self.by_place()
        self.measure().replace(new)

    def metric(self, term: Term) -> exp.Expr:
        """A metric over these rows: it must speak of the table in FROM, or it would count twice."""
        for form in term.metric:
            tables = {
                column.table
                for column in sqlglot.parse_one(form, dialect=self.schema.dialect).find_all(exp.Column)
                if column.table
            }
            if self.base in tables and all(self.knows(table) or table == self.base for table in tables):
                return self.expression(form)
        raise UncertainError

    def places(self, nodes: Iterable[exp.Expr]) -> list[exp.Expr]:
        """Positions in the select list replaced by what stands there."""
        shown = self.select.expressions
        found = []
        for node in nodes:
            if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit():
                node = shown[int(node.name) - 1].unalias()
            elif isinstance(node, exp.Column) and not node.table:
                node = next((s.unalias() for s in shown if s.alias == node.name), node)
            found.append(node.copy())
        return found

    def by_place(self) -> None:
        """ORDER BY and GROUP BY by position, so that a change of the select list carries them along."""
        shown = [node.unalias() for node in self.select.expressions]
        order = self.select.args.get("order")
        for entry in order.expressions if order is not None else ():
            inner = self.places([entry.this])[0]
            if inner in shown:
                entry.set("this", exp.Literal.number(shown.index(inner) + 1))

    def group(self, dimensions: Sequence[exp.Expr], keys: Sequence[exp.Expr], *, time: bool) -> None:
        """Show the measures by these dimensions. An order by the measure stays, another goes."""
        measures = [node.copy() for node in self.measures]
        if not measures:
            raise UncertainError
        order = self.select.args.get("order")
        entries = order.expressions if order is not None else []
        ranked = [
            (place, bool(entry.args.get("desc")))
            for entry in entries
            for place, node in enumerate(measures, len(dimensions) + 1)
            if self.places([entry.this])[0] == node.unalias()
        ]
        self.select.set("expressions", [*(node.copy() for node in dimensions), *measures])
        self.select.set("group", exp.Group(expressions=[node.copy() for node in keys]) if keys else None)
        self.select.set("order", None)
        if time:
            self.sort(exp.Literal.number(1), down=False)
        elif ranked:
            place, down = ranked[0]
            self.sort(exp.Literal.number(place), down=down)
        elif not keys:
            self.select.set("limit", None)

    def sort(self, by: exp.Expr, *, down: bool) -> None:
        self.select.set(
            "order", exp.Order(expressions=[exp.Ordered(this=by, desc=down, nulls_first=not down)])
        )

    def limit(self, count: int | None) -> None:
        self.select.set("limit", exp.Limit(expression=exp.Literal.number(count)) if count else None)

    def grain(self, name: str) -> exp.Expr:
        """A date column by the day, week, month ... ."""
        if name not in _WRITTEN.get(self.schema.dialect, _EVERYWHERE):
            raise UncertainError
        column = self.dated().sql(dialect="sqlite")
        return sqlglot.parse_one(_GRAINS[name].format(column), dialect="sqlite")

    def labels(self, table: str) -> list[exp.Expr]:
        """The columns by which a row of a table is called. Raises UncertainError where none is known."""
        names, alias = self.lexicon.label(table), self.alias(table)
        if not names:
            raise UncertainError
        return [exp.column(name, table=alias) for name in names]

    def key(self, table: str) -> exp.Column:
        keys = self.schema.by_name[table].primary_key
        if len(keys) != 1:
            raise UncertainError
        return exp.column(keys[0], table=self.alias(table))

    def entity(self) -> str:
        """The table whose rows the statement lists or groups by."""
        for node in self.dimensions:
            inner = node.unalias()
            table = self.sources.get(inner.table) if isinstance(inner, exp.Column) else None
            if table and inner.name in (*self.lexicon.label(table), *self.schema.by_name[table].primary_key):
                return table
        raise UncertainError
