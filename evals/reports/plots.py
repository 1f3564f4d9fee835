"""The plots of a report: altair charts drawn as SVG, so that a page needs neither a network nor a script.

The colours are those of the light page; its style sheet repaints them, by value, where the page is dark.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evals.metrics.calibration import Calibration
from evals.metrics.risk import RiskCurve
from evals.metrics.tally import Tally
from evals.reports.wording import clean, percent, seconds, shortened, span

if TYPE_CHECKING:
    import altair

    Chart = altair.LayerChart | altair.FacetChart

INK, SOFT, RULE, ACCENT, ALARM = "#1b1f24", "#5b6570", "#e2e5e9", "#2f5fd0", "#b42318"
FONT = "ui-sans-serif, system-ui, sans-serif"
WIDTH, HEIGHT = 420, 210
MOST_NAMES = 30
LONGEST_NAME = 24
MOST_POINTS = 300


def by_name(tallies: Sequence[Tally], title: str = "right") -> "Chart":
    """The share of right answers of each group as a dot on its interval, the best first."""
    import altair as alt

    known = [one for one in tallies if one.right.value is not None]
    known.sort(key=lambda one: (-(one.right.value or 0.0), one.name))
    rows = [
        {
            "name": shortened(clean(one.name), LONGEST_NAME),
            "share": one.right.value,
            "low": one.right.interval.low,
            "high": one.right.interval.high,
            "said": f"{clean(one.name)}: {percent(one.right.value)} of {one.right.cases}, "
            f"{span(one.right.interval)}",
        }
        for one in known[:MOST_NAMES]
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        description="said:N",
    )
    x = alt.X("low:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=_shares())
    rule = base.mark_rule(color=ACCENT, strokeWidth=2, opacity=0.4).encode(x=x, x2="high:Q")
    dot = base.mark_point(color=ACCENT, filled=True, size=56, opacity=1).encode(x="share:Q")
    return alt.layer(rule, dot).properties(width=WIDTH, height=alt.Step(22))


def risk(curve: RiskCurve, shown: tuple[float, float] | None = None) -> "Chart":
    """The share of wrong answers against the share of cases answered; `shown` marks where the run stands."""
    import altair as alt

    points = curve.points[:: max(1, len(curve.points) // MOST_POINTS)]
    rows = [
        {
            "coverage": point.coverage,
            "risk": point.risk,
            "said": f"confidence {point.confidence:.2f} and above: {percent(point.coverage)} answered, "
            f"{percent(point.risk)} of these wrong",
        }
        for point in points
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("coverage:Q", title="cases answered", scale=alt.Scale(domain=[0, 1]), axis=_shares()),
        y=alt.Y("risk:Q", title="wrong among them", axis=_shares(5)),
    )
    line = base.mark_line(color=ACCENT, strokeWidth=2, interpolate="step-before")
    dots = base.mark_point(color=ACCENT, filled=True, size=60, opacity=0).encode(description="said:N")
    layers = [line, dots]
    if shown:
        said = f"shown without 'please check': {percent(shown[0])} of the cases, {percent(shown[1])} wrong"
        here = alt.Chart(
            alt.InlineData(values=[{"coverage": shown[0], "risk": shown[1], "said": said, "name": "shown"}])
        )
        place = here.encode(x="coverage:Q", y="risk:Q", description="said:N")
        text = here.mark_text(dy=-10, dx=-4, align="right", color=ALARM, fontSize=11)
        layers += [
            place.mark_point(color=ALARM, filled=True, size=70, opacity=1),
            text.encode(x="coverage:Q", y="risk:Q", text="name:N"),
        ]
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def reliability(found: Calibration) -> "Chart":
    """The share of right answers against the confidence; an honest confidence lies on the diagonal."""
    import altair as alt

    rows = [
        {
            "confidence": one.confidence,
            "share": one.right.value,
            "low": one.right.interval.low,
            "high": one.right.interval.high,
            "said": f"confidence {one.low:.2f} to {one.high:.2f}: {percent(one.right.value)} "
            f"of {one.right.cases} right, {span(one.right.interval)}",
        }
        for one in found.bins
    ]
    whole = alt.Scale(domain=[0, 1])
    ideal = alt.Chart(alt.InlineData(values=[{"at": 0}, {"at": 1}])).encode(
        x=alt.X("at:Q", title="confidence", scale=whole, axis=_shares()),
        y=alt.Y("at:Q", title="right", scale=whole, axis=_shares(5)),
    )
    diagonal = ideal.mark_line(color=SOFT, strokeDash=[4, 4], strokeWidth=1)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x="confidence:Q", description="said:N")
    rule = base.mark_rule(color=ACCENT, strokeWidth=2, opacity=0.4).encode(y="low:Q", y2="high:Q")
    dots = base.mark_point(color=ACCENT, filled=True, size=56, opacity=1).encode(y="share:Q")
    return alt.layer(diagonal, rule, dots).properties(width=WIDTH, height=HEIGHT)


def latency(times: Sequence[float], marks: dict[str, float]) -> "Chart":
    """How many questions took how long, on a logarithmic axis; `marks` are named percentiles."""
    import altair as alt
    import numpy as np

    given = np.maximum(np.asarray(times, np.float64), 1e-3)
    low, high = float(given.min()), max(float(given.max()), float(given.min()) * 1.5)
    edges = np.geomspace(low, high * 1.0001, num=min(25, max(6, len(times) // 4)))
    counts, _ = np.histogram(given, edges)
    rows = [
        {
            "low": float(edges[place]),
            "high": float(edges[place + 1]),
            "count": int(count),
            "zero": 0,
            "said": f"{count} from {seconds(float(edges[place]))} to {seconds(float(edges[place + 1]))}",
        }
        for place, count in enumerate(counts)
    ]
    scale = alt.Scale(type="log", domain=[float(edges[0]), float(edges[-1])], nice=False)
    ticks = [tick for tick in _TICKS if edges[0] <= tick <= edges[-1]]
    axis = alt.Axis(values=ticks, labelExpr=_SAY_SECONDS, grid=False)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("low:Q", title="time a question", scale=scale, axis=axis),
        x2="high:Q",
        y=alt.Y("count:Q", title="questions", axis=alt.Axis(tickCount=4, format="d", tickMinStep=1)),
        y2="zero:Q",
        description="said:N",
    )
    bars = base.mark_rect(color=ACCENT, opacity=0.75, stroke="transparent")
    layers = [bars]
    for place, (name, at) in enumerate(marks.items()):
        said = {"at": at, "name": name, "said": f"{name}: {seconds(at)}"}
        marked = alt.Chart(alt.InlineData(values=[said])).encode(x=alt.X("at:Q", scale=scale))
        rule = marked.mark_rule(color=ALARM, strokeDash=[3, 3]).encode(description="said:N")
        word = marked.mark_text(color=ALARM, align="left", dx=4, y=6 + 14 * place, fontSize=11)
        layers += [rule, word.encode(text="name:N")]
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def svg(chart: "Chart", said: str) -> str:
    """The chart as an SVG element that scales with the page; `said` tells it to who cannot see it."""
    import altair
    import vl_convert
    from markupsafe import escape

    whole = chart.properties(
        background="transparent", autosize=altair.AutoSizeParams(type="fit-x", contains="padding")
    )
    with altair.data_transformers.enable(consolidate_datasets=False):
        spec: dict[str, Any] = whole.to_dict()
    spec["config"] = _LOOK
    drawn = vl_convert.vegalite_to_svg(spec)
    return str(drawn).replace("<svg ", f'<svg role="img" aria-label="{escape(said)}" ', 1)


def _shares(count: int = 6) -> Any:
    import altair as alt

    return alt.Axis(format=".0%", tickCount=count)


_AXIS = {
    "labelFont": FONT,
    "titleFont": FONT,
    "labelFontSize": 11,
    "titleFontSize": 11,
    "titleFontWeight": "normal",
    "labelColor": SOFT,
    "titleColor": SOFT,
    "gridColor": RULE,
    "domainColor": RULE,
    "tickColor": RULE,
    "labelLimit": 150,
    "titlePadding": 8,
}
_LOOK = {"axis": _AXIS, "view": {"stroke": None}, "text": {"font": FONT}, "font": FONT, "padding": 4}
_TICKS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
_SAY_SECONDS = "datum.value < 1 ? format(datum.value * 1000, 'd') + ' ms' : format(datum.value, 'd') + ' s'"
