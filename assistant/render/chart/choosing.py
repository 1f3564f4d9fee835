"""Which chart suits a result, by the types of its columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.render.columns import Shown
from knowledge.result import Result

MOST_BARS = 30
TOP = 20
MOST_SERIES = 8
MOST_PARTS = 6
MOST_GROUPS = 12
MOST_PANELS = 3
MOST_TILES = 4

Kind = Literal["number", "line", "bar", "stacked"]


@dataclass(frozen=True)
class Chart:
    """`y` are the measures, `x` what they are told for: a time, or a name that may stand in two columns.

    `series` splits by a category. `panels` gives each measure a scale of its own. `top` is how many rows or
    series are drawn, 0 for all of them. `whole`: the values are parts that make up 100%.
    """

    kind: Kind
    y: tuple[int, ...]
    x: tuple[int, ...] = ()
    series: int | None = None
    panels: bool = False
    top: int = 0
    whole: bool = False


def choose(result: Result, shown: Sequence[Shown]) -> Chart | None:
    """One number -> number; time -> line; category -> bar; parts of a whole -> stacked; else none."""
    measures = [c for c in shown if c.measure and any(row[c.place] is not None for row in result.rows)]
    if not measures or not result.rows:
        return None
    names = [c for c in shown if not c.measure and c.kind == "text"]
    times = [c for c in shown if not c.measure and (c.kind in ("date", "time") or c.grain == "hour")]
    names = [c for c in names if c not in times]
    others = [c for c in shown if c not in (*measures, *names, *times)]
    if len(result.rows) == 1:
        return _numbers(measures, names + times, shown)
    if (
        len(times) == 1
        and len(names) <= 1
        and not others
        and (found := _over_time(result, measures, times[0], names))
    ):
        return found
    labels = _label(result, names, times, others)
    if labels:
        return _by_name(result, measures, labels)
    if len(names) == 2 and len(measures) == 1 and not times:
        return _crossed(result, measures[0], names)
    return None


def _numbers(measures: list[Shown], labels: list[Shown], shown: Sequence[Shown]) -> Chart | None:
    places = tuple(c.place for c in measures)
    if len(measures) + len(labels) < len(shown) or len(labels) > 1:
        return None
    if (
        len(places) > 1
        and len({c.unit for c in measures}) == 1
        and measures[0].unit not in ("", "%")
        and not labels
    ):
        return Chart("bar", places)
    return Chart("number", places, tuple(c.place for c in labels)) if len(places) <= MOST_TILES else None


def _over_time(result: Result, measures: list[Shown], time: Shown, names: list[Shown]) -> Chart | None:
    places, x = tuple(c.place for c in measures), (time.place,)
    moments = len({row[time.place] for row in result.rows})
    if not names:
        if moments != len(result.rows):
            return None
        if moments < 3:
            return None
        one_scale = len({c.unit for c in measures}) == 1 and _alike(result, places)
        if len(places) > 1 and not one_scale:
            return Chart("line", places[:MOST_PANELS], x, panels=True)
        return Chart("line", places[:MOST_SERIES], x)
    if len(measures) > 1 or not _unique(result, (time.place, names[0].place)) or moments < 2:
        return None
    series = len({row[names[0].place] for row in result.rows})
    if series < 2:
        return None
    top = MOST_SERIES if series > MOST_SERIES else 0
    whole = measures[0].share and not top and _sums_to_whole(result, measures[0].place, time.place)
    if whole or moments < 3:
        return Chart("stacked", places, x, names[0].place, top=top, whole=whole)
    return Chart("line", places, x, names[0].place, top=top)


def _label(
    result: Result, names: list[Shown], times: list[Shown], others: list[Shown]
) -> tuple[int, ...] | None:
    """The columns that name a row: first and last name, else the first column that differs in every row."""
    people = tuple(c.place for c in names)
    if len(names) == 2 and "last name" in names[1].name and _unique(result, people):
        return people
    for column in (*names, *times):
        if _unique(result, (column.place,)):
            return (column.place,)
    ids = [c for c in others if c.kind == "number" and _unique(result, (c.place,))]
    if not names and not times and len(ids) == 1:
        return (ids[0].place,)
    return None


def _by_name(result: Result, measures: list[Shown], labels: tuple[int, ...]) -> Chart:
    places = tuple(c.place for c in measures)
    rows = len(result.rows)
    top = TOP if rows > MOST_BARS else 0
    if len(places) == 1:
        whole = measures[0].share and _sums_to_whole(result, places[0], None)
        if whole and rows <= MOST_PARTS:
            return Chart("stacked", places, labels, whole=True)
        return Chart("bar", places, labels, top=top)
    if (
        len({c.unit for c in measures}) == 1
        and len(places) <= MOST_PANELS
        and rows <= MOST_GROUPS
        and _alike(result, places)
    ):
        return Chart("bar", places, labels)
    return Chart("bar", places[:MOST_PANELS], labels, panels=True, top=top)


def _crossed(result: Result, measure: Shown, names: list[Shown]) -> Chart | None:
    """Two categories: the one with fewer values gives the colours."""
    sizes = [len({row[c.place] for row in result.rows}) for c in names]
    if (
        not _unique(result, (names[0].place, names[1].place))
        or min(sizes) > MOST_SERIES
        or max(sizes) > MOST_BARS
    ):
        return None
    few, many = (0, 1) if sizes[0] < sizes[1] else (1, 0)
    whole = measure.share and _sums_to_whole(result, measure.place, names[many].place)
    if (measure.adds and not _has_negative(result, measure.place)) or whole:
        return Chart("stacked", (measure.place,), (names[many].place,), names[few].place, whole=whole)
    if sizes[few] <= 4 and sizes[many] <= MOST_GROUPS:
        return Chart("bar", (measure.place,), (names[many].place,), names[few].place)
    return None


def _unique(result: Result, places: tuple[int, ...]) -> bool:
    return len({tuple(row[p] for p in places) for row in result.rows}) == len(result.rows)


def _sums_to_whole(result: Result, place: int, by: int | None) -> bool:
    """Whether the values, those of each group if `by` is given, make up 100 or 1 and none is negative."""
    sums: dict[object, float] = {}
    for row in result.rows:
        value = float(row[place] or 0)
        if value < 0:
            return False
        key = None if by is None else row[by]
        sums[key] = sums.get(key, 0.0) + value
    return all(abs(s - 100) < 0.6 or abs(s - 1) < 0.006 for s in sums.values())


def _alike(result: Result, places: tuple[int, ...]) -> bool:
    """Whether measures have values of one size, so that one scale shows them all."""
    sizes = [
        max((abs(float(row[p])) for row in result.rows if row[p] is not None), default=0.0) for p in places
    ]
    return min(sizes) > 0.05 * max(sizes) if max(sizes) else True


def _has_negative(result: Result, place: int) -> bool:
    return any(row[place] is not None and float(row[place]) < 0 for row in result.rows)
