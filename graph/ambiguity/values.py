"""A value that stands in several columns: which one the rest of the question decides on, if any."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.vocabulary import Mention, Vocabulary, roots
from knowledge.link import Linked, Slot
from knowledge.plural import plural
from knowledge.schema import Schema
from knowledge.values import ValueHit

Place = tuple[str, str]
_MOST_READINGS = 4


@dataclass(frozen=True)
class Span:
    """Words of the question that are a value of each of `columns`: {(table, column): value}."""

    start: int
    end: int
    columns: dict[Place, str]


def spans(linked: Linked) -> list[Span]:
    """Every value of the question, by place."""
    found = [
        Span(slot.start, slot.end, {(r.table, r.column): r.value for r in reversed(slot.readings)})
        for slot in linked.slots
        if slot.kind == "value"
    ]
    places: dict[tuple[int, int], dict[Place, str]] = {}
    for hit in linked.hits:
        places.setdefault((hit.start, hit.end), {}).setdefault((hit.table, hit.column), hit.value)
    found += [Span(start, end, columns) for (start, end), columns in places.items()]
    return sorted(found, key=lambda span: span.start)


def decide(linked: Linked, vocabulary: Vocabulary) -> tuple[Linked, list[Span]]:
    """The question with the readings that it decides on, and the values that it leaves open."""
    found = spans(linked)
    others = _others(linked, found, vocabulary)
    open_ones: list[Span] = []
    chosen: dict[int, set[Place]] = {}
    for span in found:
        if len(span.columns) < 2:
            continue
        fitting = _fitting(span, found, others, vocabulary.schema)
        if len(fitting) == 1:
            chosen[span.start] = fitting
        elif len(span.columns) <= _MOST_READINGS:
            open_ones.append(replace(span, columns={p: v for p, v in span.columns.items() if p in fitting}))
    return _pruned(linked, chosen), open_ones


def _others(linked: Linked, found: Sequence[Span], vocabulary: Vocabulary) -> list[Mention]:
    """What the words beside the values speak of."""
    text = linked.question
    held = [*((s.start, s.end) for s in found), *((s.start, s.end) for s in linked.slots)]
    for start, end in held:
        text = text[:start] + " " * (end - start) + text[end:]
    return vocabulary.mentions(roots(text))


def _fitting(span: Span, found: Sequence[Span], others: Sequence[Mention], schema: Schema) -> set[Place]:
    """The columns that most speaks for: words for them, a like value beside it, a table that is near, a name
    that the words give with its table's noun ('Ohio River' is the river Ohio before it is a place so called).
    """
    columns = set(span.columns)
    scored = {place: sum(_speaks(mention, place) for mention in others) for place in columns}
    best = max(scored.values())
    if best:
        columns = {place for place, score in scored.items() if score == best}
    if len(columns) > 1:
        alike = {p for other in found if len(other.columns) == 1 for p in other.columns} & columns
        columns = alike or columns
    if len(columns) > 1:
        named = {table for mention in others for table in mention.tables if mention.terms}
        near = {place for place in columns if any(_joined(table, place[0], schema) for table in named)}
        columns = near or columns
    if len(columns) > 1:
        shortest = min(len(span.columns[place]) for place in columns)
        columns = {place for place in columns if len(span.columns[place]) == shortest} or columns
    return columns


def _speaks(mention: Mention, place: Place) -> float:
    """Words for a column say more than those for its table, and these more than those for other columns."""
    table, column = place
    if f"{table}.{column}" in mention.places:
        return 3.0
    if table in mention.places:
        return 2.0
    return 1.0 if table in mention.tables else 0.0


def _joined(one: str, other: str, schema: Schema) -> bool:
    return any({key.table, key.to_table} == {one, other} for key in schema.foreign_keys)


def _pruned(linked: Linked, chosen: dict[int, set[Place]]) -> Linked:
    if not chosen:
        return linked

    def keeps(start: int, table: str, column: str) -> bool:
        return start not in chosen or (table, column) in chosen[start]

    slots: tuple[Slot, ...] = tuple(
        replace(s, readings=tuple(r for r in s.readings if keeps(s.start, r.table, r.column)))
        if s.kind == "value"
        else s
        for s in linked.slots
    )
    hits: tuple[ValueHit, ...] = tuple(h for h in linked.hits if keeps(h.start, h.table, h.column))
    return replace(linked, slots=slots, hits=hits)


def readings(span: Span, linked: Linked, vocabulary: Vocabulary, *, of_something: bool) -> list[str]:
    """The question in each reading of a value: 'revenue from the tag gift', 'how many tickets are pending'.

    `of_something`: the question names what it counts, so that the value only needs its column's name.
    """
    whole = linked.question
    said = []
    for (table, column), value in span.columns.items():
        label = vocabulary.labels.get(f"{table}.{column}", column.replace("_", " "))
        shown = _spoken(whole[span.start : span.end], value)
        if of_something:
            said.append(f"{whole[: span.start]}the {label} {shown}{whole[span.end :]}")
            continue
        noun = plural(_noun(table, vocabulary))
        before, after = whole[: span.start], whole[span.end :]
        said.append(_about(before, after, noun, label, shown))
    return list(dict.fromkeys(said))


def _spoken(typed: str, value: str) -> str:
    return typed if len(value) < 3 else value


def _noun(table: str, vocabulary: Vocabulary) -> str:
    """What rows of a table, or of the one that a bridge ties to it, are called: a tag is on products."""
    schema = vocabulary.schema
    for key in schema.foreign_keys:
        if key.to_table != table:
            continue
        keys = [k for k in schema.foreign_keys if k.table == key.table]
        columns = {name for k in keys for name in k.columns}
        if len(keys) == 2 and columns >= {c.name for c in schema.by_name[key.table].columns}:
            table = next((k.to_table for k in keys if k.to_table != table), table)
            break
    names = vocabulary.nouns.get(table)
    return names[0] if names else table.replace("_", " ").rstrip("s")


_FILLERS = frozenset(("are", "is", "was", "were", "by", "on", "via", "with", "through"))
_STANDINS = frozenset(("one", "ones"))


def _about(before: str, after: str, noun: str, label: str, value: str) -> str:
    """The question about `noun`, where it only said 'ones' or nothing."""
    words = before.split()
    rest = after.split()
    if rest and rest[0].strip("?.,!").lower() in _STANDINS:
        rest = rest[1:]
    while words and words[-1].lower() in _FILLERS:
        words.pop()
    phrase = f"{noun} with the {label} {value}"
    counted = [w.lower() for w in words[:2]] == ["how", "many"]
    if counted and len(words) > 2:
        return " ".join([*words[:2], phrase, *words[2:], *rest])
    return " ".join([*words, phrase, *rest])
