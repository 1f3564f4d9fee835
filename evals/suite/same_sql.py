"""Whether two queries are the same tree, but for names, order of conditions and ways of writing."""

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from knowledge.schema import Schema


def fingerprint(sql: str, schema: Schema) -> str:
    """The same text for queries that say the same; literals are kept. Empty where the SQL cannot be read.

    Aliases, capitals, the order of conditions and of inner joins, `a > b` or `b < a`, BETWEEN and positions
    in GROUP BY and ORDER BY make no difference.
    """
    try:
        return fingerprint_of(parse_one(sql, dialect=schema.dialect), schema)
    except (SqlglotError, RecursionError):
        return ""


def fingerprint_of(tree: exp.Expr, schema: Schema) -> str:
    """`fingerprint` of a tree, which is left as it is."""
    return _Writer(tree, schema).write(tree)


class _Writer:
    """Writes a tree in one spelling; a source is called by its table and its turn in the whole query."""

    def __init__(self, tree: exp.Expr, schema: Schema) -> None:
        self._columns = {t.name.lower(): {c.name.lower() for c in t.columns} for t in schema.tables}
        self._sources: dict[int, dict[str, str]] = {}
        counts: dict[str, int] = {}
        for node in tree.find_all(exp.Table, exp.Subquery):
            select = node.find_ancestor(exp.Select)
            if select is not None and isinstance(node.parent, exp.From | exp.Join):
                name = node.name.lower() if isinstance(node, exp.Table) else ""
                counts[name] = counts.get(name, 0) + 1
                names = self._sources.setdefault(id(select), {})
                names[node.alias_or_name.lower()] = f"{name}~{counts[name]}"

    def write(self, node: exp.Expr) -> str:
        if isinstance(node, exp.Paren | exp.Subquery):
            return self.write(node.this)
        if isinstance(node, exp.Select):
            return self._select(node)
        if isinstance(node, exp.And | exp.Between):
            return f"and({','.join(sorted(self._conditions(node)))})"
        if isinstance(node, exp.Or):
            return f"or({','.join(sorted(map(self.write, node.flatten())))})"
        if isinstance(node, exp.EQ | exp.NEQ):
            return f"{node.key}({','.join(sorted(map(self.write, (node.left, node.right))))})"
        if isinstance(node, exp.GT | exp.GTE):
            return _at_most(self.write(node.right), self.write(node.left), isinstance(node, exp.GT))
        if isinstance(node, exp.LT | exp.LTE):
            return _at_most(self.write(node.left), self.write(node.right), isinstance(node, exp.LT))
        if isinstance(node, exp.In) and node.expressions:
            return f"in({self.write(node.this)};{','.join(sorted(map(self.write, node.expressions)))})"
        return self._leaf(node) or self._whole(node)

    def _select(self, node: exp.Select) -> str:
        """Inner joins are sources in any order, and their ON is a part of WHERE."""
        conditions: list[str] = []
        sources: list[str] = []
        outer: list[str] = []
        if beginning := node.args.get("from_"):
            sources.append(self.write(beginning.this))
        if where := node.args.get("where"):
            conditions += self._conditions(where.this)
        for join in node.args.get("joins") or ():
            if join.side or join.kind not in {"", "INNER", "CROSS"} or join.args.get("using"):
                outer.append(self._whole(join))
                continue
            sources.append(self.write(join.this))
            if on := join.args.get("on"):
                conditions += self._conditions(on)
        parts = [
            "distinct" if node.args.get("distinct") else "",
            "|".join(self.write(item if _named(node) else item.unalias()) for item in node.expressions),
            "|".join(sources if outer else sorted(sources)),
            "|".join(outer),
            "|".join(sorted(conditions)),
            *(self._clause(node, name) for name in ("group", "having", "order", "limit", "offset", "with_")),
        ]
        return f"select[{';'.join(parts)}]"

    def _clause(self, select: exp.Select, name: str) -> str:
        clause = select.args.get(name)
        if clause is None:
            return ""
        if name == "group" and clause.expressions:
            return "|".join(sorted(self.write(_meant(select, item)) for item in clause.expressions))
        if name == "order":
            entries = ((_meant(select, item.this), item.args.get("desc")) for item in clause.expressions)
            return "|".join(f"{self.write(key)}{' desc' if desc else ''}" for key, desc in entries)
        return self._whole(clause)

    def _conditions(self, node: exp.Expr) -> list[str]:
        node = node.unnest()
        if isinstance(node, exp.And):
            return [*self._conditions(node.left), *self._conditions(node.right)]
        if isinstance(node, exp.Between):
            middle, low, high = map(self.write, (node.this, node.args["low"], node.args["high"]))
            return [_at_most(low, middle, False), _at_most(middle, high, False)]
        return [self.write(node)]

    def _leaf(self, node: exp.Expr) -> str:
        if isinstance(node, exp.Literal):
            return repr(node.name) if node.is_string else node.name
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Alias):
            return f"{self.write(node.this)} as {node.alias.lower()}"
        return node.name.lower() if isinstance(node, exp.Identifier | exp.Table) else ""

    def _column(self, node: exp.Column) -> str:
        name, qualifier = node.name.lower(), node.table.lower()
        select = node.find_ancestor(exp.Select)
        while select is not None:
            sources = self._sources.get(id(select), {})
            if qualifier in sources:
                return f"{sources[qualifier]}.{name}"
            owners = [label for label in sources.values() if self._has(label, name)]
            if not qualifier and (owners or len(sources) == 1):
                return f"{[*owners, *sources.values()][0]}.{name}"
            select = select.find_ancestor(exp.Select)
        return f"{qualifier}.{name}"

    def _has(self, label: str, column: str) -> bool:
        return column in self._columns.get(label.rpartition("~")[0], ())

    def _whole(self, node: exp.Expr) -> str:
        written = []
        for name, value in sorted(node.args.items()):
            if value is not None and value is not False and value != []:
                values = value if isinstance(value, list) else [value]
                told = (self.write(one) if isinstance(one, exp.Expr) else str(one) for one in values)
                written.append(f"{name}={','.join(told)}")
        return f"{node.key}({';'.join(written)})"


def _at_most(low: str, high: str, less: bool) -> str:
    return f"{'lt' if less else 'lte'}({low},{high})"


def _named(select: exp.Select) -> bool:
    """Whether the names of its columns are read elsewhere: it is a derived table or a named one."""
    child: exp.Expr = select
    parent = select.parent
    while isinstance(parent, exp.SetOperation):
        child, parent = parent, parent.parent
    if isinstance(parent, exp.Subquery):
        return isinstance(parent.parent, exp.From | exp.Join)
    return isinstance(parent, exp.CTE) and parent.this is child


def _meant(select: exp.Select, item: exp.Expr) -> exp.Expr:
    """What a position or an alias of the SELECT list stands for."""
    if isinstance(item, exp.Literal) and not item.is_string and item.name.isdigit():
        place = int(item.name) - 1
        return select.selects[place].unalias() if 0 <= place < len(select.selects) else item
    if isinstance(item, exp.Column) and not item.table:
        for projection in select.selects:
            if isinstance(projection, exp.Alias) and projection.alias.lower() == item.name.lower():
                return projection.this  # type: ignore[no-any-return]
    return item
