"""The Vega-Lite spec of a chart, made by altair from declared parts alone."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.render.chart.bars import bars
from assistant.render.chart.choosing import Chart
from assistant.render.chart.lines import lines
from assistant.render.chart.look import DARK, LIGHT, config
from assistant.render.chart.points import Points, points
from assistant.render.chart.stacked import stacked
from assistant.render.chart.tiles import tiles
from assistant.render.columns import Shown
from knowledge.result import Result

if TYPE_CHECKING:
    import altair as alt

_TITLE_WIDTH, _TITLE_LINES = 72, 3


def spec(
    result: Result, chart: Chart, shown: Sequence[Shown], title: str = "", *, dark: bool = False
) -> dict[str, Any]:
    """The spec of the chart, for images, Slack and pages alike."""
    import altair

    look = DARK if dark else LIGHT
    made = points(result, chart, shown)
    drawn = {"number": tiles, "line": lines, "bar": bars, "stacked": stacked}[chart.kind](
        made, chart, shown, look
    )
    heads = _title(title, chart, shown, made)
    if heads is not None:
        drawn = drawn.properties(title=heads)
    with altair.data_transformers.enable(consolidate_datasets=False):
        return dict(drawn.to_dict()) | {"config": config(look)}


def _title(title: str, chart: Chart, shown: Sequence[Shown], made: Points) -> "alt.TitleParams | None":
    """The question, and under it what is measured in which unit, and what is left out."""
    import altair

    text = textwrap.wrap(title, _TITLE_WIDTH)[:_TITLE_LINES]
    first = shown[chart.y[0]]
    under = []
    if chart.kind != "number" and not chart.panels:
        under.append(first.heading if len(chart.y) == 1 else first.unit)
    told = [part for part in (*under, made.left_out) if part]
    if not text and not told:
        return None
    return altair.TitleParams(text=text or [""], subtitle=" · ".join(told) if told else altair.Undefined)
