"""Values, numbers and dates of a question become slots, so that no model has to copy a literal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from knowledge.clock import Clock
from knowledge.dates import DateHit, Window, find_dates
from knowledge.fiscal import CALENDAR, FiscalCalendar
from knowledge.numbers import NumberHit, find_numbers
from knowledge.values import ValueHit, Values
from knowledge.window import BEGINNING, END
from knowledge.words import Speller, english, fold, singular, tokens

_NAME_COLUMNS = frozenset(("name", "full_name", "title", "label"))

SlotKind = Literal["value", "number", "date"]


@dataclass(frozen=True)
class Reading:
    """One thing that the words of a value slot may mean."""

    table: str
    column: str
    value: str
    score: float


@dataclass(frozen=True)
class Slot:
    """A literal of the question under its name: v1, n1, d1. `start` and `end` are places in the question."""

    name: str
    kind: SlotKind
    text: str
    start: int
    end: int
    readings: tuple[Reading, ...] = ()
    number: float | None = None
    window: Window | None = None


@dataclass(frozen=True)
class Linked:
    """A question with its slots.

    `text` is lower-case with `<v1>` in place of the words; `hits` are the values of enum columns, whose words
    stay.
    """

    question: str
    text: str
    slots: tuple[Slot, ...]
    hits: tuple[ValueHit, ...]

    def slot(self, name: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.name == name), None)


def masked(linked: Linked) -> str:
    """The text with a plain word for each slot, for comparing questions that differ in their literals alone.

    'revenue in <v1> <d1>' becomes 'revenue in country last month'.
    """
    text = linked.text
    for slot in linked.slots:
        text = text.replace(f"<{slot.name}>", _plain_word(slot))
    return text


class Linker:
    """Links questions. `words` are more of the team's own words, to which typos are mended."""

    def __init__(
        self,
        values: Values,
        clock: Clock,
        words: Iterable[str] = (),
        fiscal: FiscalCalendar = CALENDAR,
    ) -> None:
        self.fiscal = fiscal
        self.values = values
        self.clock = clock
        self.words = frozenset(fold(word) for word in words) | values.words

    def link(self, question: str) -> Linked:
        """Dates claim their words first, then values (longest first), then numbers in what is left."""
        dates = self.dates(question)
        hits = self.values.lookup(question, [(date.start, date.end) for date in dates])
        spans = _grouped(hits)
        dates = [date for date in dates if not any(s < date.end and date.start < e for s, e in spans)]
        masked = _mask(question, [*spans, *((date.start, date.end) for date in dates)])
        slots = _slots(question, spans, find_numbers(masked), dates)
        enums = tuple(hit for hit in hits if all(h.enum for h in spans[hit.start, hit.end]))
        return Linked(question, self._text(question, slots, enums), slots, enums)

    def dates(self, text: str) -> list[DateHit]:
        """The date phrases of a text, read against the clock and the fiscal calendar."""
        return find_dates(text, self.clock.today(), self.fiscal)

    def _text(self, question: str, slots: tuple[Slot, ...], enums: tuple[ValueHit, ...]) -> str:
        pieces = [(slot.start, slot.end, f"<{slot.name}>") for slot in slots]
        pieces += {(hit.start, hit.end, hit.words) for hit in enums if hit.words}
        held = [*((slot.start, slot.end) for slot in slots), *((hit.start, hit.end) for hit in enums)]
        for word in tokens(_mask(question, held)):
            mended = self._mended(word.folded)
            if mended:
                pieces.append((word.start, word.end, mended))
        text, place = "", 0
        for start, end, piece in sorted(pieces):
            text += question[place:start].lower() + piece
            place = end
        return tidy(text + question[place:].lower())

    def _mended(self, word: str) -> str:
        if len(word) < 5 or self._speller.knows(word):
            return ""
        near = self._speller.near(word, 1)
        return near[0][0] if near else ""

    @cached_property
    def _speller(self) -> Speller:
        return Speller((word for word in self.words if len(word) > 3), english())


def _plain_word(slot: Slot) -> str:
    if slot.kind == "value":
        reading = slot.readings[0]
        name = singular(reading.table) if reading.column in _NAME_COLUMNS else reading.column
        return name.replace("_", " ")
    if slot.window is None:
        return "10"
    if slot.window.first == BEGINNING:
        return "before march"
    return "since march" if slot.window.last == END else "last month"


def _grouped(hits: list[ValueHit]) -> dict[tuple[int, int], list[ValueHit]]:
    spans: dict[tuple[int, int], list[ValueHit]] = {}
    for hit in hits:
        spans.setdefault((hit.start, hit.end), []).append(hit)
    return spans


def _slots(
    question: str,
    spans: dict[tuple[int, int], list[ValueHit]],
    numbers: list[NumberHit],
    dates: list[DateHit],
) -> tuple[Slot, ...]:
    values = [
        Slot(
            f"v{n}", "value", question[start:end], start, end,
            tuple(Reading(hit.table, hit.column, hit.value, hit.score) for hit in spans[start, end]),
        )
        for n, (start, end) in enumerate(sorted(s for s, h in spans.items() if not all(x.enum for x in h)), 1)
    ]  # fmt: skip
    counted = [
        Slot(f"n{n}", "number", question[hit.start : hit.end], hit.start, hit.end, number=hit.number)
        for n, hit in enumerate(numbers, 1)
    ]
    dated = [
        Slot(f"d{n}", "date", hit.text, hit.start, hit.end, window=hit.window)
        for n, hit in enumerate(dates, 1)
    ]
    return tuple(sorted([*values, *counted, *dated], key=lambda slot: slot.start))


def _mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with the spans blanked, every other character in its place."""
    for start, end in spans:
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def tidy(text: str) -> str:
    """Without quotation marks, doubled spaces and punctuation at the ends."""
    text = text.replace("\u2019", "'").replace('"', "").replace("“", "").replace("”", "")
    text = re.sub(r"(?<=>)\s*%", " percent", text)
    return re.sub(r"\s+", " ", text).strip().rstrip(" .?!;,:").lstrip(" ,.;:")
