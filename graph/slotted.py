"""A statement with the question's slots in place of its literals, as a specialist writes it."""

from sqlglot import exp

from graph.canonical import NotCanonicalError, canonical, text_of
from graph.checks import CheckContext, Finding, strip_rules
from graph.checks.parse import parse
from knowledge.link import Linked, Slot


def without_rules(sql: str, context: CheckContext) -> exp.Expr:
    """The statement in the canonical form, without what rules add. Raises NotCanonicalError."""
    tree = parse(sql, context)
    if isinstance(tree, Finding):
        raise NotCanonicalError(tree.why)
    plain = strip_rules(tree, context.schema, list(context.rules), context.question)
    found = parse(canonical(plain, context.schema), context)
    if isinstance(found, Finding):
        raise NotCanonicalError(found.why)
    return found


def slotted(tree: exp.Expr, linked: Linked, dialect: str) -> str:
    """The canonical text with the question's slots for its literals; a literal that nobody said stays."""
    tree = tree.copy()
    for node in list(tree.find_all(exp.Literal)):
        if isinstance(node.parent, exp.Ordered | exp.Group):
            continue  # a column's place
        slot = next((slot for slot in linked.slots if means(slot, node)), None)
        if slot is not None:
            node.replace(exp.Var(this=f"<{slot.name}{_side(slot, node)}>"))
    return text_of(tree, dialect)


def means(slot: Slot, node: exp.Expr) -> bool:
    """Whether a literal is what the slot stands for."""
    if slot.kind == "number":
        return not node.is_string and slot.number is not None and float(node.name) == slot.number
    if not node.is_string:
        return False
    if slot.kind == "value":
        return any(reading.value.lower() == node.name.lower() for reading in slot.readings)
    return slot.window is not None and node.name in (
        slot.window.first.isoformat(),
        slot.window.last.isoformat(),
    )


def _side(slot: Slot, node: exp.Expr) -> str:
    if slot.kind != "date" or slot.window is None:
        return ""
    return "a" if node.name == slot.window.first.isoformat() else "b"
