"""A chart as Slack draws it itself, where it keeps Slack's limits; what does not is sent as a picture."""

import math
from collections.abc import Sequence

from assistant.render.chart import Chart
from assistant.render.columns import Shown
from assistant.slack.blocks import Block
from assistant.slack.text import plain
from knowledge.result import Result

MOST_CATEGORIES = 20
MOST_SERIES = 6
MOST_LABEL = 20
MOST_TITLE = 50


def native(result: Result, shown: Sequence[Shown], chart: Chart) -> Block | None:
    """Lines and bars, where each series has each category once; None for all else."""
    if chart.kind not in ("line", "bar") or chart.panels or chart.top or len(result.rows) < 2:
        return None
    categories = [" ".join(shown[x].text(row[x]) for x in chart.x) for row in result.rows]
    if chart.kind == "line":
        order = sorted(range(len(categories)), key=lambda n: str(result.rows[n][chart.x[0]]))
    else:
        order = list(range(len(categories)))
    names = list(dict.fromkeys(plain(categories[n], 200) for n in order))
    series: dict[str, dict[str, float]] = {}
    for n in order:
        row = result.rows[n]
        for y in chart.y:
            name = shown[y].heading if chart.series is None else shown[chart.series].text(row[chart.series])
            points = series.setdefault(plain(name, 200), {})
            value = _number(row[y])
            if value is None or plain(categories[n], 200) in points:
                return None
            points[plain(categories[n], 200)] = value
    if not _fits(names, series):
        return None
    title = (
        ", ".join(shown[y].heading for y in chart.y) + " by " + " and ".join(shown[x].name for x in chart.x)
    )
    return {
        "type": "data_visualization",
        "title": plain(title[:1].upper() + title[1:], MOST_TITLE),
        "chart": {
            "type": chart.kind,
            "series": [
                {"name": name, "data": [{"label": label, "value": points[label]} for label in names]}
                for name, points in series.items()
            ],
            "axis_config": {"categories": names},
        },
    }


def _fits(names: Sequence[str], series: dict[str, dict[str, float]]) -> bool:
    labels = [*names, *series]
    short = all(label and len(label) <= MOST_LABEL for label in labels)
    whole = all(set(points) == set(names) for points in series.values())
    return short and whole and len(names) <= MOST_CATEGORIES and 1 <= len(series) <= MOST_SERIES


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
