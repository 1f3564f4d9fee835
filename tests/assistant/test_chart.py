"""Which chart suits which result, and how it is drawn."""

from pathlib import Path
from typing import Any

import pytest

from assistant.render.bars import bars, sparkline
from assistant.render.chart import Chart, ChartError, choose, spec, write_png
from assistant.render.chart.points import points
from assistant.render.columns import columns
from graph.explain import Heading
from knowledge.result import Result

MONTHS = [(f"2025-{month:02}", month * 10.5) for month in range(1, 13)]
COUNTRIES = [("Germany", 30), ("France", 20), ("Italy", 10)]
EUR = Heading("revenue", "EUR", adds=True)
NUMBER = Heading("number of orders", adds=True)
PERCENT = Heading("share", "%", share=True)


def result(names: str, rows: list[tuple[Any, ...]]) -> Result:
    return Result(tuple(names.split()), tuple(rows))


def chosen(given: Result, *headings: Heading) -> Chart | None:
    return choose(given, columns(given, headings))


@pytest.mark.parametrize(
    ("names", "rows", "chart"),
    [
        ("revenue", [(5,)], Chart("number", (0,))),
        ("orders customers", [(5, 6)], Chart("number", (0, 1))),
        ("country revenue", [("Germany", 5)], Chart("number", (1,), (0,))),
        ("month revenue", MONTHS, Chart("line", (1,), (0,))),
        ("country orders", COUNTRIES, Chart("bar", (1,), (0,))),
        ("year orders", [(2024, 5), (2025, 6)], Chart("bar", (1,), (0,))),
        ("month country orders", [(m, c, 1) for m, _ in MONTHS for c in "ab"], Chart("line", (2,), (0,), 1)),
        ("customer_id name", [(1, "Ana"), (2, "Bo")], None),
        ("order_id amount", [(1, 5.5), (2, 6.5)], Chart("bar", (1,), (0,))),
        ("name", [("Ana",), ("Bo",)], None),
        ("name orders", [("Ana", 1), ("Ana", 2)], None),
        ("country orders", [(f"c{n}", n) for n in range(31)], Chart("bar", (1,), (0,), top=20)),
        ("name", [("Ana",)], None),
        ("revenue", [], None),
        ("country revenue", [("Germany", None), ("France", None)], None),
    ],
)
def test_the_chart_follows_the_types(names: str, rows: list[tuple[Any, ...]], chart: Chart | None) -> None:
    assert chosen(result(names, rows)) == chart


@pytest.mark.parametrize(
    ("headings", "rows", "chart"),
    [
        (
            (Heading("channel"), PERCENT),
            [("app", 60.0), ("web", 40.0)],
            Chart("stacked", (1,), (0,), whole=True),
        ),
        ((Heading("channel"), PERCENT), [("app", 60.0), ("web", 4.0)], Chart("bar", (1,), (0,))),
        (
            (Heading("month"), EUR, NUMBER),
            [(m, v, 1) for m, v in MONTHS],
            Chart("line", (1, 2), (0,), panels=True),
        ),
        ((Heading("month"), EUR, EUR), [(m, v, v + 1) for m, v in MONTHS], Chart("line", (1, 2), (0,))),
        ((Heading("country"), EUR, EUR), [(c, n, n + 1) for c, n in COUNTRIES], Chart("bar", (1, 2), (0,))),
        (
            (Heading("country"), EUR, NUMBER),
            [(c, n, n + 1) for c, n in COUNTRIES],
            Chart("bar", (1, 2), (0,), panels=True),
        ),
        ((Heading("this year", "EUR"), Heading("last year", "EUR")), [(5.5, 6.5)], Chart("bar", (0, 1))),
        (
            (Heading("country"), Heading("tier"), NUMBER),
            [(c, t, 5) for c, _ in COUNTRIES for t in ("gold", "silver")],
            Chart("stacked", (2,), (0,), 1),
        ),
        (
            (Heading("month"), Heading("channel"), PERCENT),
            [(m, c, 50.0) for m, _ in MONTHS for c in "ab"],
            Chart("stacked", (2,), (0,), 1, whole=True),
        ),
        (
            (Heading("month"), Heading("country"), EUR),
            [(m, f"c{n}", 1.5) for m, _ in MONTHS for n in range(9)],
            Chart("line", (2,), (0,), 1, top=8),
        ),
        (
            (Heading("employee"), Heading("last name of the employee"), NUMBER),
            [("Ada", "Byron", 2), ("Ada", "King", 1)],
            Chart("bar", (2,), (0, 1)),
        ),
    ],
)
def test_units_and_shares_choose_between_charts(
    headings: tuple[Heading, ...], rows: list[tuple[Any, ...]], chart: Chart
) -> None:
    assert chosen(result("a b c d"[: 2 * len(headings) - 1], rows), *headings) == chart


