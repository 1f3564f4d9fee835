"""The short prompt of a specialist, and the way back: slots in its SQL become literals.

A specialist knows its schema by heart, so its prompt is the question with slots and, for each value slot, the
columns where that value stands: `revenue in <v1> <d1>|<v1>co.name`. It answers with SQL of the same slots.
"""

import re
from collections.abc import Iterable

from graph.constraint.names import written
from graph.models.base import Prompt
from knowledge.examples import Example
from knowledge.link import Linked, Linker, Reading, Slot
from knowledge.schema import Schema

ASK, WRITE, END = "<|ask|>", "<|sql|>", "<|end|>"
SCHEMA, WRONG = "<|schema|>", "<|wrong|>"
SLOTS = tuple(f"<{name}{n}>" for name in "vn" for n in range(1, 7)) + tuple(
    f"<d{n}{side}>" for n in range(1, 5) for side in ("", "a", "b")
)
SLOT = re.compile(r"<([vnd]\d)([ab]?)>")
QUALIFIED = r"([^\W\d]\w*)\.(\w+|\"[^\"]+\"|`[^`]+`)"
"""A column behind its table's alias, in quotes where its name needs them."""

_COMPARED = re.compile(QUALIFIED + r"\s*(?:=|<>|!=|(?:NOT )?IN \((?!SELECT)[^()]*|LIKE)\s*$", re.IGNORECASE)
MOST_READINGS = 3


class SlotError(Exception):
    """The SQL names a slot that the question lacks, or compares one with a column without that value."""


def prompt_text(linked: Linked, schema: Schema) -> str:
    """The whole prompt as text."""
    links = "".join(
        f"|<{slot.name}>{_columns(slot, schema)}" for slot in linked.slots if slot.kind == "value"
    )
    text = linked.text.replace("<|", "< |")  # nobody types a control token
    return f"{ASK}{text}{links}{WRITE}"


def question_of(prompt: str) -> str:
    """The question of a prompt that stands alone, with its slots.

    >>> question_of("<|ask|>revenue in <v1>|<v1>co.name<|sql|>")
    'revenue in <v1>'
    """
    return prompt.removeprefix(ASK).removesuffix(WRITE).partition("|")[0]


def again_text(prompt: str, wrong: str, trouble: str) -> str:
    """The prompt that tells what was wrong with a statement (with its slots): a check's name, or 'database'.

    >>> again_text("<|ask|>count orders<|sql|>", "SELECT COUNT(*) FROM order", "names")
    '<|ask|>count orders<|wrong|>SELECT COUNT(*) FROM order|names<|sql|>'
    """
    return f"{prompt.removesuffix(WRITE)}{WRONG}{wrong}|{trouble}{WRITE}"


def behind_example(prompt: str, question: str, sql: str) -> str:
    """The prompt behind another question, in slots of its own, and its SQL, ended as the model ends it.

    >>> behind_example("<|ask|>gizmos in <v1><|sql|>", "gizmos", "SELECT COUNT(*) FROM parts p")
    '<|ask|>gizmos<|sql|>SELECT COUNT(*) FROM parts p<|end|><|ask|>gizmos in <v1><|sql|>'
    """
    return f"{ASK}{question}{WRITE}{sql}{END}{prompt}"


def behind_turn(prompt: str, before: str, sql: str) -> str:
    """The prompt of an edit behind the prompt before and its SQL, which goes on: it is not ended.

    >>> behind_turn("<|ask|>and in <v1><|sql|>", "<|ask|>orders<|sql|>", "SELECT COUNT(*) FROM orders o")
    '<|ask|>orders<|sql|>SELECT COUNT(*) FROM orders o<|ask|>and in <v1><|sql|>'
    """
    return f"{before}{sql}{prompt}"


def prompt(linked: Linked, schema: Schema, wrong: str = "", trouble: str = "") -> Prompt:
    """`wrong` and its `trouble` belong to a second try."""
    text = prompt_text(linked, schema)
    return Prompt(head="", tail=again_text(text, wrong, trouble) if wrong else text)


def _columns(slot: Slot, schema: Schema) -> str:
    known = (r for r in slot.readings if r.table in schema.aliases)
    names = dict.fromkeys(qualified(r.table, r.column, schema) for r in known)
    return "/".join(sorted(names)[:MOST_READINGS])


def qualified(table: str, column: str, schema: Schema) -> str:
    """A column as a specialist writes it."""
    return f"{schema.aliases[table]}.{written(column, schema.dialect)}"


