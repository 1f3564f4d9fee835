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
