"""Which chart suits a result, by the types of its columns; as a Vega-Lite spec, and as an image."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.render.headings import heading
from assistant.render.values import is_measure, kinds, text
from knowledge.errors import QuarryError
from knowledge.result import Result

MOST_BARS = 30
MOST_SERIES = 8


@dataclass(frozen=True)
class Chart:
    """`x` and `y` are places of columns; `series` splits a line by a category."""

    kind: Literal["number", "line", "bar"]
    y: int
    x: int | None = None
    series: int | None = None


class ChartError(QuarryError):
    """The chart that was asked for cannot be drawn."""


def choose(result: Result) -> Chart | None:
    """One number alone -> number; time and a number -> line; a category and a number -> bar; else none."""
    columns = list(zip(range(len(result.columns)), result.columns, kinds(result), strict=True))
    measures = [place for place, name, kind in columns if is_measure(name, kind)]
    times = [place for place, _, kind in columns if kind in ("date", "time")]
    names = [place for place, name, kind in columns if kind == "text"]
    others = len(columns) - len(measures) - len(times) - len(names)
    if not measures:
        return None
    if len(result.rows) == 1:
        return Chart("number", measures[0]) if len(columns) == 1 else None
    if len(times) == 1 and not others and len(names) <= 1 and len(result.rows) > 2:
        series = names[0] if names else None
        if series is None and _distinct(result, times[0]) == len(result.rows):
            return Chart("line", measures[0], times[0])
        if series is not None and 1 < _distinct(result, series) <= MOST_SERIES:
            return Chart("line", measures[0], times[0], series)
    labels = names or times
    if labels and len(result.rows) <= MOST_BARS and _distinct(result, labels[0]) == len(result.rows):
        return Chart("bar", measures[0], labels[0])
    return None


def _distinct(result: Result, place: int) -> int:
    return len({row[place] for row in result.rows})


def spec(result: Result, chart: Chart, title: str = "") -> dict[str, Any]:
    """The Vega-Lite spec of the chart, for images, Slack and pages alike."""
    import altair

    places = {"x": chart.x, "y": chart.y, "series": chart.series}
    titles = {name: heading(result.columns[p]) for name, p in places.items() if p is not None}
    rows = [{name: _plain(row[p]) for name, p in places.items() if p is not None} for row in result.rows]
    base = altair.Chart(altair.InlineData(values=rows), title=title or altair.Undefined)
    if chart.kind == "number":
        drawn = base.mark_text(size=40).encode(text=altair.Text("y:Q", format=",.2~f"))
        drawn = drawn.properties(width=300, height=80)
    elif chart.kind == "bar":
        names = altair.Y("x:N", sort=None, title=titles["x"])
        drawn = base.mark_bar().encode(y=names, x=altair.X("y:Q", title=titles["y"])).properties(width=480)
    else:
        days = all(re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", str(row["x"])) for row in rows)
        times = altair.X("x:T" if days and len(rows) > MOST_BARS else "x:O", title=titles["x"])
        drawn = base.mark_line(point=len(rows) <= 60).encode(x=times, y=altair.Y("y:Q", title=titles["y"]))
        if chart.series is not None:
            drawn = drawn.encode(color=altair.Color("series:N", title=titles["series"]))
        drawn = drawn.properties(width=560, height=280)
    with altair.data_transformers.enable(consolidate_datasets=False):
        return dict(drawn.to_dict())


def write_png(result: Result, path: Path, title: str = "") -> None:
    """Draw the chart that suits the result."""
    chart = choose(result)
    if chart is None:
        raise ChartError(
            f"No chart suits this answer, so {path} was not written; ask for a number by time or by name."
        )
    import vl_convert

    image = vl_convert.vegalite_to_png(spec(result, chart, title), scale=2)
    try:
        path.write_bytes(image)
    except OSError as error:
        raise ChartError(
            f"The chart could not be written to {path} ({error.strerror}); name another file."
        ) from None


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    try:
        return float(value) if not isinstance(value, str) else text(value)
    except (TypeError, ValueError):
        return text(value)
