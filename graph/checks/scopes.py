"""Who reads what in a syntax tree: the tables of each SELECT, and the table behind each column."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from graph.checks.remembered import remembered
from knowledge.schema import Schema

Base = tuple[str, str]
"""A table and one of its columns, as the schema writes them."""


@dataclass(frozen=True)
class Source:
    """One entry of a FROM clause. `table` is None for a derived table or a common table expression."""

    alias: str
    table: str | None
    node: exp.Expr


class Scopes:
    """The SELECTs of a tree with their sources, outermost first; `nodes` holds all nodes by their class."""

    def __init__(self, tree: exp.Expr, schema: Schema) -> None:
        self.tree = tree
        self.schema = schema
        self.selects = list(tree.find_all(exp.Select))
        self.sources: dict[int, list[Source]] = {id(select): [] for select in self.selects}
        self.columns: dict[int, list[exp.Column]] = {id(select): [] for select in self.selects}
        self.nodes: dict[type[exp.Expr], list[exp.Expr]] = {}
        self._names = {table.name.lower(): table.name for table in schema.tables}
        has_ctes = tree.find(exp.CTE) is not None
        for node in tree.walk():
            self.nodes.setdefault(type(node), []).append(node)
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

    def of_all(self) -> list[Source]:
        """The sources of all SELECTs."""
        return [source for sources in self.sources.values() for source in sources]

    def of_kind(self, *kinds: type[exp.Expr]) -> list[exp.Expr]:
        """All nodes of the given classes and of those below them."""
        return [node for kind, nodes in self.nodes.items() if issubclass(kind, kinds) for node in nodes]

    def source_of(self, column: exp.Column) -> Source | None:
        """The entry of a FROM clause, here or further out, that a column belongs to."""
        select = column.find_ancestor(exp.Select)
        qualifier, name = column.table.lower(), column.name.lower()
        while select is not None:
            derived: Source | None = None
            for source in self.of(select):
                if qualifier:
                    if source.alias.lower() == qualifier:
                        return source
                elif source.table is None:
                    derived = source
                elif has_column(self.schema, source.table, name):
                    return source
            if derived is not None:
                return derived
            select = select.find_ancestor(exp.Select)
        return None

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

    def base_of(self, column: exp.Column) -> Base | None:
        """The stored column behind a column, through derived tables that hand it on as it is."""
        expression: exp.Expr = column
        for _ in range(_DEEPEST):
            if not isinstance(expression, exp.Column):
                return None
            source = self.source_of(expression)
            if source is None:
                return None
            if source.table is not None:
                return source.table, column_name(self.schema, source.table, expression.name)
            inner = self.behind(expression, source)
            if inner is None:
                return None
            expression = inner
        return None

    def bases(self, expression: exp.Expr) -> set[Base]:
        """The stored columns that an expression is made of, through derived tables; sub-queries aside."""
        found: set[Base] = set()
        waiting = [(expression, 0)]
        while waiting:
            node, depth = waiting.pop()
            for column in columns_in(node):
                source = self.source_of(column)
                if source is None or depth > _DEEPEST:
                    continue
                if source.table is not None:
                    found.add((source.table, column_name(self.schema, source.table, column.name)))
                    continue
                inner = self.behind(column, source)
                if inner is not None:
                    waiting.append((inner, depth + 1))
        return found

    def behind(self, column: exp.Column, source: Source) -> exp.Expr | None:
        """What a derived table or a common table expression selects under a column's name."""
        query = query_of(source)
        if query is None:
            return None
        names = renamed(source)
        select = first_select(query)
        if select is None:
            return None
        wanted = column.name.lower()
        for place, item in enumerate(select.expressions):
            name = names[place] if place < len(names) else item.alias_or_name
            if name.lower() == wanted:
                return _unaliased(item)
            if not names and is_star(item):
                inner = self._through_star(item, select, wanted)
                if inner is not None:
                    return inner
        return None

    def _through_star(self, star: exp.Expr, select: exp.Select, name: str) -> exp.Expr | None:
        wanted = star.table.lower() if isinstance(star, exp.Column) else ""
        for source in self.of(select):
            if wanted and source.alias.lower() != wanted:
                continue
            column = exp.column(name, table=source.alias)
            column.set("this", exp.to_identifier(name))
            if source.table is not None:
                if has_column(self.schema, source.table, name):
                    return _standing_in(column, select)
            elif self.behind(column, source) is not None:
                return _standing_in(column, select)
        return None

    def _add(self, node: exp.Expr, table: str | None) -> None:
        owner = node.find_ancestor(exp.Select)
        if owner is not None:
            self.of(owner).append(Source(node.alias_or_name, table, node))

    def _table_name(self, node: exp.Table, has_ctes: bool) -> str | None:
        if has_ctes and reads_cte(node):
            return None
        return self._names.get(node.name.lower())


_DEEPEST = 20


@remembered
def scopes_of(tree: exp.Expr, schema: Schema) -> Scopes:
    """The scopes of a tree that nobody changes any more; those of the last tree are remembered."""
    return Scopes(tree, schema)


def _unaliased(item: exp.Expr) -> exp.Expr:
    plain: exp.Expr = item.unalias()
    return plain


def _standing_in(column: exp.Column, select: exp.Select) -> exp.Column:
    """A column that a star stands for, seen from the SELECT of the star."""
    column.parent = select
    return column


def has_column(schema: Schema, table: str, name: str) -> bool:
    """Whether `table` has a column of that name, in any case."""
    columns = schema.by_name[table].by_name
    return name in columns or any(column.lower() == name.lower() for column in columns)


def column_name(schema: Schema, table: str, name: str) -> str:
    """A column's name as the schema writes it; the name as given where there is none."""
    columns = schema.by_name[table].by_name
    if name in columns:
        return name
    return next((column for column in columns if column.lower() == name.lower()), name)


def columns_in(expression: exp.Expr) -> Iterator[exp.Column]:
    """The columns of an expression, those of its sub-queries aside."""
    for node in expression.walk(prune=lambda node: isinstance(node, exp.Query)):
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            yield node


def is_star(item: exp.Expr) -> bool:
    """`*` or `t.*`."""
    return isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star))


def query_of(source: Source) -> exp.Expr | None:
    """The query of a derived table or of the common table expression that a source reads."""
    if source.table is not None:
        return None
    holder = source.node if isinstance(source.node, exp.Subquery) else definition(source.node)
    query: exp.Expr | None = holder.this if holder is not None else None
    return query


def renamed(source: Source) -> list[str]:
    """The column names that an alias gives: `t (a, b)`."""
    alias = source.node.args.get("alias")
    if alias is None or not alias.columns:
        cte = definition(source.node) if isinstance(source.node, exp.Table) else None
        alias = cte.args.get("alias") if cte is not None else None
    return [column.name for column in alias.columns] if alias is not None else []


def first_select(query: exp.Expr) -> exp.Select | None:
    """The SELECT that names the columns of a query."""
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    return query if isinstance(query, exp.Select) else None


def definition(table: exp.Expr) -> exp.CTE | None:
    """The common table expression that a table reference means."""
    name = table.name.lower()
    node: exp.Expr | None = table
    while node is not None:
        with_ = node if isinstance(node, exp.With) else node.args.get("with_")
        for cte in reversed(with_.expressions if with_ is not None else []):
            if cte.alias.lower() == name:
                return cte if isinstance(cte, exp.CTE) else None
        node = node.parent
    return None


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
