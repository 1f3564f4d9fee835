"""Sums, averages and counts in words, those under a condition too."""

from sqlglot import exp

from graph.explain.columns import counted, counted_thing, many
from graph.explain.origins import bare
from graph.explain.speaker import Speaker, Unsaid
from graph.explain.units import is_zero
from knowledge.plural import plural

AGGREGATES: dict[type[exp.Expr], str] = {
    exp.Sum: "sum of", exp.Avg: "average of", exp.Max: "highest", exp.Min: "lowest",
}  # fmt: skip


def aggregate(node: exp.Expr, say: Speaker) -> str:
    inner = node.this
    distinct = ""
    if isinstance(inner, exp.Distinct):
        if len(inner.expressions) != 1:
            raise Unsaid
        inner, distinct = inner.expressions[0], "different "
    lead = AGGREGATES[type(node)]
    inner = bare(inner)
    if isinstance(inner, exp.Case) and len(inner.args["ifs"]) == 1 and inner.this is None:
        return _conditional(lead, inner, distinct, say)
    if isinstance(inner, exp.Predicate):
        verb = "share of" if isinstance(node, exp.Avg) else "number of" if isinstance(node, exp.Sum) else ""
        if not verb:
            raise Unsaid
        return f"{verb} {counted(node.find_ancestor(exp.Select), say)} where {say.condition(inner)}"
    if isinstance(node, exp.Max | exp.Min):
        temporal = isinstance(inner, exp.Column) and (s := say.origins.stored(inner)) and s.column.is_temporal
        lead = {exp.Max: "latest", exp.Min: "earliest"}[type(node)] if temporal else lead
        return f"{lead} {distinct}{say.value(inner)}"
    return f"{lead} the {distinct}{many(inner, say)}"


def _conditional(lead: str, case: exp.Case, distinct: str, say: Speaker) -> str:
    branch, other = case.args["ifs"][0], case.args.get("default")
    then = branch.args["true"]
    where = say.condition(branch.this)
    if other is not None and not is_zero(other) and not isinstance(other, exp.Null):
        raise Unsaid
    if isinstance(then, exp.Literal) and then.is_number and float(then.name) == 1:
        rows = counted(case.find_ancestor(exp.Select), say)
        if lead == "sum of":
            return f"number of {rows} where {where}"
        if lead == "average of" and other is not None:
            return f"share of {rows} where {where}"
        raise Unsaid
    nothing = " (0 elsewhere)" if other is not None and lead != "sum of" else ""
    joined = lead if lead in ("highest", "lowest") else f"{lead} the"
    return f"{joined} {distinct}{many(then, say)} where {where}{nothing}"


def count(node: exp.Expr, say: Speaker) -> str:
    select = node.find_ancestor(exp.Select)
    inner = node.this
    if (
        inner is None
        or isinstance(inner, exp.Star)
        or (isinstance(inner, exp.Literal) and not node.expressions)
    ):
        known = _count_metric(select, say)
        return known or f"number of {counted(select, say)}"
    if isinstance(inner, exp.Distinct):
        things = [counted_thing(e, say) for e in inner.expressions]
        together = " and ".join(things) if len(things) == 1 else f"combinations of {' and '.join(things)}"
        return f"number of different {together}"
    inner = bare(inner)
    if isinstance(inner, exp.Case) and len(inner.args["ifs"]) == 1 and inner.this is None:
        if inner.args.get("default") is not None:
            raise Unsaid
        branch = inner.args["ifs"][0]
        then, where = branch.args["true"], say.condition(branch.this)
        if isinstance(then, exp.Distinct) or not isinstance(then, exp.Literal):
            return f"number of {counted(select, say)} with {say.value(then)} where {where}"
        return f"number of {counted(select, say)} where {where}"
    stored = say.origins.stored(inner)
    if stored is not None and (stored.column.name,) == say.schema.by_name[stored.table].primary_key:
        return f"number of {plural(say.noun(stored))}"
    return f"number of {counted(select, say)} with {say.value(inner)}"


def _count_metric(select: exp.Select | None, say: Speaker) -> str:
    """COUNT(*) is the metric that counts the key of what the rows are."""
    if select is None:
        return ""
    joins = say.joins(select)
    joined = joins.by_alias(joins.subject) if joins.subject else None
    table = joined.source.table if joined is not None else None
    keys = say.schema.by_name[table].primary_key if table else ()
    term = say.metric_of(f"count({table}.{keys[0]})".lower(), select) if len(keys) == 1 else None
    return term.term if term else ""
