"""Which expressions are whole numbers, whatever the rows hold."""

from sqlglot import exp

from graph.checks.scopes import Scopes, column_name

_SAME = (exp.Paren, exp.Neg, exp.Abs, exp.Min, exp.Max)
_BOTH = (exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.IntDiv)


def is_whole(node: exp.Expr, scopes: Scopes) -> bool:
    """Whether an expression is of an integer type for certain."""
    if isinstance(node, exp.Literal):
        return not node.is_string and node.name.isdigit()
    if isinstance(node, exp.Column):
        return _column_is_whole(node, scopes)
    if isinstance(node, exp.Count):
        return True
    if isinstance(node, exp.Sum):
        return _sum_is_whole(node, scopes)
    if isinstance(node, _SAME):
        return is_whole(node.this, scopes)
    if isinstance(node, _BOTH):
        return is_whole(node.this, scopes) and is_whole(node.expression, scopes)
    if isinstance(node, exp.Div):
        return is_whole(node.this, scopes) and is_whole(node.expression, scopes)
    if isinstance(node, exp.Nullif):
        return is_whole(node.this, scopes)
    if isinstance(node, exp.Coalesce):
        return all(is_whole(part, scopes) for part in (node.this, *node.expressions))
    if isinstance(node, exp.Case):
        results = [branch.args["true"] for branch in node.args["ifs"]]
        default = node.args.get("default")
        results += [default] if default is not None else []
        return all(isinstance(result, exp.Null) or is_whole(result, scopes) for result in results)
    if isinstance(node, exp.Cast):
        return node.to.is_type(*exp.DataType.INTEGER_TYPES)
    if isinstance(node, exp.Predicate):
        return scopes.schema.dialect == "sqlite"
    if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Select):
        return len(node.this.expressions) == 1 and is_whole(node.this.expressions[0].unalias(), scopes)
    return False


def _column_is_whole(column: exp.Column, scopes: Scopes) -> bool:
    source = scopes.source_of(column)
    if source is None:
        return False
    if source.table is None:
        inner = scopes.behind(column, source)
        return inner is not None and inner is not column and is_whole(inner, scopes)
    found = scopes.schema.by_name[source.table].by_name.get(
        column_name(scopes.schema, source.table, column.name)
    )
    return found is not None and _is_integer_type(found.type)


def _is_integer_type(kind: str) -> bool:
    return "INT" in kind and not any(word in kind for word in ("INTERVAL", "POINT"))


def _sum_is_whole(node: exp.Sum, scopes: Scopes) -> bool:
    """PostgreSQL adds up its largest integers to numerics."""
    inner = node.this
    if isinstance(inner, exp.Distinct) and len(inner.expressions) == 1:
        inner = inner.expressions[0]
    if not is_whole(inner, scopes):
        return False
    if scopes.schema.dialect != "postgres":
        return True
    return not any(_is_big(column, scopes) for column in inner.find_all(exp.Column))


def _is_big(column: exp.Column, scopes: Scopes) -> bool:
    base = scopes.base_of(column)
    if base is None:
        return True
    found = scopes.schema.by_name[base[0]].by_name.get(base[1])
    return found is None or "BIGINT" in found.type
