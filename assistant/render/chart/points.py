"""The rows of a result as the points of a chart: plain values under plain names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.render.chart.choosing import Chart
from assistant.render.columns import Shown
from assistant.render.values import NULL, number
from knowledge.result import Result

NOTHING = "(none)"
LONGEST_LABEL = 42


@dataclass(frozen=True)
class Points:
    """`rows` have x, y, series and panel. `labels` and `series` keep their order. `left_out` says what is not
    drawn, in words."""

    rows: tuple[dict[str, Any], ...]
    labels: tuple[str, ...]
    series: tuple[str, ...]
    left_out: str = ""

    @property
    def values(self) -> list[float]:
        return [row["y"] for row in self.rows if row["y"] is not None]


def points(result: Result, chart: Chart, shown: Sequence[Shown]) -> Points:
    """What is drawn; where there is too much, the largest, and a sentence about the rest."""
    rows = list(result.rows)
    left_out = ""
    if chart.top and chart.series is None:
        rows, left_out = _top_rows(rows, chart, shown)
    elif chart.top and chart.series is not None:
        rows, left_out = _top_series(rows, chart, chart.series)
    one_unit = len({shown[y].unit for y in chart.y}) == 1 and not chart.panels
    made, labels, series = [], dict[str, None](), dict[str, None]()
    said = [_label(row, chart, shown) for row in rows]
    said = said if chart.series is not None or chart.kind == "line" else _twins(said)
    for label, row in zip(said, rows, strict=True):
        for y in chart.y:
            name = "" if len(chart.y) == 1 else shown[y].name if one_unit else shown[y].heading
            group = shown[chart.series].text(row[chart.series]) if chart.series is not None else name
            group = NOTHING if group == NULL else group
            labels[label if chart.x else name] = None
            series[group] = None
            made.append(
                {"x": label if chart.x else name, "y": _number(row[y]), "series": group, "panel": name}
            )
    return Points(tuple(made), tuple(labels), tuple(series), left_out)


def _label(row: tuple[Any, ...], chart: Chart, shown: Sequence[Shown]) -> str:
    text = " ".join(shown[p].text(row[p]) for p in chart.x)
    text = NOTHING if text == NULL else text
    if chart.kind == "line" or len(text) <= LONGEST_LABEL:
        return text
    return f"{text[: LONGEST_LABEL - 9].rstrip()}…{text[-8:].lstrip()}"


def _twins(labels: list[str]) -> list[str]:
    """Rows whose labels read the same after cutting get a place each: a sign of no width tells them apart."""
    seen: dict[str, int] = {}
    told = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        told.append(label + "\u200b" * (seen[label] - 1))
    return told


def _top_rows(
    rows: list[tuple[Any, ...]], chart: Chart, shown: Sequence[Shown]
) -> tuple[list[tuple[Any, ...]], str]:
    """The largest by the first measure, and what the others come to; an order that was asked for is kept."""
    y = chart.y[0]
    largest = sorted(rows, key=lambda row: -abs(_number(row[y]) or 0.0))[: chart.top]
    ids = {id(row) for row in largest}
    others = [row for row in rows if id(row) not in ids]
    kept = largest if _unordered(rows, y) else [row for row in rows if id(row) in ids]
    told = f"the {len(kept)} largest of {len(rows):,}"
    if shown[y].adds and len(chart.y) == 1:
        together = sum(_number(row[y]) or 0.0 for row in others)
        unit = f" {shown[y].unit}" if shown[y].unit else ""
        told += f"; the other {len(others):,} together: {number(round(together, 2))}{unit}"
    return kept, told


def _unordered(rows: list[tuple[Any, ...]], y: int) -> bool:
    values = [_number(row[y]) or 0.0 for row in rows]
    return values not in (sorted(values), sorted(values, reverse=True))


def _top_series(rows: list[tuple[Any, ...]], chart: Chart, series: int) -> tuple[list[tuple[Any, ...]], str]:
    sizes: dict[Any, float] = {}
    for row in rows:
        sizes[row[series]] = sizes.get(row[series], 0.0) + abs(_number(row[chart.y[0]]) or 0.0)
    kept = set(sorted(sizes, key=lambda name: -sizes[name])[: chart.top])
    return [row for row in rows if row[series] in kept], f"the {len(kept)} largest of {len(sizes):,}"


def _number(value: Any) -> float | None:
    if value is None:
        return None
    found = float(value)
    return found if found == found and abs(found) != float("inf") else None


_MONTH, _DAY = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}.*")


def grain_of(labels: Sequence[str]) -> str:
    """'month', 'day' or 'time' where all labels are such; else empty, and their order is that of the rows."""
    told = [label for label in labels if label != NOTHING]
    if told and all(_MONTH.fullmatch(label) and label[5:] <= "12" for label in told):
        return "month"
    if told and all(_DAY.fullmatch(label) for label in told):
        return "day" if all(len(label) == 10 for label in told) else "time"
    return ""
