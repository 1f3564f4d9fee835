"""The cells of an answer's table, laid out for reading: names in one piece, two categories crossed."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.render.chart import Chart
from assistant.render.columns import Shown
from assistant.render.values import number
from knowledge.result import Result

MOST_ACROSS = 8


@dataclass(frozen=True)
class Grid:
    """`right` says which columns are aligned to the right; `rows` counts all, `cells` has those shown.

    `values` are what bars are drawn for, where they suit; `title` says what crossed cells hold.
    """

    headings: tuple[str, ...]
    right: tuple[bool, ...]
    cells: tuple[tuple[str, ...], ...]
    rows: int
    values: tuple[object, ...] = ()
    title: str = ""

    @property
    def width(self) -> int:
        """What the columns take, with the space between them."""
        widest = [max([len(h), *(len(row[i]) for row in self.cells)]) for i, h in enumerate(self.headings)]
        return sum(widest) + 2 * len(widest)


def grid(result: Result, shown: Sequence[Shown], chart: Chart | None, most: int, width: int) -> Grid:
    """At most `most` rows. What fits better crossed is crossed: months down, channels across."""
    if chart is not None and chart.series is not None:
        crossed = _crossed(result, shown, chart, chart.series, most)
        if crossed is not None and crossed.width <= width:
            return crossed
    groups = _groups(shown)
    kept = result.rows[:most]
    told = []
    for group in groups:
        values = [row[group[0].place] for row in kept]
        if group[0].measure:
            places = group[0].decimals(values)
            told.append([number(value, places) for value in values])
        else:
            told.append([" ".join(c.text(row[c.place]) for c in group) for row in kept])
    place = (
        chart.y[0]
        if chart and len(chart.y) == 1 and chart.series is None and chart.kind != "number"
        else None
    )
    return Grid(
        tuple(group[0].heading for group in groups),
        tuple(group[0].measure for group in groups),
        tuple(zip(*told, strict=True)),
        len(result.rows),
        tuple(row[place] for row in kept) if place is not None and len(result.rows) > 1 else (),
    )


def _groups(shown: Sequence[Shown]) -> list[tuple[Shown, ...]]:
    """Columns, with a first and a last name as one."""
    found: list[tuple[Shown, ...]] = []
    for column in shown:
        before = found[-1][0] if found else None
        if before is not None and column.name == f"last name of the {before.name}" and len(found[-1]) == 1:
            found[-1] = (before, column)
        else:
            found.append((column,))
    return found


def _crossed(result: Result, shown: Sequence[Shown], chart: Chart, series: int, most: int) -> Grid | None:
    """One row for each time or name, one column for each of the series; None where that is no shorter."""
    down, across, y = shown[chart.x[0]], shown[series], shown[chart.y[0]]
    names = list(dict.fromkeys(across.text(row[series]) for row in result.rows))
    labels = list(dict.fromkeys(down.text(row[down.place]) for row in result.rows))
    if len(names) > MOST_ACROSS or len(labels) * 2 > len(result.rows):
        return None
    found = {(down.text(row[down.place]), across.text(row[series])): row[y.place] for row in result.rows}
    places = y.decimals([row[y.place] for row in result.rows])
    cells = [
        (label, *(number(found[label, name], places) if (label, name) in found else "" for name in names))
        for label in labels[:most]
    ]
    return Grid(
        (down.heading, *names),
        (False, *(True for _ in names)),
        tuple(cells),
        len(labels),
        title=f"{y.heading} by {down.name} and {across.name}",
    )
