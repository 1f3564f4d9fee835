"""English plurals, as far as nouns of a glossary need them."""

import re

_IRREGULAR = {
    "person": "people",
    "stock": "stock",
    "staff": "staff",
    "merchandise": "merchandise",
    "man": "men",
    "sales": "sales",
    "equipment": "equipment",
}


def plural(noun: str) -> str:
    """'category' -> 'categories', 'line item' -> 'line items'."""
    head, _, last = noun.rpartition(" ")
    if last in _IRREGULAR:
        many = _IRREGULAR[last]
    elif re.search(r"[^aeiou]y$", last):
        many = last[:-1] + "ies"
    elif re.search(r"(s|x|z|ch|sh)$", last):
        many = last + "es"
    else:
        many = last + "s"
    return f"{head} {many}".strip()


def singular_noun(noun: str) -> str:
    """'categories' -> 'category', 'order items' -> 'order item', 'people' -> 'person'."""
    head, _, last = noun.rpartition(" ")
    one = next((one for one, many in _IRREGULAR.items() if many == last), last)
    if one == last and last not in _IRREGULAR:
        one = _without_ending(last)
    return f"{head} {one}".strip()


def _without_ending(noun: str) -> str:
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if re.search(r"(ss|us|is)$", noun) or not noun.endswith("s"):
        return noun
    return noun[:-2] if re.search(r"(sh|ch|x|ss)es$", noun) else noun[:-1]
