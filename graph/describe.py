"""A statement in plain words, from its tree and the team's own: the round trip compares it with the question.

>>> # SELECT co.name, SUM(o.net_amount) FROM orders o ... WHERE o.ordered_at >= ... GROUP BY 1
>>> # 'revenue by country, ordered in a period'
"""

from collections.abc import Iterable
from functools import singledispatchmethod

import sqlglot
from sqlglot import exp

from knowledge.aliased import aliased, is_not_null
from knowledge.glossary import Term
from knowledge.schema import Schema

_GRAINS = {"%Y-%m": "month", "%Y-%W": "week", "%Y": "year", "%w": "weekday", "%H": "hour", "%m": "month"}
_AGGREGATES: dict[type[exp.Expr], str] = {
    exp.Sum: "total", exp.Avg: "average", exp.Max: "highest", exp.Min: "lowest",
}  # fmt: skip
_SIGNS: dict[type[exp.Expr], str] = {
    exp.GT: "more than", exp.GTE: "at least", exp.LT: "less than", exp.LTE: "at most", exp.NEQ: "not",
}  # fmt: skip


class Describer:
    """Says statements in the words of one workspace."""

    def __init__(self, schema: Schema, terms: Iterable[Term]) -> None:
        self._schema = schema
        self._tables = {alias: table for table, alias in schema.aliases.items()}
        self._nouns: dict[str, str] = {}
        self._columns: dict[str, str] = {}
        self._values: dict[tuple[str, str], str] = {}
        self._verbs: dict[str, str] = {}
        self._phrases: dict[str, str] = {}
        for term in terms:
            self._learn(term)

    def _learn(self, term: Term) -> None:
        if term.table:
            self._nouns[term.table] = term.term
            self._verbs.update({column: words[0] for column, words in term.verbs.items() if words})
        if term.column:
            self._columns[term.column] = term.term
            spoken = {(term.column, value): words[0] for value, words in term.values.items() if words}
            self._values.update(spoken)
        for sql in (*term.metric, term.filter):
            if sql:
                self._phrases[aliased(sql, self._schema)[0].replace(" ", "")] = term.term

    def describe(self, sql: str) -> str:
        """The words of a SELECT; empty for what is none."""
        tree = sqlglot.parse_one(sql, dialect=self._schema.dialect)
        if not isinstance(tree, exp.Select):
            return ""
        shown = [self._say(node) for node in tree.expressions if not _is_last_name(node)]
        grouped = tree.args.get("group") is not None
        measures = [self._say(node) for node in tree.expressions if node.find(exp.AggFunc)]
        others = [s for s in shown if s not in measures]
        parts = [", ".join(measures) if measures else f"list {self._subject(tree)}"]
        if others:
            parts.append(("by " if grouped else "with ") + " and ".join(dict.fromkeys(others)))
        where = tree.args.get("where")
        if where is not None:
            conditions = where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
            parts += dict.fromkeys(s for node in conditions if (s := self._say(node)))
        having = tree.args.get("having")
        if having is not None:
            parts.append("with " + self._say(having.this))
        parts.append(self._order(tree))
        return ", ".join(part for part in parts if part)

    def _subject(self, tree: exp.Expr) -> str:
        source = tree.args.get("from_") or tree.args.get("from")
        table = source.this.name if source is not None and isinstance(source.this, exp.Table) else ""
        return self._nouns.get(table, table.replace("_", " ")) + "s" if table else ""

    def _order(self, tree: exp.Select) -> str:
        order, limit = tree.args.get("order"), tree.args.get("limit")
        if order is None or limit is None:
            return ""
        down = bool(order.expressions[0].args.get("desc"))
        count = limit.expression.name
        word = "highest" if down else "lowest"
        return f"the {word} one" if count == "1" else f"top {count}" if down else f"bottom {count}"

    def _say(self, node: exp.Expr) -> str:
        known = self._phrases.get(is_not_null(node.sql(dialect=self._schema.dialect)).replace(" ", ""))
        return known or self._words(node)

    def _all(self, node: exp.Expr, between: str = " ") -> str:
        """The words of a node's parts, for forms that have no words of their own."""
        return between.join(s for child in node.iter_expressions() if (s := self._say(child)))

    @singledispatchmethod
    def _words(self, node: exp.Expr) -> str:
        if type(node) in _AGGREGATES:
            return f"{_AGGREGATES[type(node)]} {self._say(node.this)}"
        if type(node) in _SIGNS:
            return self._compared(node, _SIGNS[type(node)])
        return self._all(node)

    @_words.register
    def _(self, node: exp.Column) -> str:
        table = self._tables.get(node.table.rstrip("0123456789"), node.table)
        words = self._columns.get(f"{table}.{node.name}", node.name.replace("_", " "))
        if node.name in ("name", "first_name") and table in self._nouns:
            return self._nouns[table]
        return words

    @_words.register
    def _(self, node: exp.Literal) -> str:
        return str(node.this)

    @_words.register
    def _(self, node: exp.Count) -> str:
        select = node.find_ancestor(exp.Select)
        if isinstance(node.this, exp.Distinct):
            column = node.this.expressions[0]
            key = next((k for k in self._schema.foreign_keys if column.name in k.columns), None)
            noun = self._nouns.get(key.to_table, key.to_table) if key else self._say(column)
            return f"number of different {noun}s"
        return f"number of {self._subject(select)}" if select is not None else "number"

    @_words.register
    def _(self, node: exp.TimeToStr) -> str:
        return _GRAINS.get(node.args["format"].name, "time")

    @_words.register
    def _(self, node: exp.Case) -> str:
        branch = node.args["ifs"][0]
        counted = "" if isinstance(branch.args["true"], exp.Literal) else self._say(branch.args["true"])
        return f"{counted} {self._say(branch.this)}".strip()

    @_words.register
    def _(self, node: exp.Div) -> str:
        share = node.find(exp.Literal)
        if share is not None and share.name == "100.0":
            return f"percentage of {self._say(node.expression)} {self._say(node.this)}".replace("100.0 ", "")
        return f"{self._say(node.this)} per {self._say(node.expression)}"

    @_words.register
    def _(self, node: exp.Sub) -> str:
        late, early = (side.find(exp.Column) for side in (node.this, node.expression))
        if isinstance(node.this, exp.Anonymous) and late is not None and early is not None:
            return f"days from {self._event(early)} to {self._event(late)}"
        return self._all(node)

    def _event(self, column: exp.Column) -> str:
        table = self._tables.get(column.table, column.table)
        return self._verbs.get(f"{table}.{column.name}") or self._say(column)

    @_words.register
    def _(self, node: exp.Exists) -> str:
        return f"with {self._subject(node.this)} {self._conditions(node.this)}"

    @_words.register
    def _(self, node: exp.Not) -> str:
        inner = node.this
        if isinstance(inner, exp.Exists):
            return f"without {self._subject(inner.this)} {self._conditions(inner.this)}"
        if isinstance(inner, exp.Is):
            return f"with {self._say(inner.this)}"
        return f"not {self._say(inner)}"

    @_words.register
    def _(self, node: exp.Is) -> str:
        return f"without {self._say(node.this)}"

    @_words.register
    def _(self, node: exp.EQ) -> str:
        return self._compared(node, "")

    @_words.register
    def _(self, node: exp.In) -> str:
        query = node.args.get("query")
        if query is not None:
            return self._conditions(query.this)
        return f"{self._say(node.this)} " + " or ".join(self._value(node.this, v) for v in node.expressions)

    def _conditions(self, select: exp.Expr) -> str:
        where = select.args.get("where")
        return self._say(where.this) if where is not None else ""

    def _compared(self, node: exp.Expr, sign: str) -> str:
        column, value = node.this, node.expression
        if isinstance(column, exp.Column) and isinstance(value, exp.Literal) and value.is_string:
            table = self._tables.get(column.table.rstrip("0123456789"), column.table)
            if table in self._schema.by_name:
                found = self._schema.by_name[table].by_name.get(column.name)
                if found is not None and found.is_temporal:
                    verb = self._verbs.get(f"{table}.{column.name}")
                    return f"{verb} in a period" if verb else "in a period"
        if isinstance(column, exp.Column):
            return " ".join(s for s in (self._say(column), sign, self._value(column, value)) if s)
        return " ".join(s for s in (self._say(column), sign, self._say(value)) if s)

    def _value(self, column: exp.Expr, value: exp.Expr) -> str:
        if isinstance(column, exp.Column) and isinstance(value, exp.Literal):
            table = self._tables.get(column.table.rstrip("0123456789"), column.table)
            return self._values.get((f"{table}.{column.name}", value.name), value.name)
        return self._say(value)


def _is_last_name(node: exp.Expr) -> bool:
    """A person's name is one thing, though it stands in two columns."""
    return isinstance(node, exp.Column) and node.name == "last_name"
