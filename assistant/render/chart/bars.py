"""Values by name as bars from zero: alone, side by side, or a panel for each measure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.render.chart.choosing import Chart
from assistant.render.chart.look import (
    WIDTH,
    Look,
    axis_format,
    colours,
    number_format,
    panel_title,
    zero_rule,
)
from assistant.render.chart.points import Points
from assistant.render.columns import Shown

if TYPE_CHECKING:
    import altair as alt

_STEP, _PANEL_WIDTH, _SIZE = 26, 210, 11
_MOST_LABELLED = 40


def bars(
    made: Points, chart: Chart, shown: Sequence[Shown], look: Look
) -> "alt.LayerChart | alt.HConcatChart":
    import altair

    if not chart.panels:
        side_by_side = chart.series is not None or (len(chart.y) > 1 and bool(chart.x))
        series = made.series if side_by_side else ()
        return _bars(made, list(made.rows), shown[chart.y[0]], look, series, width=WIDTH - 120)
    panels = []
    for number, place in enumerate(chart.y):
        own = [row for row in made.rows if row["panel"] == shown[place].heading]
        drawn = _bars(made, own, shown[place], look, (), width=_PANEL_WIDTH, labels=number == 0)
        panels.append(drawn.properties(title=panel_title(shown[place].heading, look)))
    return altair.hconcat(*panels, spacing=18)


def _bars(
    made: Points,
    rows: list[dict[str, Any]],
    column: Shown,
    look: Look,
    series: tuple[str, ...],
    *,
    width: int,
    labels: bool = True,
) -> "alt.LayerChart":
    import altair

    values = [row["y"] for row in rows if row["y"] is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    room = 0.16 * ((high - low) or 1.0)
    told = len(rows) <= _MOST_LABELLED
    name_axis = altair.Axis(labelColor=look.ink, grid=False, labels=labels, labelPadding=8)
    names = altair.Y("x:N", sort=list(made.labels), title=None, axis=name_axis)
    domain = [low - room if low < 0 else 0, high + room if high > 0 else 0]
    length = altair.X(
        "y:Q",
        title=None,
        axis=None if told else altair.Axis(format=axis_format(values)),
        scale=altair.Scale(domain=domain, nice=False),
    )
    base = altair.Chart(altair.InlineData(values=rows)).encode(y=names, x=length)
    if series:
        base = base.encode(yOffset=altair.YOffset("series:N", sort=list(series)))
        colour: Any = colours(series)
    else:
        falling = altair.value(look.falling)
        colour = altair.condition("datum.y < 0", falling, altair.value(look.colours[0]))
    thick: Any = {} if series else {"height": {"band": 0.74}}
    layers: list[Any] = [base.mark_bar(cornerRadiusEnd=2, **thick).encode(color=colour)]
    if told:
        layers += _values(base, column, values, look)
    if low < 0:
        layers.append(zero_rule("x", look))
    step = _STEP - 9 if series else _STEP
    return altair.LayerChart(layer=layers).properties(width=width, height=altair.Step(step))


def _values(base: "alt.Chart", column: Shown, values: list[float], look: Look) -> "list[alt.Chart]":
    """The value of each bar beyond its end."""
    form, sign = number_format(values, column.share), "%" if column.unit == "%" else ""
    told = base.transform_calculate(
        shown=f"datum.y === null ? 'no value' : format(datum.y, '{form}') + '{sign}'"
    ).encode(text="shown:N")
    style: dict[str, Any] = {"color": look.faint, "fontSize": _SIZE}
    ends = [told.transform_filter("datum.y >= 0 || datum.y === null").mark_text(align="left", dx=5, **style)]
    if min(values, default=0.0) < 0:
        ends.append(told.transform_filter("datum.y < 0").mark_text(align="right", dx=-5, **style))
    return ends
