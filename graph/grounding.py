"""Does a statement speak of what the question names, and of nothing else? Counted before rules are added."""

import re
from dataclasses import dataclass

from graph.specialist import QUALIFIED, SLOT, bare
from knowledge.link import Linked
from knowledge.schema import Schema

_COMPARED = re.compile(QUALIFIED + r" (?:=|<>|(?:NOT )?IN) (\([^()]*\)|'[^']*'|\d+)")
_LITERAL = re.compile(r"'([^']*)'|\b(\d+)\b")


@dataclass(frozen=True)
class Grounding:
    """`unused`: values and dates of the question that have a slot, but not in the statement. `missing`: words
    of the question that are values of enum columns, and are not compared. `unfounded`: values that are
    compared, though the question does not name them.
    """

    unused: int = 0
    missing: int = 0
    unfounded: int = 0


UNKNOWN = Grounding()


def grounding(sql: str, linked: Linked, schema: Schema, *, slotted: bool) -> Grounding:
    """Of a model's statement with slots, or (`slotted` False) of one with its literals filled in."""
    tables = {alias: table for table, alias in schema.aliases.items()}
    compared = {
        (tables.get(alias.rstrip("0123456789"), alias), bare(column), text or number)
        for alias, column, body in _COMPARED.findall(sql)
        for text, number in _LITERAL.findall(SLOT.sub("", body))
    }
    slots = {(r.table, r.column, r.value) for slot in linked.slots for r in slot.readings}
    named = {(hit.table, hit.column, hit.value) for hit in linked.hits}
    spans: dict[int, set[tuple[str, str, str]]] = {}
    for hit in linked.hits:
        spans.setdefault(hit.start, set()).add((hit.table, hit.column, hit.value))
    used = {match.group(1) for match in SLOT.finditer(sql)}
    return Grounding(
        sum(slot.kind != "number" and slot.name not in used for slot in linked.slots) if slotted else 0,
        sum(not readings & compared for readings in spans.values()),
        len({found for found in compared if found not in named | slots and _is_value(found[2])}),
    )


def _is_value(text: str) -> bool:
    """A literal that stands for data: no format, no date, no number beyond a code."""
    return bool(text.strip()) and "%" not in text and not re.match(r"\d{2,}", text)
