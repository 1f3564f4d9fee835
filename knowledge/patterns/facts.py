"""What one statement does: which tables it joins how, filters by what, adds up what, by what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from knowledge.patterns.template import place
from knowledge.schema import Schema

_Signs = dict[type[exp.Expr], str]
_SIGNS: _Signs = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.GT: ">", exp.LTE: "<=", exp.GTE: ">=",
}  # fmt: skip
_TURNED: _Signs = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: ">", exp.GT: "<", exp.LTE: ">=", exp.GTE: "<=",
}  # fmt: skip


_OPPOSITE = {
    "=": "<>",
    "<>": "=",
    "IN": "NOT IN",
    "NOT IN": "IN",
    "IS NULL": "IS NOT NULL",
    "IS NOT NULL": "IS NULL",
}


@dataclass(frozen=True)
class Filter:
    """`table.column sign literal`, where `literals` are places in the template (empty for IS NULL)."""

    table: str
    column: str
    sign: str
    literals: tuple[int, ...] = ()


@dataclass
class Facts:
    """Of one template. Columns are full names; `joins` pairs of them in the order of their names.

    `measures` are aggregates over full names, with the name that the query gives them; `grains` date columns
    cut to a unit. `unknown` names tables that are not in the schema.
    """

    tables: set[str] = field(default_factory=set)
    joins: set[tuple[str, str]] = field(default_factory=set)
    filters: set[Filter] = field(default_factory=set)
    measures: set[tuple[str, str]] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    grains: set[tuple[str, str]] = field(default_factory=set)
    named: set[tuple[str, str]] = field(default_factory=set)
    windows: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


def facts(tree: exp.Expr, schema: Schema) -> Facts:
    found = Facts()
    names = {table.name.lower(): table.name for table in schema.tables}
    columns = {t.name: {c.name.lower(): c.name for c in t.columns} for t in schema.tables}
    derived = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for select in tree.find_all(exp.Select):
        _Reader(select, names, columns, derived, found).read()
    found.forms.update(_forms(tree))
    return found


def _forms(tree: exp.Expr) -> Iterator[str]:
    kinds = {
        "window": exp.Window, "set operation": exp.SetOperation, "CASE": exp.Case, "EXISTS": exp.Exists,
        "HAVING": exp.Having, "CTE": exp.CTE, "LIMIT": exp.Limit, "DISTINCT": exp.Distinct,
        "ORDER BY": exp.Order, "subquery": exp.Subquery,
    }  # fmt: skip
    return (name for name, kind in kinds.items() if tree.find(kind) is not None)


class _Reader:
    """Reads one SELECT, its own clauses alone."""

    def __init__(
        self,
        select: exp.Select,
        names: Mapping[str, str],
        columns: Mapping[str, Mapping[str, str]],
        derived: set[str],
        found: Facts,
    ) -> None:
        self.select, self.columns, self.found = select, columns, found
        self.sources: dict[str, str] = {}
        current: exp.Expr | None = select
        while current is not None:
            if isinstance(current, exp.Select):
                for source in _sources(current):
                    table = names.get(source.name.lower(), "")
                    self.sources.setdefault(source.alias_or_name.lower(), table)
                    if current is select:
                        if table:
                            found.tables.add(table)
                        elif source.name.lower() not in derived:
                            found.unknown.add(source.name)
            current = current.parent
        self.excludes = _excludes(select)
        self.own = [names.get(s.name.lower(), "") for s in _sources(select)]

    def read(self) -> None:
        for join in self.select.args.get("joins") or ():
            self._conditions(join.args.get("on"))
            for column in join.args.get("using") or ():
                self._using(column.name)
        where = self.select.args.get("where")
        if where is not None and not (self.excludes and isinstance(where.this, exp.And | exp.Or)):
            self._conditions(where.this)
        for item in self.select.expressions:
            self._item(item)
        group = self.select.args.get("group")
        for key in group.expressions if group is not None else ():
            self._group(key)

    def _conditions(self, tree: exp.Expr | None) -> None:
        for condition in tree.flatten() if isinstance(tree, exp.And) else [tree]:
            if condition is not None:
                self._condition(condition.unnest())

    def _condition(self, node: exp.Expr) -> None:
        negated = isinstance(node, exp.Not)
        node = node.this.unnest() if negated else node
        if isinstance(node, exp.Is):
            self._filter(node.this, "IS NOT NULL" if negated else "IS NULL", [])
        elif isinstance(node, exp.In) and not node.args.get("query"):
            self._filter(node.this, "NOT IN" if negated else "IN", node.expressions)
        elif isinstance(node, exp.Between):
            self._filter(node.this, "BETWEEN", [node.args["low"], node.args["high"]])
        elif isinstance(node, exp.Like):
            self._filter(node.this, "LIKE", [node.expression])
        elif type(node) in _SIGNS and not negated:
            self._comparison(node)

    def _comparison(self, node: exp.Expr) -> None:
        left, right = node.this.unnest(), node.expression.unnest()
        if isinstance(left, exp.Column) and isinstance(right, exp.Column):
            one, two = self._name(left), self._name(right)
            if one and two and isinstance(node, exp.EQ) and one != two:
                self.found.joins.add((min(one, two), max(one, two)))
            return
        if isinstance(right, exp.Column) and not isinstance(left, exp.Column):
            self._filter(right, _TURNED[type(node)], [left])
        else:
            self._filter(left, _SIGNS[type(node)], [right])

    def _filter(self, side: exp.Expr, sign: str, values: list[exp.Expr]) -> None:
        column = side if isinstance(side, exp.Column) else None
        name = self._name(column) if column is not None else ""
        if not name:
            return
        table, _, short = name.partition(".")
        places = [
            p
            for value in values
            for node in value.find_all(exp.Literal)
            if (p := place(node.name)) is not None
        ]
        if any(not isinstance(value, exp.Literal | exp.Neg | exp.Boolean) for value in values):
            self.found.windows.add(f"{name} {sign} {_shape(values)}")
            return
        sign = _OPPOSITE.get(sign, sign) if self.excludes else sign
        self.found.filters.add(Filter(table, short, sign, tuple(places)))

    def _item(self, item: exp.Expr) -> None:
        value = item.this if isinstance(item, exp.Alias) else item
        said = item.alias if isinstance(item, exp.Alias) else ""
        if isinstance(value, exp.Column):
            if said and (name := self._name(value)) and said.lower() != value.name.lower():
                self.found.named.add((name, said))
            return
        if value.find(exp.AggFunc) is not None and value.find(exp.Subquery, exp.Window) is None:
            text = self._expression(value)
            if text:
                self.found.measures.add((text, said))

    def _group(self, key: exp.Expr) -> None:
        if isinstance(key, exp.Literal) and key.is_int:
            at = int(key.name) if place(key.name) is None else 0
            key = self.select.expressions[at - 1] if 0 < at <= len(self.select.expressions) else key
        key = key.this if isinstance(key, exp.Alias) else key
        column = key if isinstance(key, exp.Column) else key.find(exp.Column)
        name = self._name(column) if column is not None else ""
        if name and column is key:
            self.found.groups.add(name)
        elif name and (unit := _unit(key)):
            self.found.grains.add((name, unit))

    def _expression(self, node: exp.Expr) -> str:
        """The text with full names; empty where a column cannot be told."""
        text = node.copy()
        for column in list(text.find_all(exp.Column)):
            name = self._name(column)
            if not name:
                return ""
            table, _, short = name.partition(".")
            new = exp.column(short, table=table)
            if column is text:
                text = new
            else:
                column.replace(new)
        return text.sql()

    def _using(self, name: str) -> None:
        owners = [
            f"{t}.{self.columns[t][name.lower()]}" for t in self.own if t and name.lower() in self.columns[t]
        ]
        if len(owners) >= 2:
            self.found.joins.add((min(owners[:2]), max(owners[:2])))

    def _name(self, column: exp.Column) -> str:
        """'table.column' as stored; empty for what comes from a derived table or is not known."""
        short = column.name.lower()
        if column.table:
            table = self.sources.get(column.table.lower(), "")
            return f"{table}.{self.columns[table][short]}" if table and short in self.columns[table] else ""
        owners = [t for t in dict.fromkeys(self.own) if t and short in self.columns[t]]
        return f"{owners[0]}.{self.columns[owners[0]][short]}" if len(owners) == 1 else ""


def _excludes(select: exp.Select) -> bool:
    """Whether it names what is left out: NOT IN (SELECT ...), NOT EXISTS (SELECT ...)."""
    parent = select.parent.parent if isinstance(select.parent, exp.Subquery) else select.parent
    return isinstance(parent, exp.In | exp.Exists) and isinstance(parent.parent, exp.Not)


def _sources(select: exp.Select) -> Iterator[exp.Table]:
    source = select.args.get("from_") or select.args.get("from")
    parts = [source, *(select.args.get("joins") or ())]
    return (part.this for part in parts if part is not None and isinstance(part.this, exp.Table))


def _unit(node: exp.Expr) -> str:
    """'month' of DATE_TRUNC('month', x), STRFTIME('%Y-%m', x), EXTRACT(MONTH FROM x); else empty."""
    text = node.sql().lower()
    if "%w" in text or "week" in text:
        return "week"
    for unit in ("quarter", "month", "hour", "day", "year"):
        if unit in text:
            return unit
    marks = {"%h": "hour", "%d": "day", "%m": "month", "%y": "year"}
    return next((unit for mark, unit in marks.items() if mark in text), "day" if "date" in text else "")


def _shape(values: list[exp.Expr]) -> str:
    """A bound that is computed, without its numbers: 'CURRENT_DATE - INTERVAL ? DAY'."""
    return " AND ".join(
        value.transform(lambda node: exp.Placeholder() if isinstance(node, exp.Literal) else node).sql()
        for value in values
    )
