"""Who reads what in a syntax tree: the tables of each SELECT, and the table behind each column."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from knowledge.schema import Schema


@dataclass(frozen=True)
class Source:
    """One entry of a FROM clause. `table` is None for a derived table or a common table expression."""

    alias: str
    table: str | None
    node: exp.Expr


class Scopes:
    """The SELECTs of a tree with their sources, outermost first."""

    def __init__(self, tree: exp.Expr, schema: Schema) -> None:
        self.schema = schema
        self.selects = list(tree.find_all(exp.Select))
        self.sources: dict[int, list[Source]] = {id(select): [] for select in self.selects}
        self.columns: dict[int, list[exp.Column]] = {id(select): [] for select in self.selects}
        self._names = {table.name.lower(): table.name for table in schema.tables}
        has_ctes = tree.find(exp.CTE) is not None
        for node in tree.walk():
            if isinstance(node, exp.Table):
                self._add(node, self._table_name(node, has_ctes))
            elif isinstance(node, exp.Subquery):
                if node.alias and isinstance(node.parent, exp.From | exp.Join):
                    self._add(node, None)
            elif isinstance(node, exp.Column):
                owner = node.find_ancestor(exp.Select)
                if owner is not None:
                    self.columns[id(owner)].append(node)

    def of(self, select: exp.Select) -> list[Source]:
        return self.sources[id(select)]

    def table_of(self, column: exp.Column) -> str | None:
        """The real table that a column belongs to, seen from where it stands; None where there is none."""
        select = column.find_ancestor(exp.Select)
        qualifier, name = column.table.lower(), column.name.lower()
        while select is not None:
            for source in self.of(select):
                if qualifier:
                    if source.alias.lower() == qualifier:
                        return source.table
                elif source.table is not None and has_column(self.schema, source.table, name):
                    return source.table
            select = select.find_ancestor(exp.Select)
        return None

    def _add(self, node: exp.Expr, table: str | None) -> None:
        owner = node.find_ancestor(exp.Select)
        if owner is not None:
            self.of(owner).append(Source(node.alias_or_name, table, node))

    def _table_name(self, node: exp.Table, has_ctes: bool) -> str | None:
        if has_ctes and reads_cte(node):
            return None
        return self._names.get(node.name.lower())


def has_column(schema: Schema, table: str, name: str) -> bool:
    """Whether `table` has a column of that name, in any case."""
    columns = schema.by_name[table].by_name
    return name in columns or any(column.lower() == name.lower() for column in columns)


def reads_cte(table: exp.Table) -> bool:
    """Whether a table reference means a common table expression that is visible where it stands."""
    if table.db:
        return False
    name = table.name.lower()
    child: exp.Expr = table
    inside: exp.CTE | None = None
    while child.parent is not None:
        parent = child.parent
        if isinstance(child, exp.CTE):
            inside = child
        if isinstance(child, exp.With):
            if _visible(child, name, inside):
                return True
        else:
            own = parent.args.get("with_")
            if own is not None and own is not child and _visible(own, name, None):
                return True
        child = parent
    own = child.args.get("with_")
    return own is not None and _visible(own, name, inside if inside and inside.parent is own else None)


def _visible(with_: exp.Expr, name: str, inside: exp.CTE | None) -> bool:
    for cte in with_.expressions:
        if inside is not None and cte is inside:
            return bool(with_.args.get("recursive")) and cte.alias.lower() == name
        if cte.alias.lower() == name:
            return True
    return False


def conjuncts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """The parts of a condition that AND joins."""
    if condition is None:
        return
    if isinstance(condition, exp.And):
        yield from conjuncts(condition.this)
        yield from conjuncts(condition.expression)
    elif isinstance(condition, exp.Paren) and isinstance(condition.this, exp.And | exp.Paren):
        yield from conjuncts(condition.this)
    else:
        yield condition
