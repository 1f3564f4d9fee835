"""What a SELECT shows, in words: 'revenue (sum of the order values, EUR), for each country'."""

from collections.abc import Sequence

from sqlglot import exp

from graph.explain.nested import thing
from graph.explain.origins import bare, positioned
from graph.explain.scalars import formula
from graph.explain.sources import listed
from graph.explain.speaker import Speaker, Unsaid
from graph.explain.units import unit


def shown(select: exp.Select, say: Speaker, *, named: bool = False) -> str:
    """Measures, then what is listed, then the groups; `named` gives the names of columns, as in a step."""
    grouping = groups(select)
    spelled = {say.sql(node) for node in grouping}
    measures, others = [], []
    for item in _distinct(select.expressions, say):
        node = bare(item)
        if item.is_star:
            others.append("all columns")
        elif node.find(exp.AggFunc):
            measures.append(_measure(item, say, named=named))
        elif say.sql(node) not in spelled:
            others.append(_measure(item, say, named=named))
    by = list(dict.fromkeys(_said(node, say, key=True) for node in _distinct(grouping, say)))
    text = listed(measures)
    if others:
        rest = ", ".join(dict.fromkeys(others))
        text = f"{text}, with {rest}" if text else rest
    if by:
        text = f"{text}, for each {' and '.join(by)}" if text else f"each {' and '.join(by)}"
    return f"{text}, each once" if select.args.get("distinct") is not None else text


def groups(select: exp.Select) -> list[exp.Expr]:
    group = select.args.get("group")
    return [positioned(select, node) for node in group.expressions] if group is not None else []


def _distinct(nodes: Sequence[exp.Expr], say: Speaker) -> list[exp.Expr]:
    """Without the key of what is named beside it, and without last names beside first names."""
    stored = [say.origins.stored(bare(node)) for node in nodes]
    named = {s.alias for s in stored if s and say.words.names_a_row(s.table, s.column.name)}
    kept = []
    for node, found in zip(nodes, stored, strict=True):
        if found is not None and found.alias in named:
            keys = say.schema.by_name[found.table].primary_key
            if keys == (found.column.name,) or found.column.name == "last_name":
                continue
        kept.append(node)
    return kept


def _measure(item: exp.Expr, say: Speaker, *, named: bool) -> str:
    """A metric with its definition and unit; anything else with its unit."""
    node = bare(item)
    words = _said(node, say)
    of = unit(node, say)
    made = words
    if say.metric(node) is not None:
        try:
            made = formula(node, say)
        except Unsaid:
            made = say.sql(node)
    inside = ", ".join(s for s in (made if made != words else "", of if f" {of}" not in words else "") if s)
    if inside == "%" and "percent" in words:
        inside = ""
    alias = item.alias if named and isinstance(item, exp.Alias) else ""
    name = f"{alias.replace('_', ' ')} = " if len(alias) > 2 else ""
    return f"{name}{words}{f' ({inside})' if inside else ''}"


def _said(node: exp.Expr, say: Speaker, *, key: bool = False) -> str:
    try:
        return thing(node, say) if key else say.value(node)
    except Unsaid:
        return say.sql(node)
