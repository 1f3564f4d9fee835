"""The plural of an English noun, for sentences to people."""


def plural(noun: str) -> str:
    """
    >>> plural("delivery"), plural("stock record"), plural("box"), plural("staff"), plural("day")
    ('deliveries', 'stock records', 'boxes', 'staff', 'days')
    """
    if noun.endswith(("s", "staff", "equipment", "stock")):
        return noun
    if noun.endswith(("x", "ch", "sh", "z")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return f"{noun[:-1]}ies"
    return f"{noun}s"
