"""What every column of a tree stands for: a stored column, a column of a sub-query, or one of the answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from graph.checks.scopes import Scopes, Source, first_select, query_of, renamed
from knowledge.schema import Column, Schema


@dataclass(frozen=True)
class Stored:
    """A column of a table, read under an alias in a SELECT."""

    table: str
    column: Column
    alias: str
    select: exp.Select

    @property
    def full_name(self) -> str:
        return f"{self.table}.{self.column.name}"


@dataclass(frozen=True)
class Made:
    """A column that a sub-query or the SELECT itself makes; `alias` is the sub-query's."""

    node: exp.Expr
    alias: str = ""


class Origins:
    """The columns of one tree, resolved."""

    def __init__(self, tree: exp.Expr, schema: Schema) -> None:
        self.tree = tree
        self.schema = schema
        self.scopes = Scopes(tree, schema)

    def of(self, column: exp.Column) -> Stored | Made | None:
        """None where the name cannot be found."""
        select = column.find_ancestor(exp.Select)
        if select is None:
            return None
        ordering = column.find_ancestor(exp.Order, exp.Window, exp.Select)
        if not column.table and isinstance(ordering, exp.Order):
            made = projection(select, column.name)
            if made is not None and bare(made) is not column:
                return Made(made)
        while select is not None:
            for source in self.scopes.of(select):
                found = self._in(source, column, select)
                if found is not None:
                    return found
            if not column.table:
                made = projection(select, column.name)
                if made is not None and not within(made, column):
                    return Made(made)
            select = select.find_ancestor(exp.Select)
        return None

    def stored(self, node: exp.Expr) -> Stored | None:
        """The stored column that a plain reference means."""
        if not isinstance(node, exp.Column):
            return None
        found = self.of(node)
        return found if isinstance(found, Stored) else None

    def _in(self, source: Source, column: exp.Column, select: exp.Select) -> Stored | Made | None:
        if column.table and column.table.lower() != source.alias.lower():
            return None
        if source.table is not None:
            known = self.schema.by_name[source.table].columns
            found = next((c for c in known if c.name.lower() == column.name.lower()), None)
            return Stored(source.table, found, source.alias, select) if found else None
        query = query_of(source)
        made = projection(query, column.name, tuple(renamed(source))) if query is not None else None
        return Made(made, source.alias) if made is not None else None


def projection(query: exp.Expr, name: str, names: tuple[str, ...] = ()) -> exp.Expr | None:
    """The expression that a query gives under a name; of a set operation, that of its first query."""
    select = first_select(query)
    if select is None:
        return None
    if names:
        place = next((i for i, given in enumerate(names) if given.lower() == name.lower()), None)
        return select.expressions[place] if place is not None and place < len(select.expressions) else None
    return next((p for p in select.expressions if p.output_name.lower() == name.lower()), None)


def positioned(select: exp.Select, node: exp.Expr) -> exp.Expr:
    """What an entry of GROUP BY or ORDER BY means: itself, or the projection at its place or of its name."""
    if isinstance(node, exp.Literal) and node.is_int and 0 < int(node.name) <= len(select.expressions):
        return bare(select.expressions[int(node.name) - 1])
    if isinstance(node, exp.Column) and not node.table:
        named = (p for p in select.expressions if isinstance(p, exp.Alias) and p.alias == node.name)
        found = next(named, None)
        return bare(found) if found is not None else node
    return bare(node)


def bare(node: exp.Expr) -> exp.Expr:
    """Without the name that it is given, and without brackets around the whole."""
    while isinstance(node, exp.Alias | exp.Paren):
        node = node.this
    return node


def selects(query: exp.Expr) -> Iterator[exp.Select]:
    """The SELECTs that a set operation joins; a SELECT itself."""
    if isinstance(query, exp.Select):
        yield query
    elif isinstance(query, exp.Subquery):
        yield from selects(query.this)
    elif isinstance(query, exp.SetOperation):
        yield from selects(query.this)
        yield from selects(query.expression)


def within(outer: exp.Expr, node: exp.Expr | None) -> bool:
    """Whether `node` is `outer` or stands in it."""
    while node is not None and node is not outer:
        node = node.parent
    return node is outer