def made(rows: list[tuple[Any, ...]], *headings: Heading) -> Any:
    given = result("a b c"[: 2 * len(headings) - 1], rows)
    shown = columns(given, headings)
    chart = choose(given, shown)
    assert chart
    return points(given, chart, shown)


def test_of_too_many_names_the_largest_are_drawn_and_the_rest_is_told() -> None:
    drawn = made([(f"p{n}", float(n)) for n in (7, *range(7), *range(8, 200))], Heading("product"), EUR)
    assert drawn.labels[:2] == ("p199", "p198")
    assert drawn.left_out == "the 20 largest of 200; the other 180 together: 16,110 EUR"


def test_an_order_that_was_asked_for_is_kept() -> None:
    assert made([(f"p{n}", float(n)) for n in range(40)], Heading("product"), EUR).labels[0] == "p20"


def test_averages_are_never_added_up() -> None:
    drawn = made(
        [(f"p{n}", float(n)) for n in range(40)], Heading("product"), Heading("average price", "EUR")
    )
    assert drawn.left_out == "the 20 largest of 40"


def test_long_names_that_read_the_same_once_cut_keep_a_bar_each() -> None:
    long = "a very long name of a product that nobody would ever read to its end"
    drawn = made([(f"{long} 1 end", 5.0), (f"{long} 2 end", 4.0), (None, 1.0)], Heading("product"), EUR)
    assert len(set(drawn.labels)) == 3
    assert max(map(len, drawn.labels)) <= 43
    assert drawn.labels[2] == "(none)"


def test_a_weekday_is_called_by_its_name() -> None:
    rows = [(str(day), 5) for day in range(7)]
    assert made(rows, Heading("weekday", grain="weekday"), NUMBER).labels[0] == "Sunday"


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


def test_a_spec_holds_the_values_the_question_and_the_measure() -> None:
    given = result("country net_revenue", COUNTRIES)
    drawn = spec(given, Chart("bar", (1,), (0,)), columns(given), title="By country")
    assert drawn["title"] == {"text": ["By country"], "subtitle": "net revenue"}
    assert drawn["data"]["values"][0]["y"] == 30.0


def test_a_gap_in_a_line_stays_a_gap() -> None:
    given = result("month revenue", [*MONTHS[:5], ("2025-06", None), *MONTHS[6:]])
    drawn = spec(given, Chart("line", (1,), (0,)), columns(given))
    assert {"x": "2025-06-01T00:00:00", "y": None, "series": "", "panel": ""} in drawn["data"]["values"]


def test_a_question_in_a_title_is_text_and_nothing_else() -> None:
    given = result("country revenue", COUNTRIES)
    title = "{'signal': 'alert(1)'} <b>x</b>"
    assert spec(given, Chart("bar", (1,), (0,)), columns(given), title)["title"]["text"] == [title]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("headings", "rows"),
    [
        ((EUR,), [(1234567.5,)]),
        ((EUR, NUMBER), [(1.5, 2)]),
        ((Heading("month"), EUR), [(m, v - 60) for m, v in MONTHS]),
        ((Heading("month"), EUR, NUMBER), [(m, v, 1) for m, v in MONTHS]),
        ((Heading("country"), EUR), [("Germany", 5.5), ("France", -3.5), (None, None)]),
        ((Heading("country"), EUR, NUMBER), [(c, n, n + 1) for c, n in COUNTRIES]),
        ((Heading("channel"), PERCENT), [("app", 60.0), ("web", 40.0)]),
        ((Heading("quarter"), EUR), [(f"2025-Q{n}", n) for n in range(1, 5)]),
        ((Heading("day"), EUR), [(f"2025-01-{n:02}", n) for n in range(1, 32)]),
    ],
)
def test_a_png_is_written(
    tmp_path: Path, headings: tuple[Heading, ...], rows: list[tuple[Any, ...]], dark: bool
) -> None:
    given = result("a b c"[: 2 * len(headings) - 1], rows)
    write_png(given, tmp_path / "chart.png", "Why?", headings, dark=dark)
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_where_no_chart_suits_the_error_says_what_to_ask(tmp_path: Path) -> None:
    with pytest.raises(ChartError, match="ask for a number by time or by name"):
        write_png(result("name", [("Ana",), ("Bo",)]), tmp_path / "chart.png")


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ChartError, match="name another file"):
        write_png(result("month revenue", MONTHS), tmp_path / "no" / "chart.png")
