"""Big numbers, each with its name under it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.render.chart.choosing import Chart
from assistant.render.chart.look import Look
from assistant.render.chart.points import Points
from assistant.render.columns import Shown
from assistant.render.values import NULL, number

if TYPE_CHECKING:
    import altair as alt


def tiles(made: Points, chart: Chart, shown: Sequence[Shown], look: Look) -> "alt.HConcatChart":
    import altair

    drawn = []
    for row, place in zip(made.rows, chart.y, strict=True):
        column = shown[place]
        large = _large(row["y"], column)
        label = f"{column.name}, {row['x']}" if chart.x else column.name
        base = altair.Chart(altair.InlineData(values=[{"value": large, "label": label}]))
        above = base.mark_text(size=44, fontWeight=600, color=look.ink, align="left", x=0, y=30)
        below = base.mark_text(size=14, color=look.faint, align="left", x=0, y=66)
        width = max(180, 30 * len(large) - 20, 8 * len(label))
        both = above.encode(text="value:N") + below.encode(text="label:N")
        drawn.append(both.properties(width=width, height=80))
    return altair.hconcat(*drawn, spacing=30)


def _large(value: float | None, column: Shown) -> str:
    if value is None:
        return NULL
    decimals = 0 if value.is_integer() else 1 if column.unit == "%" else None
    unit = column.unit if column.unit in ("", "%") else f" {column.unit}"
    return f"{number(value, decimals)}{unit}"