def bare(name: str) -> str:
    """A name without its quotes."""
    return name.strip('"`')


def fill(sql: str, linked: Linked, schema: Schema) -> str:
    """Put literals for slots. Raises SlotError."""
    slots = {slot.name: slot for slot in linked.slots}

    def literal(match: re.Match[str]) -> str:
        slot = slots.get(match.group(1))
        if slot is None:
            raise SlotError(f"the question has no slot {match.group(0)}")
        if slot.kind == "number":
            number = slot.number or 0
            return str(int(number)) if number == int(number) else str(number)
        if slot.kind == "date":
            assert slot.window is not None
            day = slot.window.last if match.group(2) == "b" else slot.window.first
            return f"'{day.isoformat()}'"
        return _quoted(_value(slot, sql[: match.start()], schema))

    return SLOT.sub(literal, sql)


def _value(slot: Slot, before: str, schema: Schema) -> str:
    """The stored value in the column that the slot is compared with; the likeliest where that is unclear."""
    compared = _COMPARED.search(before)
    if compared is None:
        return slot.readings[0].value
    alias, column = compared.groups()
    for reading in slot.readings:
        if _reads(reading, alias.rstrip("0123456789"), bare(column), schema):
            return reading.value
    raise SlotError(f"{alias}.{column} has no value '{slot.text}'")


def _reads(reading: Reading, alias: str, column: str, schema: Schema) -> bool:
    """A full name is compared as `first_name || ' ' || last_name`, so its last part meets the sign; a key has
    the values of the column that it points to.
    """
    wanted = "last_name" if reading.column == "full_name" else reading.column
    if alias == schema.aliases[reading.table] and column == wanted:
        return True
    table = next((table for table, known in schema.aliases.items() if known == alias), "")
    return schema.sources.get((table, column)) == (reading.table, reading.column)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def signature(slots: Iterable[Slot]) -> tuple[str, ...]:
    """What kinds of slots a question has: a value slot by its columns."""
    return tuple(sorted(_kind(slot) for slot in slots))


def _kind(slot: Slot) -> str:
    if slot.kind != "value":
        return slot.kind
    return "value:" + ",".join(sorted({f"{r.table}.{r.column}" for r in slot.readings}))


def neighbour_sql(example: Example, linker: Linker, linked: Linked, schema: Schema) -> str | None:
    """The SQL of a like question with our literals in place of its own; None where their slots do not match.

    Examples with slots in their SQL (the pairs that a specialist was taught) are filled; in verified examples
    the literals that their own question's slots stand for are replaced.
    """
    theirs = linker.link(example.question)
    mapped = _mapped(theirs.slots, linked.slots)
    if mapped is None:
        return None
    if SLOT.search(example.sql):
        slotted = SLOT.sub(lambda m: f"<{mapped.get(m.group(1), m.group(1))}{m.group(2)}>", example.sql)
    else:
        slotted = _slotted(example.sql, theirs, mapped)
    try:
        return fill(slotted, linked, schema)
    except SlotError:
        return None


def _mapped(theirs: Iterable[Slot], ours: Iterable[Slot]) -> dict[str, str] | None:
    """Their slot names -> ours, one to one by kind and column, in order; None where they differ."""
    left = list(ours)
    mapped: dict[str, str] = {}
    for slot in theirs:
        match = next((o for o in left if _kind(o) == _kind(slot)), None)
        if match is None:
            match = next((o for o in left if o.kind == slot.kind and _share_column(o, slot)), None)
        if match is None:
            return None
        left.remove(match)
        mapped[slot.name] = match.name
    return None if left else mapped


def _share_column(one: Slot, other: Slot) -> bool:
    columns = {(r.table, r.column) for r in one.readings}
    return bool(columns & {(r.table, r.column) for r in other.readings})


def _slotted(sql: str, theirs: Linked, mapped: dict[str, str]) -> str:
    for slot in theirs.slots:
        name = mapped[slot.name]
        if slot.kind == "value":
            for reading in slot.readings:
                sql = sql.replace(_quoted(reading.value), f"<{name}>")
        elif slot.kind == "date" and slot.window is not None:
            sql = sql.replace(f"'{slot.window.first.isoformat()}'", f"<{name}a>")
            sql = sql.replace(f"'{slot.window.last.isoformat()}'", f"<{name}b>")
        elif slot.number is not None and slot.number == int(slot.number):
            sql = re.sub(rf"(?<![\w.'<]){int(slot.number)}(?![\w.'>])", f"<{name}>", sql)
    return sql
