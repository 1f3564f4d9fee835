"""Stored columns in words, and what is counted of them."""

from sqlglot import exp

from graph.explain.origins import Stored, bare
from graph.explain.speaker import Speaker
from knowledge.plural import plural


def column_words(found: Stored, say: Speaker, *, plain: bool = False) -> str:
    """A stored column: 'country' for the name of a country, 'city of the warehouse' among several tables.

    `plain` leaves the table out.
    """
    table, name = found.table, found.column.name
    noun = say.noun(found)
    if say.words.names_a_row(table, name):
        return noun if name != "last_name" else f"last name of the {noun}"
    keyed = say.schema.by_name[table].primary_key
    if (name,) == keyed:
        return f"{noun} {'number' if name.lower().endswith(('id', 'no', 'number')) else 'code'}"
    key = next((k for k in say.schema.foreign_keys if k.table == table and k.columns == (name,)), None)
    if key is not None and not say.words.is_said(found.full_name):
        target = say.words.noun(key.to_table)
        role = name.lower().removesuffix("_id").removesuffix("_code").replace("_", " ")
        words = target if role == key.to_table.rstrip("s") or role == target else role
        return words if plain or say.is_subject(found) else f"{words} of the {noun}"
    words = say.words.column(found.full_name)
    if plain or (say.words.is_said(found.full_name) and noun == say.words.noun(table)):
        return words
    alone = len(say.joins(found.select).sources) == 1 and found.select.parent_select is None
    return words if alone or noun in words else f"{words} of the {noun}"


def counted(select: exp.Select | None, say: Speaker) -> str:
    """'orders', for COUNT(*)."""
    if select is None:
        return "rows"
    return plural(say.subject(select))


def many(node: exp.Expr, say: Speaker) -> str:
    """'net amounts of orders', for what is added up."""
    stored = say.origins.stored(node)
    if stored is None:
        return say.value(node)
    noun = say.noun(stored)
    head, of, rest = say.words.column(stored.full_name).partition(" of ")
    if (stored.column.name,) == say.schema.by_name[stored.table].primary_key:
        return plural(noun)
    words = f"{plural(head)}{of}{rest}"
    return words if noun in words else f"{words} of {plural(noun)}"


def counted_thing(node: exp.Expr, say: Speaker) -> str:
    stored = say.origins.stored(bare(node))
    if stored is None:
        return plural(say.value(node))
    name = stored.column.name
    key = next((k for k in say.schema.foreign_keys if k.table == stored.table and k.columns == (name,)), None)
    if key is not None:
        role = name.lower().removesuffix("_id").removesuffix("_code").replace("_", " ")
        target = say.words.noun(key.to_table)
        return plural(target if role in target or target in role else role)
    if (name,) == say.schema.by_name[stored.table].primary_key:
        return plural(say.noun(stored))
    return plural(column_words(stored, say, plain=True))
