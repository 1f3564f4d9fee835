"""Parts of a whole: a bar for each name, or one alone where the names are the parts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.render.chart.choosing import Chart
from assistant.render.chart.look import WIDTH, Look, colours, number_format
from assistant.render.chart.points import Points
from assistant.render.columns import Shown

if TYPE_CHECKING:
    import altair as alt

_STEP, _ALONE, _SIZE = 30, 54, 11
_SEEN = 0.06
"""Parts below this share of the longest bar have no room for their value."""


def stacked(made: Points, chart: Chart, shown: Sequence[Shown], look: Look) -> "alt.LayerChart":
    import altair

    alone = chart.series is None
    rows = [row | {"series": row["x"], "x": ""} for row in made.rows] if alone else list(made.rows)
    order = made.labels if alone else made.series
    names = altair.Y(
        "x:N",
        sort=[""] if alone else list(made.labels),
        title=None,
        axis=None if alone else altair.Axis(labelColor=look.ink, grid=False, labelPadding=8),
    )
    totals: dict[str, float] = {}
    for row in rows:
        row["start"] = totals.get(row["x"], 0.0)
        totals[row["x"]] = row["end"] = row["start"] + (row["y"] or 0.0)
        row["middle"] = (row["start"] + row["end"]) / 2
    most = max(totals.values(), default=0.0) or 1.0
    scale = altair.Scale(domain=[0, most if chart.whole else 1.12 * most], nice=False)
    base = altair.Chart(altair.InlineData(values=rows)).encode(y=names)
    bars = base.mark_bar(stroke=look.background, strokeWidth=1, height={"band": 0.76}).encode(
        x=altair.X("start:Q", title=None, axis=None, scale=scale), x2="end:Q", color=colours(order)
    )
    column = shown[chart.y[0]]
    form = ".1%" if chart.whole and most < 2 else number_format(made.values, column.share)
    sign = "%" if column.unit == "%" or (chart.whole and most >= 2) else ""
    inside = (
        base.transform_filter(f"datum.y >= {_SEEN * most}")
        .transform_calculate(shown=f"format(datum.y, '{form}') + '{sign}'")
        .mark_text(color="#ffffff", fontSize=_SIZE)
        .encode(x=altair.X("middle:Q"), text="shown:N")
    )
    layers: list[Any] = [bars, inside]
    if not chart.whole:
        ends = [{"x": name, "end": total} for name, total in totals.items()]
        text = altair.Text("end:Q", format=number_format(list(totals.values()), share=False))
        sums = altair.Chart(altair.InlineData(values=ends)).encode(y=names, x=altair.X("end:Q"), text=text)
        layers.append(sums.mark_text(align="left", dx=5, color=look.faint, fontSize=_SIZE))
    height: Any = _ALONE if alone else altair.Step(_STEP)
    return altair.LayerChart(layer=layers).properties(width=WIDTH - 100, height=height)
