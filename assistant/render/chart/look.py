"""How charts look: fonts, colours for a light and a dark background, formats of numbers and dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

FONT = "Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif"
WIDTH = 640


@dataclass(frozen=True)
class Look:
    """`colours` are told apart by people who see fewer of them too (after Okabe and Ito); `falling` is for
    values below zero."""

    background: str
    ink: str
    faint: str
    grid: str
    colours: tuple[str, ...]
    falling: str


LIGHT = Look(
    background="#ffffff", ink="#22272e", faint="#6b7480", grid="#e6e9ed", falling="#cf5c36",
    colours=("#2f6fb5", "#d9801a", "#33916d", "#b0508f", "#7565c9", "#a08c1f", "#4a9bc6", "#8c6d5a"),
)  # fmt: skip
DARK = Look(
    background="#1b1f24", ink="#e8ebef", faint="#9aa4b0", grid="#343b44", falling="#ea8159",
    colours=("#5b9be0", "#e89a3c", "#49ad87", "#cf78b1", "#9a8be6", "#c4b045", "#73bde2", "#b3937e"),
)  # fmt: skip


def config(look: Look) -> dict[str, Any]:
    """The `config` of a Vega-Lite spec."""
    axis = {
        "labelColor": look.faint, "titleColor": look.faint, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal", "gridColor": look.grid, "domain": False, "ticks": False,
        "labelPadding": 6, "labelLimit": 320, "labelSeparation": 14, "titlePadding": 10,
    }  # fmt: skip
    return {
        "background": look.background,
        "font": FONT,
        "padding": 18,
        "view": {"stroke": None},
        "axis": axis,
        "axisY": {"titleAlign": "left"},
        "title": {
            "anchor": "start",
            "color": look.ink,
            "fontSize": 16,
            "fontWeight": 600,
            "frame": "bounds",
            "subtitleColor": look.faint,
            "subtitleFontSize": 12,
            "subtitlePadding": 5,
            "offset": 14,
        },
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "title": None,
            "labelColor": look.ink,
            "labelFontSize": 12,
            "symbolType": "circle",
            "labelLimit": 180,
            "columnPadding": 14,
            "columns": 4,
            "offset": 4,
        },
        "header": {"labelColor": look.ink, "title": None, "labelFontSize": 12},
        "line": {"strokeWidth": 2.5, "strokeCap": "round", "strokeJoin": "round"},
        "range": {"category": list(look.colours)},
    }


def number_format(values: list[float], share: bool) -> str:
    """A d3 format for values beside marks: thousands separators, with as few decimals as serve."""
    largest = max((abs(v) for v in values), default=0.0)
    if all(float(v).is_integer() for v in values) or largest >= 1000:
        return ",.0f"
    if share or largest >= 100:
        return ",.1f"
    return ",.2f" if largest >= 1 else ",.3~f"


def axis_format(values: list[float]) -> str:
    """A d3 format for an axis: '20k' for large numbers, else no more decimals than a tick has."""
    return "~s" if max((abs(v) for v in values), default=0.0) >= 10_000 else ",.6~g"


def colours(series: Sequence[str]) -> "alt.Color":
    """A colour for each of a series, in its order."""
    import altair

    order = list(series)
    return altair.Color("series:N", sort=order, scale=altair.Scale(domain=order))


def zero_rule(axis: str, look: Look) -> "alt.Chart":
    """The line of zero, where values lie on both sides of it."""
    import altair

    rule = altair.Chart(altair.InlineData(values=[{axis: 0}]))
    along = {"y": altair.Y("y:Q")} if axis == "y" else {"x": altair.X("x:Q")}
    made: alt.Chart = rule.mark_rule(color=look.faint).encode(**along)
    return made


def panel_title(text: str, look: Look) -> "alt.TitleParams":
    import altair

    return altair.TitleParams(
        text, fontSize=12, fontWeight="normal", color=look.faint, frame="group", offset=6
    )
