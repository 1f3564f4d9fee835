"""Which chart suits which result, and how it is drawn."""

from pathlib import Path
from typing import Any

import pytest

from assistant.render.bars import bars, sparkline
from assistant.render.chart import Chart, ChartError, choose, spec, write_png
from knowledge.result import Result

MONTHS = [(f"2025-{month:02}", month * 10.5) for month in range(1, 13)]
COUNTRIES = [("Germany", 30), ("France", 20), ("Italy", 10)]


def result(columns: str, rows: list[tuple[Any, ...]]) -> Result:
    return Result(tuple(columns.split()), tuple(rows))


@pytest.mark.parametrize(
    ("columns", "rows", "chart"),
    [
        ("revenue", [(5,)], Chart("number", 0)),
        ("month revenue", MONTHS, Chart("line", 1, 0)),
        ("country orders", COUNTRIES, Chart("bar", 1, 0)),
        ("year orders", [(2024, 5), (2025, 6)], Chart("bar", 1, 0)),
        ("month country orders", [(m, c, 1) for m, _ in MONTHS for c in "ab"], Chart("line", 2, 0, 1)),
        ("customer_id name", [(1, "Ana"), (2, "Bo")], None),
        ("name", [("Ana",), ("Bo",)], None),
        ("name orders", [("Ana", 1), ("Ana", 2)], None),
        ("country orders", [(f"c{n}", n) for n in range(31)], None),
        ("name", [("Ana",)], None),
        ("revenue", [], None),
    ],
)
def test_the_chart_follows_the_types(columns: str, rows: list[tuple[Any, ...]], chart: Chart | None) -> None:
    assert choose(result(columns, rows)) == chart


def test_the_longest_bar_takes_the_width_and_the_others_their_share() -> None:
    assert bars([8, 4, 0, None, -8], width=4) == ["████", "██", "", "", "████"]


def test_bars_can_be_plain_ascii() -> None:
    assert bars([2, 1], width=4, plain=True) == ["####", "##"]


def test_bars_of_nothing_but_zeros_are_empty() -> None:
    assert bars([0, 0]) == ["", ""]


def test_a_sparkline_goes_from_lowest_to_highest() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert sparkline([3, 3]) == "▁▁"


def test_a_long_sparkline_is_averaged_to_its_width() -> None:
    assert len(sparkline(list(range(1000)), width=60)) == 60


def test_a_spec_holds_the_values_and_the_titles() -> None:
    drawn = spec(result("country net_revenue", COUNTRIES), Chart("bar", 1, 0), title="By country")
    assert drawn["title"] == "By country"
    assert drawn["encoding"]["x"]["title"] == "net revenue"
    assert drawn["data"]["values"][0] == {"x": "Germany", "y": 30}


def test_a_png_is_written(tmp_path: Path) -> None:
    write_png(result("month revenue", MONTHS), tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_where_no_chart_suits_the_error_says_what_to_ask(tmp_path: Path) -> None:
    with pytest.raises(ChartError, match="ask for a number by time or by name"):
        write_png(result("name", [("Ana",), ("Bo",)]), tmp_path / "chart.png")


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ChartError, match="name another file"):
        write_png(result("month revenue", MONTHS), tmp_path / "no" / "chart.png")
