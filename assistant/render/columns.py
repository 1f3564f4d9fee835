"""The columns of a result with what is known of them: name, unit, kind, what their values stand for."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.render.headings import heading
from assistant.render.values import decimals, is_measure, kinds, text
from graph.explain.headings import Heading
from knowledge.result import Kind, Result

_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_AVERAGES = (
    "average",
    "avg",
    "mean",
    "median",
    "share",
    "rate",
    "percent",
    "ratio",
    "per ",
    "price",
    "highest",
)


@dataclass(frozen=True)
class Shown:
    """One column. `place` is where it stands in the rows, `name` its heading without the unit."""

    place: int
    name: str
    kind: Kind
    measure: bool
    unit: str = ""
    share: bool = False
    adds: bool = False
    grain: str = ""

    @property
    def heading(self) -> str:
        """With the unit, unless the name tells it."""
        return str(Heading(self.name, self.unit))

    def text(self, value: Any) -> str:
        """A value that is no measure: 'Monday' for weekday 1, else as it is."""
        said = text(value)
        if self.grain == "weekday" and said in "0123456" and len(said) == 1:
            return _WEEKDAYS[int(said)]
        if self.grain == "month of the year" and said.isdigit() and 1 <= int(said) <= 12:
            return calendar.month_name[int(said)]
        return said

    def decimals(self, values: Sequence[Any]) -> int:
        """How many decimals the values of a measure have in common."""
        needed = decimals(values)
        return min(needed, 1) if self.unit == "%" else needed


def columns(result: Result, headings: Sequence[Heading] = ()) -> tuple[Shown, ...]:
    """One a column; without headings from its statement, a column is known by its name and values alone."""
    found = []
    given = headings if len(headings) == len(result.columns) else [Heading()] * len(result.columns)
    for place, (raw, kind, known) in enumerate(zip(result.columns, kinds(result), given, strict=True)):
        name = known.name or heading(raw)
        measure = is_measure(raw, kind) and not known.grain and not _is_number_of_a_thing(known.name)
        adds = known.adds if headings else measure and not any(word in name.lower() for word in _AVERAGES)
        share = known.share or (not headings and name.lower() in ("percent", "share"))
        found.append(Shown(place, name, kind, measure, known.unit, share, adds, known.grain))
    return tuple(found)


def _is_number_of_a_thing(name: str) -> bool:
    """'order number' names an order; it counts nothing."""
    return name.endswith((" number", " code")) and not name.startswith("number of")
