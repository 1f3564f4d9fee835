"""Where each column of an answer comes from, through sub-queries, steps and set operations."""

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer import build_scope, qualify
from sqlglot.schema import MappingSchema

from graph.explain.explanation import Origin
from graph.explain.joins import Joins
from graph.explain.origins import bare, selects
from knowledge.schema import Schema


class Tracer:
    """Traces columns back to stored ones. One serves many statements of a schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        types: dict[str, object] = {
            t.name: {c.name: c.type.split("(")[0] or "TEXT" for c in t.columns} for t in schema.tables
        }
        self._known = MappingSchema(types, dialect=schema.dialect)

    def trace(self, tree: exp.Expr, headings: tuple[str, ...], joins: Joins | None) -> tuple[Origin, ...]:
        """One origin a column; empty where the statement cannot be traced."""
        renamed = _named(tree.copy())
        try:
            qualified = qualify.qualify(
                renamed, dialect=self._schema.dialect, schema=self._known, validate_qualify_columns=False,
                identify=False, quote_identifiers=False,
            )  # fmt: skip
            scope = build_scope(qualified)
            if scope is None or not isinstance(qualified, exp.Query):
                return ()
            names = [s.alias_or_name for s in qualified.selects]
            if len(names) != len(headings):
                return ()
            found = [
                lineage(n, qualified, self._known, dialect=self._schema.dialect, scope=scope) for n in names
            ]
        except (SqlglotError, KeyError, ValueError, AttributeError):
            return ()
        return tuple(self._origin(h, node, joins) for h, node in zip(headings, found, strict=True))

    def _origin(self, heading: str, node: Node, joins: Joins | None) -> Origin:
        leaves = [leaf for leaf in node.walk() if isinstance(leaf.source, exp.Table)]
        columns = tuple(sorted({_stored(leaf) for leaf in leaves}))
        written = self._written(node, 0)
        plain = isinstance(written, exp.Column) and len(columns) == 1
        via = _via(leaves, joins) if plain else () if columns else _counted(joins)
        return Origin(heading, written.sql(dialect=self._schema.dialect), columns, via, plain)

    def _written(self, node: Node, depth: int) -> exp.Expr:
        """The expression over stored columns, with the definitions of steps put in their place."""
        if isinstance(node.source, exp.Table):
            return exp.column(*reversed(_stored(node).split(".", 1)))
        below = {_key(child.name): child for child in node.downstream}
        written = bare(node.expression).copy()
        if isinstance(node.source, exp.SetOperation) or isinstance(written, exp.Query):
            branches = [self._written(child, depth + 1) for child in node.downstream]
            return _either(branches) if branches else written
        if depth > 20:
            return written
        holder = exp.Paren(this=written)
        for column in list(holder.find_all(exp.Column)):
            child = below.get(_key(f"{column.table}.{column.name}" if column.table else column.name))
            if child is None or column.find_ancestor(exp.Query) is not None:
                continue
            made = self._written(child, depth + 1)
            nested = isinstance(made, exp.Binary | exp.Connector) and not isinstance(column.parent, exp.Func)
            column.replace(exp.Paren(this=made) if nested and column.parent is not holder else made)
        return _plain(holder.this)


def _plain(node: exp.Expr) -> exp.Expr:
    """Without the casts that reading a date format puts in."""
    for wrapped in list(node.find_all(exp.TsOrDsToTimestamp, exp.TsOrDsToDate)):
        if wrapped.parent is not None:
            wrapped.replace(wrapped.this)
    return node


def _either(branches: list[exp.Expr]) -> exp.Expr:
    """What one of several queries gives, whichever a row is from."""
    distinct = list(dict.fromkeys(branches))
    return distinct[0] if len(distinct) == 1 else exp.Anonymous(this="EITHER", expressions=distinct)


def _named(tree: exp.Expr) -> exp.Expr:
    """Every column of the answer under a name of its own."""
    for select in selects(tree):
        for place, item in enumerate(list(select.expressions)):
            if item.is_star:
                continue
            item.replace(exp.alias_(item.unalias().copy(), f"column_{place}"))
    return tree


def _stored(leaf: Node) -> str:
    assert isinstance(leaf.source, exp.Table)
    return f"{leaf.source.name}.{leaf.name.rpartition('.')[2].strip(chr(34))}"


def _key(name: str) -> str:
    return name.replace('"', "").replace("`", "").lower()


def _via(leaves: list[Node], joins: Joins | None) -> tuple[str, ...]:
    """The tables between what is counted and the column's own."""
    if joins is None or not leaves:
        return ()
    source = leaves[0].expression
    alias = source.alias_or_name if isinstance(source, exp.Table) else ""
    path = joins.path(alias)
    return tuple(joined.source.table or joined.source.alias for joined in path[1:-1])


def _counted(joins: Joins | None) -> tuple[str, ...]:
    """The table whose rows are counted; all of them where joins multiply their rows."""
    if joins is None:
        return ()
    one = joins.by_alias(joins.subject) if joins.subject else None
    return tuple(j.source.table or j.source.alias for j in ([one] if one else joins.sources))
