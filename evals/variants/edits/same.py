"""When an edit changes nothing, as far as the schema tells."""

from collections.abc import Sequence

from sqlglot import exp

from evals.variants.edits.tree import COMPARED, is_join
from graph.checks.scopes import Scopes, conjuncts
from knowledge.schema import Schema

_DAY_LETTERS = 10


def already_distinct(select: exp.Select, scopes: Scopes, schema: Schema) -> bool:
    """Whether no two rows can be alike: one row, one a group, or every table's key among the columns."""
    sources = scopes.of(select)
    if select.args.get("group") or any(p.find(exp.AggFunc) for p in select.selects):
        return True
    bare = [projection.unalias() for projection in select.selects]
    shown = {(c.table.lower(), c.name.lower()) for c in bare if isinstance(c, exp.Column)}
    for source in sources:
        if source.table is None:
            if not _one_row(source.node):
                return False
            continue
        spaces = {source.alias.lower()} | ({""} if len(sources) == 1 else set())
        key = schema.by_name[source.table].primary_key
        if not key or not all(any((space, name.lower()) in shown for space in spaces) for name in key):
            return False
    return bool(sources)


def follows(keys: Sequence[exp.Expr], number: int, scopes: Scopes, schema: Schema) -> bool:
    """Whether a grouping key is fixed by the others: they hold its table's primary key."""
    gone = keys[number]
    table = scopes.table_of(gone) if isinstance(gone, exp.Column) else None
    if table is None or not isinstance(gone, exp.Column):
        return False
    others = [key for n, key in enumerate(keys) if n != number and isinstance(key, exp.Column)]
    left = {other.name for other in others if other.table == gone.table}
    primary = schema.by_name[table].primary_key
    return bool(primary) and set(primary) <= left


def same_in_text(node: exp.Expr, tree: exp.Expr, schema: Schema) -> bool:
    """Whether < and <= are the same: in SQLite no timestamp is equal to a bare day, as texts."""
    if schema.dialect != "sqlite" or isinstance(node, exp.EQ | exp.NEQ):
        return False
    own, other = node.this, node.expression
    if not isinstance(own, exp.Column) or not isinstance(other, exp.Literal):
        return False
    table = Scopes(tree, schema).table_of(own) if len(other.name) == _DAY_LETTERS else None
    column = schema.by_name[table].by_name.get(own.name) if table else None
    return column is not None and column.is_temporal and "TIME" in column.type


def may_be_null(node: exp.Expr, tree: exp.Expr, schema: Schema) -> bool:
    """Whether an expression can be NULL; a column that is declared NOT NULL cannot, inside inner joins."""
    if not isinstance(node, exp.Column):
        return not isinstance(node, exp.Literal)
    table = Scopes(tree, schema).table_of(node)
    own = schema.by_name[table].by_name.get(node.name) if table else None
    outer = any(join.side for join in tree.find_all(exp.Join))
    return outer or own is None or (own.nullable and own.name not in schema.by_name[table or ""].primary_key)


def same_either_side(join: exp.Join, tree: exp.Expr, schema: Schema) -> bool:
    """Whether an outer join gives what the inner one gives: every row finds its parent, or WHERE drops those
    that do not.
    """
    select = join.find_ancestor(exp.Select)
    alias = join.this.alias_or_name.lower()
    where = select.args.get("where") if select is not None else None
    for condition in conjuncts(where.this if where else None):
        rejecting = isinstance(condition, (exp.Between, exp.In, exp.Like, *COMPARED))
        if isinstance(condition, exp.Not):
            rejecting = isinstance(condition.this, exp.Is | exp.In | exp.Like)
        reads = any(column.table.lower() == alias for column in condition.find_all(exp.Column))
        if rejecting and reads and condition.find(exp.Coalesce, exp.Case) is None:
            return True
    return not join.side and _finds_parent(join, Scopes(tree, schema), schema)


def _finds_parent(join: exp.Join, scopes: Scopes, schema: Schema) -> bool:
    """Whether a join goes along a foreign key whose columns are never empty."""
    pairs = {}
    for part in conjuncts(join.args.get("on")):
        if not is_join(part):
            return False
        left, right = part.this, part.expression
        if left.table.lower() != join.this.alias_or_name.lower():
            left, right = right, left
        pairs[right.name, scopes.table_of(right)] = left.name
    to_table = join.this.name if isinstance(join.this, exp.Table) else ""
    for key in schema.foreign_keys:
        own = {(name, key.table): to for name, to in zip(key.columns, key.to_columns, strict=True)}
        columns = schema.by_name[key.table].by_name
        if key.to_table == to_table and own == pairs and not any(columns[n].nullable for n in key.columns):
            return True
    return False


def _one_row(node: exp.Expr) -> bool:
    """Whether a derived table is an aggregate without groups."""
    inner = node.this if isinstance(node, exp.Subquery) else None
    return (
        isinstance(inner, exp.Select)
        and not inner.args.get("group")
        and all(projection.find(exp.AggFunc) for projection in inner.selects)
    )
