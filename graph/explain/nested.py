"""Queries within conditions and expressions: 'there is no refund of the order'."""

from sqlglot import exp

from graph.checks.scopes import conjuncts
from graph.explain.columns import column_words
from graph.explain.origins import bare
from graph.explain.speaker import Speaker, Unsaid
from knowledge.plural import plural

_SPOKEN = frozenset(
    {"expressions", "from_", "joins", "where", "group", "having", "order", "limit", "distinct", "kind"}
)


def among(left: exp.Expr, query: exp.Expr, say: Speaker, *, none: bool) -> str:
    """`left IN (SELECT ...)`."""
    select = _plain(query)
    if len(select.expressions) != 1 or isinstance(left, exp.Tuple):
        raise Unsaid
    shown = bare(select.expressions[0])
    what = thing(left, say)
    conditions = _conditions(select, say)
    things = _things(shown, select, say)
    rest = f"{_that(conditions, select, say)}{_rest(select, say)}"
    return f"{what} is {'none of' if none else 'one of'} the {things}{rest}"


def present(query: exp.Expr, say: Speaker, *, none: bool) -> str:
    """`EXISTS (SELECT ...)`; the conditions that tie it to the query around it are said as 'of the order'."""
    select = _plain(query)
    tied, free = _tied(select, say)
    conditions = [*_loose(select, free, say)]
    noun = say.subject(select)
    of = f" of the {' and the '.join(tied)}" if tied else ""
    amount = "no" if none else "at least one"
    return f"there is {amount} {noun}{of}{_sources(select, say)}{_where(conditions)}{_rest(select, say)}"


def scalar(query: exp.Expr, say: Speaker) -> str:
    """A query that gives one value: 'the average of the list prices of products'."""
    select = _plain(query)
    if len(select.expressions) != 1:
        raise Unsaid
    tied, free = _tied(select, say)
    conditions = _loose(select, free, say)
    of = f" of the {' and the '.join(tied)}" if tied else ""
    words = say.value(bare(select.expressions[0]))
    return f"the {words}{of}{_sources(select, say)}{_where(conditions)}{_rest(select, say)}"


def _plain(query: exp.Expr) -> exp.Select:
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select) or query.args.get("with_") is not None:
        raise Unsaid
    if {name for name, given in query.args.items() if given} - _SPOKEN:
        raise Unsaid
    return query


def thing(node: exp.Expr, say: Speaker) -> str:
    """'customer' for a key that points to customers."""
    stored = say.origins.stored(node)
    if stored is None:
        return say.value(node)
    if (stored.column.name,) == say.schema.by_name[stored.table].primary_key:
        return say.noun(stored)
    return column_words(stored, say)


def _things(node: exp.Expr, select: exp.Select, say: Speaker) -> str:
    """What a query lists, in the plural, with where it is listed."""
    stored = say.origins.stored(node)
    if stored is None:
        return f"{plural(say.value(node))}{_sources(select, say)}"
    if (stored.column.name,) == say.schema.by_name[stored.table].primary_key and len(
        say.joins(select).sources
    ) == 1:
        return plural(say.noun(stored))
    words = plural(column_words(stored, say, plain=True))
    nouns = plural(say.noun(stored))
    return (
        f"{words}{_sources(select, say)}" if words == nouns else f"{words} of {nouns}{_sources(select, say)}"
    )


def _tied(select: exp.Select, say: Speaker) -> tuple[list[str], list[exp.Expr]]:
    """The rows around that a query's conditions tie it to by key, and its other conditions."""
    where = select.args.get("where")
    parts = list(conjuncts(where.this)) if where is not None else []
    own = {j.source.alias.lower() for j in say.joins(select).sources}
    tied: list[str] = []
    free = []
    for part in parts:
        outer = _outer(part, own, say)
        if outer:
            tied.append(outer)
        else:
            free.append(part)
    return tied, free


def _outer(part: exp.Expr, own: set[str], say: Speaker) -> str:
    """'order' for `r.order_id = o.order_id`, where o stands in the query around; empty for all else."""
    if not isinstance(part, exp.EQ):
        return ""
    sides = [say.origins.stored(bare(part.this)), say.origins.stored(bare(part.expression))]
    mine = next((s for s in sides if s and s.alias.lower() in own), None)
    other = next((s for s in sides if s and s.alias.lower() not in own), None)
    if mine is None or other is None:
        return ""
    for key in say.schema.foreign_keys:
        ends = {(key.table, name) for name in key.columns} | {(key.to_table, name) for name in key.to_columns}
        if ends == {(mine.table, mine.column.name), (other.table, other.column.name)}:
            return say.noun(other)
    if mine.table == other.table and (mine.column.name,) == say.schema.by_name[mine.table].primary_key:
        return f"same {say.noun(other)}"
    return ""


def _loose(select: exp.Select, free: list[exp.Expr], say: Speaker) -> list[str]:
    from graph.explain.conditions import all_of, grouped

    joins = say.joins(select)
    keyed = {id(key) for joined in joins.sources for key in joined.keyed}
    found = grouped([p for p in free if id(p) not in keyed], say)
    for joined in joins.sources:
        for rest in joined.rest:
            found += all_of(rest, say)
    return found


def _conditions(select: exp.Select, say: Speaker) -> list[str]:
    tied, free = _tied(select, say)
    return [*(f"of the {noun}" for noun in tied), *_loose(select, free, say)]


def _sources(select: exp.Select, say: Speaker) -> str:
    """' with their customers', for what a query joins; raises Unsaid for joins by no key."""
    joins = say.joins(select)
    if joins.strange or (len(joins.sources) > 1 and any(j.using for j in joins.sources)):
        raise Unsaid
    found = []
    for joined in joins.sources:
        if joined.source.table is None:
            raise Unsaid
        if joined is joins.sources[0]:
            continue
        if not joined.other:
            raise Unsaid
        nouns = plural(say.noun_of(joined, select))
        found.append(f"{nouns}{', where there are any,' if joined.side else ''}")
    base = joins.sources[0] if joins.sources else None
    if base is not None and found and joins.subject and joins.subject != base.source.alias:
        found = [plural(say.noun_of(base, select)), *found]
        subject = plural(say.subject(select))
        found = [noun for noun in found if noun != subject]
    return f" (with their {' and '.join(found)})" if found else ""


def _that(conditions: list[str], select: exp.Select, say: Speaker) -> str:
    """' that are test' for conditions that say what the rows are."""
    lead = f"{say.subject(select)} is "
    if len(conditions) == 1 and conditions[0].startswith(lead):
        return f" that are {conditions[0].removeprefix(lead)}"
    return _where(conditions)


def _where(conditions: list[str]) -> str:
    return f" where {' and '.join(conditions)}" if conditions else ""


def _rest(select: exp.Select, say: Speaker) -> str:
    """Grouping, order and number of rows, where a query has them."""
    from graph.explain.conditions import all_of
    from graph.explain.ordering import limited, ordered
    from graph.explain.origins import positioned

    parts = []
    if (group := select.args.get("group")) is not None:
        if {name for name, given in group.args.items() if given} - {"expressions"}:
            raise Unsaid
        by = [thing(positioned(select, e), say) for e in group.expressions]
        parts.append(f"for each {' and '.join(by)}")
    if (having := select.args.get("having")) is not None:
        parts.append(f"whose {' and '.join(all_of(having.this, say))}")
    limit = limited(select, say)
    if limit:
        order = ordered(select, say)
        parts.append(f"{limit}{f' by {order}' if order else ''}")
    return f", {', '.join(parts)}" if parts else ""
