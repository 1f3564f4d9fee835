"""Where rows come from, in words: 'orders, their customers and the countries of those customers'."""

from sqlglot import exp

from graph.checks.scopes import query_of
from graph.explain.joins import Joined, Joins
from graph.explain.speaker import Speaker
from knowledge.plural import plural

_SOME = {
    "LEFT": " where there are any", "RIGHT": " whether or not they match", "FULL": " of either side",
}  # fmt: skip


def sources(select: exp.Select, joins: Joins, say: Speaker) -> str:
    """Empty where a statement reads nothing."""
    if not joins.sources:
        return ""
    parts = [_source(joined, select, joins, say) for joined in joins.sources]
    text = listed(parts)
    if len(parts) > 1 and not joins.subject and all(j.source.table for j in joins.sources):
        text += "; rows may repeat, once for each match"
    return text


def many(joined: Joined, select: exp.Select, say: Speaker) -> str:
    return plural(say.noun_of(joined, select))


def listed(parts: list[str]) -> str:
    """'a, b and c'."""
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + "".join(parts[-1:])


def _source(joined: Joined, select: exp.Select, joins: Joins, say: Speaker) -> str:
    what, some = _name(joined, select, say), _SOME.get(joined.side, "")
    if joined is joins.sources[0]:
        return what
    above = joins.by_alias(joined.other) if joined.other else None
    if joined.shared:
        return f"the {what} of the same {say.words.noun(joined.shared)}{some}"
    if above is not None:
        base = above is joins.sources[0]
        return (f"their {what}" if base else f"the {what} of those {many(above, select, say)}") + some
    if joined.using:
        return f"{what} with the same {listed(list(joined.using))}{some}"
    return f"{what} that match{some}" if joined.rest else f"every combination with {what}"


def _name(joined: Joined, select: exp.Select, say: Speaker) -> str:
    node = joined.source.node
    if joined.source.table is not None:
        return many(joined, select, say)
    if query_of(joined.source) is None:
        return say.sql(node)
    return f"the step {node.name if isinstance(node, exp.Table) else joined.source.alias}"
