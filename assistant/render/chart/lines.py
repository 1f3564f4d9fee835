"""Values over time as lines: one, one for each of a few categories, or a panel for each measure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.render.chart.choosing import Chart
from assistant.render.chart.look import WIDTH, Look, axis_format, colours, panel_title, zero_rule
from assistant.render.chart.points import NOTHING, Points, grain_of
from assistant.render.columns import Shown

if TYPE_CHECKING:
    import altair as alt

_HEIGHT, _PANEL_HEIGHT = 300, 150
_MOST_DOTS, _LONG, _MOST_TICKS = 40, 75, 8
_FORMATS = {"month": "%b %Y", "day": "%-d %b %Y", "time": "%-d %b %H:%M"}


def lines(
    made: Points, chart: Chart, shown: Sequence[Shown], look: Look
) -> "alt.LayerChart | alt.VConcatChart":
    import altair

    grain = grain_of(made.labels)
    rows = [row | {"x": _moment(row["x"], grain)} for row in made.rows if row["x"] != NOTHING]
    if not chart.panels:
        several = made.series if len(made.series) > 1 else ()
        return _lines(rows, several, look, grain).properties(width=WIDTH, height=_HEIGHT)
    panels = []
    for place in chart.y:
        own = [row for row in rows if row["panel"] == shown[place].heading]
        drawn = _lines(own, (), look, grain).properties(width=WIDTH, height=_PANEL_HEIGHT)
        panels.append(drawn.properties(title=panel_title(shown[place].heading, look)))
    return altair.vconcat(*panels, spacing=16)


def _lines(rows: list[dict[str, Any]], series: tuple[str, ...], look: Look, grain: str) -> "alt.LayerChart":
    import altair

    values = [row["y"] for row in rows if row["y"] is not None]
    low, high = min(values, default=0.0), max(values, default=0.0)
    moments = len({row["x"] for row in rows})
    from_zero = low <= 0 or low < 0.6 * high
    y = altair.Y(
        "y:Q",
        title=None,
        scale=altair.Scale(zero=from_zero, nice=True),
        axis=altair.Axis(format=axis_format(values), tickCount=5),
    )
    base = altair.Chart(altair.InlineData(values=rows)).encode(x=_times(grain, moments), y=y)
    line, dots = (
        base.mark_line(color=look.colours[0]),
        base.mark_point(filled=True, size=42, opacity=1, color=look.colours[0]),
    )
    if series:
        line, dots = line.encode(color=colours(series)), dots.encode(color=colours(series))
    layers: list[Any] = [zero_rule("y", look)] if low < 0 < high else []
    layers += [line, dots] if moments <= _MOST_DOTS or None in [row["y"] for row in rows] else [line]
    return altair.LayerChart(layer=layers)


def _times(grain: str, moments: int) -> "alt.X":
    import altair

    common: dict[str, Any] = {"title": None, "grid": False, "labelOverlap": True}
    if not grain:
        return altair.X("x:O", sort=None, axis=altair.Axis(labelAngle=0, **common))
    form = "%b %Y" if grain == "day" and moments > _LONG else _FORMATS[grain]
    ticks = min(moments, _MOST_TICKS)
    return altair.X("x:T", axis=altair.Axis(format=form, tickCount=ticks, labelFlush=True, **common))


def _moment(label: str, grain: str) -> str:
    """Read as a moment of the place where it is drawn, so that no day moves to the one before."""
    if grain == "month":
        return f"{label}-01T00:00:00"
    if grain == "day":
        return f"{label}T00:00:00"
    return label.replace(" ", "T") if grain else label
