"""Every trap of comparing results, as a sentence."""

import datetime as dt
import time
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from evals.compare import Comparison, compare
from evals.compare.matching import OutOfTimeError
from evals.verdict import Verdict
from knowledge.result import Result

Rows = Sequence[Sequence[Any]]


def result(rows: Rows, names: str = "") -> Result:
    width = len(rows[0]) if rows else 1
    columns = tuple(names.split()) if names else tuple(f"c{place}" for place in range(width))
    return Result(columns, tuple(tuple(row) for row in rows))


def verdict(gold: Rows, answer: Rows, **options: Any) -> Verdict:
    return compare(result(gold), result(answer), **options).verdict


def verdict_by_content(gold: Rows, answer: Rows) -> Verdict:
    """With names of columns that say nothing."""
    found = result(answer)
    return compare(result(gold), Result(tuple(f"a{name}" for name in found.columns), found.rows)).verdict


def column(*values: Any) -> list[tuple[Any]]:
    return [(value,) for value in values]


# rows


def test_a_result_equals_itself() -> None:
    assert verdict([(1, "a"), (2, None)], [(1, "a"), (2, None)]) is Verdict.EXACT


def test_the_order_of_rows_does_not_matter_by_default() -> None:
    assert verdict([(1, "a"), (2, "b")], [(2, "b"), (1, "a")]) is Verdict.EXACT


def test_a_lost_duplicate_is_wrong() -> None:
    found = compare(result(column("A", "A", "B")), result(column("A", "B")))
    assert (found.verdict, found.why) == (Verdict.WRONG, "2 rows instead of 3")


def test_other_multiplicities_with_the_same_count_are_wrong() -> None:
    assert verdict(column("A", "A", "B"), column("A", "B", "B")) is Verdict.WRONG


def test_one_row_is_not_spread_over_many() -> None:
    assert verdict(column("A"), column("A", "A")) is Verdict.WRONG


def test_columns_that_agree_one_by_one_but_not_row_by_row_are_wrong() -> None:
    found = compare(result([(1, "x"), (2, "y")]), result([(1, "y"), (2, "x")]))
    assert (found.verdict, found.why) == (Verdict.WRONG, "each column is there, but the rows do not agree")


def test_an_empty_answer_to_a_full_gold_is_wrong() -> None:
    assert compare(result(column(4)), Result(("n",), ())).verdict is Verdict.WRONG


def test_an_empty_gold_says_nothing_whatever_the_answer() -> None:
    empty = Result(("n",), ())
    assert compare(empty, empty).verdict is Verdict.VACUOUS
    assert compare(empty, result(column("junk"))).verdict is Verdict.VACUOUS


# columns


def test_column_names_and_their_order_do_not_matter() -> None:
    found = compare(result([("x", 1), ("y", 2)], "name n"), result([(1, "x"), (2, "y")], "a b"))
    assert (found.verdict, found.columns) == (Verdict.EXACT, (1, 0))


def test_an_extra_column_makes_a_superset() -> None:
    assert verdict([(1,), (2,)], [(1, "x"), (2, "y")]) is Verdict.SUPERSET


def test_a_missing_column_is_wrong() -> None:
    found = compare(result([(1, "x")]), result([("x",)]))
    assert (found.verdict, found.why) == (Verdict.WRONG, "1 column instead of 2")


@pytest.mark.parametrize(
    ("wanted", "extra", "right"), [(1, 2, True), (1, 3, False), (3, 3, True), (3, 4, False)]
)
def test_extra_columns_are_at_most_two_or_as_many_as_the_gold_has(
    wanted: int, extra: int, right: bool
) -> None:
    gold = [tuple(range(wanted))]
    assert verdict(gold, [tuple(range(wanted + extra))]).right is right


def test_a_shotgun_of_columns_is_wrong() -> None:
    assert verdict(column(4), [tuple(range(9))]) is Verdict.WRONG


def test_two_gold_columns_need_two_columns_even_if_their_values_are_the_same() -> None:
    assert verdict([(1, 1), (2, 2)], [(1, "x"), (2, "y")]) is Verdict.WRONG
    assert verdict([(1, 1), (2, 2)], [(1, 1), (2, 2)]) is Verdict.EXACT


def test_the_assignment_goes_back_where_the_first_choice_was_wrong() -> None:
    gold = [(1, "x"), (2, "y"), (3, "z")]
    answer = [(3, 1, "x"), (1, 2, "y"), (2, 3, "z")]
    found = compare(result(gold), result(answer))
    assert (found.verdict, found.columns) == (Verdict.SUPERSET, (1, 2))


def test_columns_may_share_a_name() -> None:
    gold = result([("Ann", "A"), ("Bob", "B")], "name name")
    assert compare(gold, result([("B", "Bob"), ("A", "Ann")], "name name")).verdict is Verdict.EXACT


def test_columns_under_each_others_names_are_wrong() -> None:
    gold = result([("x", "p"), ("y", "q")], "src dst")
    swapped = compare(gold, result([("p", "x"), ("q", "y")], "SRC DST"))
    assert (swapped.verdict, swapped.why) == (Verdict.WRONG, "the right columns under each other's names")
    assert compare(gold, result([("p", "x"), ("q", "y")], "dst src")).verdict is Verdict.EXACT


def test_columns_that_say_nothing_by_their_names_may_stand_for_each_other() -> None:
    gold, answer = [(0, None), (None, 0), (None, 0)], [(0, None), (0, None), (None, 0)]
    assert compare(result(gold, "src dst"), result(answer, "x y")).verdict is Verdict.EXACT
    assert compare(result(gold, "src dst"), result(answer, "src dst")).verdict is Verdict.WRONG


def test_a_name_that_moved_on_without_a_swap_is_no_fault() -> None:
    gold = result([("Grinders", "Mill 3"), ("Beans", "Yirga")], "category name")
    answer = result([("Grinders", "Mill 3"), ("Beans", "Yirga")], "name product")
    assert compare(gold, answer).verdict is Verdict.EXACT


def test_many_like_columns_are_decided_within_the_budget() -> None:
    gold = [(*[0] * 12, 1), (*[0] * 12, 2)]
    answer = [(*[0] * 12, 1), (*[0] * 12, 3)]
    assert verdict_by_content(gold, [row[::-1] for row in reversed(gold)]) is Verdict.EXACT
    assert verdict(gold, answer) is Verdict.WRONG


# order


def test_order_counts_where_blocks_are_given() -> None:
    gold = result(column("a", "b", "c"))
    reversed_answer = result(column("c", "b", "a"))
    found = compare(gold, reversed_answer, blocks=(0, 1, 2))
    assert (found.verdict, found.why) == (Verdict.WRONG, "the right rows in the wrong order")
    assert compare(gold, gold, blocks=(0, 1, 2)).verdict is Verdict.EXACT


def test_rows_that_tie_may_swap_places() -> None:
    gold = result([("A", 3), ("B", 2), ("C", 2)])
    assert compare(gold, result([("A", 3), ("C", 2), ("B", 2)]), blocks=(0, 1, 1)).verdict is Verdict.EXACT
    assert compare(gold, result([("B", 2), ("A", 3), ("C", 2)]), blocks=(0, 1, 1)).verdict is Verdict.WRONG


def test_order_counts_for_rows_with_inexact_numbers_too() -> None:
    gold = result([(0.3,), (0.5,)])
    assert compare(gold, result([(0.1 + 0.2,), (0.5,)]), blocks=(0, 1)).verdict is Verdict.EXACT
    assert compare(gold, result([(0.5,), (0.1 + 0.2,)]), blocks=(0, 1)).verdict is Verdict.WRONG


# numbers


@pytest.mark.parametrize(
    ("gold", "answer"),
    [
        (1, 1.0),
        (1, True),
        (0, False),
        (Decimal("0.10"), 0.1),
        (Decimal("3"), 3),
        (0.3, 0.1 + 0.2),
        (1234.5, 1234.5005),
        (0.0, -0.0),
        (0, 1e-12),
        (float("inf"), float("inf")),
        (10**17, 1e17),
        (2**80, Decimal(2**80)),
        (-(2**53), -(2.0**53)),
        (1e17, 1e17 * (1 + 1e-9)),
        (np.int64(5), 5),
        (np.float64(2.5), 2.5),
    ],
)
def test_numbers_that_are_equal(gold: Any, answer: Any) -> None:
    assert verdict(column(gold, 7), column(7, answer)) is Verdict.EXACT


@pytest.mark.parametrize(
    ("gold", "answer"),
    [
        (1_000_000, 1_000_001),
        (1_000_000.0, 1_000_004.0),
        (1_000_000.0, 1_000_001.0),
        (1234.5, 1234.6),
        (9007199254740993, 9007199254740992.0),
        (9007199254740993, 9007199254740992),
        (float("inf"), 1e300),
        (float("inf"), 10**400),
        (2**53 + 1, 2**53),
        (float("inf"), float("-inf")),
        (1, "1"),
        (True, "true"),
        (0, ""),
        (0, None),
        (-99999, None),
        (1, -1),
    ],
)
def test_numbers_that_are_not_equal(gold: Any, answer: Any) -> None:
    assert verdict(column(gold, 7), column(7, answer)) is Verdict.WRONG
    assert verdict(column(answer, 7), column(7, gold)) is Verdict.WRONG


def test_integers_of_thousands_of_digits_are_compared() -> None:
    assert verdict(column(10**5000, 7), column(7, Decimal(10**5000))) is Verdict.EXACT
    assert verdict(column(10**5000, 7), column(7, 10**5000 + 1)) is Verdict.WRONG


def test_large_integers_in_one_column_leave_the_tolerance_of_another_alone() -> None:
    gold = [(2**60 + 1, 1e17), (2**60 + 2, 3e17)]
    assert verdict(gold, [(b, a * (1 + 1e-9)) for b, a in reversed(gold)]) is Verdict.EXACT
    assert verdict(gold, [(float(b), a) for b, a in reversed(gold)]) is Verdict.WRONG


def test_numbers_with_nulls_among_them_keep_their_tolerance() -> None:
    gold = [(None, 1), (0.3, None), (None, None)]
    assert verdict(gold, [(None, float("nan")), (None, True), (0.1 + 0.2, None)]) is Verdict.EXACT
    assert verdict(gold, [(None, None), (None, 1), (0.31, None)]) is Verdict.WRONG


def test_noise_may_reorder_neighbours_without_harm() -> None:
    gold = [(1.0000001, "a"), (1.0000002, "b")]
    assert verdict(gold, [(1.0000003, "a"), (1.0000001, "b")]) is Verdict.EXACT


def test_a_chain_of_near_numbers_is_not_one_number() -> None:
    chain = [1 + step * 0.9e-6 + 1e-8 for step in range(5)]
    assert verdict(column(*chain), column(chain[0], chain[0], chain[2], chain[4], chain[4])) is Verdict.EXACT
    assert verdict(column(*chain), column(*[chain[0]] * 5)) is Verdict.WRONG


def test_near_rows_are_matched_whole() -> None:
    gold = [(1.0000001, 5.5), (1.0000009, 6.5)]
    assert verdict(gold, [(1.0000009, 5.5), (1.0000001, 6.5)]) is Verdict.EXACT
    assert verdict(gold, [(1.0000001, 6.5), (1.5, 5.5)]) is Verdict.WRONG


def test_an_answer_rounded_to_two_decimals_is_wrong_but_marked() -> None:
    found = compare(result(column(66.666667, 1.25)), result(column(66.67, 1.25)))
    assert found == Comparison(Verdict.WRONG, found.why, rounded=True)
    assert compare(result(column(66.67, 1.25)), result(column(66.666667, 1.25))).rounded
    assert compare(result([(66.67, "a")]), result([("a", 66.666667, 3)], "x y z")).rounded
    assert not compare(result(column(66.666667)), result(column(66.68))).rounded
    assert not compare(result(column(1.234567, 1e307)), result(column(1.23, 3e307))).rounded
    assert not compare(result(column(0.0312)), result(column(0.0349))).rounded


# nulls, times, texts, structures


def test_none_and_nan_and_nat_are_the_same() -> None:
    assert verdict(column(None, 1.5), column(float("nan"), 1.5)) is Verdict.EXACT
    assert verdict(column(None, 1.5), column(np.datetime64("NaT"), 1.5)) is Verdict.EXACT
    assert verdict(column(None, 1.5), column(Decimal("NaN"), 1.5)) is Verdict.EXACT


def test_pandas_missing_values_are_null() -> None:
    pandas = pytest.importorskip("pandas")
    assert verdict(column(None, None), column(pandas.NaT, pandas.NA)) is Verdict.EXACT


def test_null_is_not_the_empty_text() -> None:
    assert verdict(column(None, "a"), column("", "a")) is Verdict.WRONG


DAY, MIDNIGHT = dt.date(2024, 1, 1), dt.datetime(2024, 1, 1)
PARIS = dt.timezone(dt.timedelta(hours=2))


@pytest.mark.parametrize(
    ("gold", "answer"),
    [
        (DAY, MIDNIGHT),
        (DAY, "2024-01-01"),
        ("2024-01-01", "2024-01-01 00:00:00"),
        ("2024-01-01", "2024-01-01T00:00:00Z"),
        ("2024-01-01 10:30:00", dt.datetime(2024, 1, 1, 10, 30)),
        ("2024-01-01 10:30:00", "2024-01-01 10:30"),
        ("2024-01-01 10:30:00.500", dt.datetime(2024, 1, 1, 10, 30, 0, 500_000)),
        (dt.datetime(2024, 1, 1, 10, 30), dt.datetime(2024, 1, 1, 12, 30, tzinfo=PARIS)),
        ("2024-01-01 10:30:00", "2024-01-01 12:30:00+02:00"),
        ("2024-01-01 10:30:00", "2024-01-01 12:30:30+02:00:30"),
        ("2024-01-01 10:30:00  ", "2024-01-01T10:30Z"),
        (np.datetime64("2024-01-01T10:30:00", "ns"), "2024-01-01 10:30:00"),
        (dt.time(12, 30, tzinfo=PARIS), dt.time(10, 30)),
        (dt.datetime(1, 1, 1, 1, tzinfo=PARIS), dt.datetime(1, 1, 1, 1, tzinfo=PARIS)),
    ],
)
def test_times_that_are_equal(gold: Any, answer: Any) -> None:
    assert verdict(column(gold, None), column(answer, None)) is Verdict.EXACT
    assert verdict(column(gold), column(answer)) is Verdict.EXACT


@pytest.mark.parametrize(
    ("gold", "answer"),
    [
        (DAY, dt.datetime(2024, 1, 1, 0, 0, 1)),
        ("2024-01-01 00:00:00", "2024-01-02"),
        (dt.datetime(2024, 1, 1, 10, 30), dt.datetime(2024, 1, 1, 10, 30, tzinfo=PARIS)),
        (2024, "2024"),
    ],
)
def test_times_that_are_not_equal(gold: Any, answer: Any) -> None:
    assert verdict(column(gold), column(answer)) is Verdict.WRONG


def test_trailing_blanks_do_not_matter_but_leading_ones_do() -> None:
    assert verdict(column("Aug   ", "Sep"), column("Aug", "Sep")) is Verdict.EXACT
    assert verdict(column(" Aug"), column("Aug")) is Verdict.WRONG


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert verdict(column("caf\u00e9"), column("cafe\u0301")) is Verdict.EXACT


def test_case_matters() -> None:
    assert verdict(column("Berlin"), column("berlin")) is Verdict.WRONG


def test_a_column_may_mix_numbers_and_texts() -> None:
    assert verdict(column(1, "x", 2), column("x", 2, 1)) is Verdict.EXACT


def test_lists_and_mappings_are_compared_by_content() -> None:
    assert verdict([([1], 1), ([2], 2)], [([2], 2), ([1], 1)]) is Verdict.EXACT
    assert verdict(column({"a": 1, "b": [2]}), column({"b": [2.0], "a": 1})) is Verdict.EXACT
    assert verdict(column([1, 2]), column([2, 1])) is Verdict.WRONG
    assert verdict(column({3, 1}), column({1, 3})) is Verdict.EXACT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, 2], "[1, 2]"),
        ({"b": [True, 2.0], "a": None}, '{"a":null, "b" : [1, 2]}'),
        ('{"a": "cafe\u0301"}', '{"a":"café"}  '),
    ],
)
def test_json_is_the_same_however_it_is_spelled(one: Any, other: Any) -> None:
    assert verdict(column(one, "x"), column("x", other)) is Verdict.EXACT


def test_what_only_looks_like_json_is_a_text() -> None:
    assert verdict(column("[sic]"), column("[sic]")) is Verdict.EXACT
    assert verdict(column("[sic]"), column("[ sic]")) is Verdict.WRONG
    assert verdict(column("[" * 100_000), column("[" * 99_999)) is Verdict.WRONG
    assert verdict(column("1 "), column(1)) is Verdict.WRONG


def test_other_types_are_compared_by_their_text() -> None:
    key = uuid.uuid4()
    assert verdict(column(key), column(str(key))) is Verdict.EXACT
    assert verdict(column(b"\x01"), column(b"\x02")) is Verdict.WRONG
    assert verdict(column(dt.timedelta(minutes=2)), column(120)) is Verdict.EXACT
    assert verdict(column(dt.time(10)), column("10:00:00")) is Verdict.EXACT


# time


def test_a_comparison_without_time_is_undecided() -> None:
    assert verdict([(1, "a"), (2, "b")], [(2, "b"), (1, "a")], budget_s=-1) is Verdict.UNDECIDED


def test_a_wrong_answer_stays_wrong_when_no_time_is_left_to_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any) -> Comparison:
        raise OutOfTimeError

    monkeypatch.setattr("evals.compare.results._wrong", late)
    assert verdict(column(1, 2), column(1, 3)) is Verdict.WRONG


# many rows


def many(count: int = 5000) -> list[tuple[Any, ...]]:
    random = np.random.default_rng(7)
    return [
        (place, f"name {place % 977}", number, f"2024-01-{1 + place % 28:02} 10:00:00", place % 50, None)
        for place, number in enumerate(random.random(count).tolist())
    ]


def test_many_rows_in_another_order_are_right_and_one_wrong_cell_among_them_is_wrong() -> None:
    rows = many()
    shuffled = [rows[place] for place in np.random.default_rng(1).permutation(len(rows))]
    assert verdict(rows, shuffled) is Verdict.EXACT
    assert verdict_by_content(rows, [(*row[:1], *row[:0:-1]) for row in shuffled]) is Verdict.EXACT
    assert verdict_by_content(rows, [row[1:] + row[:1] for row in shuffled]) is Verdict.EXACT
    for place, cell in enumerate((-1, "name", 0.5, "2024-01-01 10:00:01", 51, 0)):
        wrong = [*shuffled[:-1], (*shuffled[-1][:place], cell, *shuffled[-1][place + 1 :])]
        assert verdict(rows, wrong) is Verdict.WRONG


def test_cells_that_changed_places_between_rows_are_wrong_whatever_column_they_are_in() -> None:
    rows = many()
    for place in range(5):
        one, other = rows[10], rows[11]
        swapped = list(rows)
        swapped[10] = (*one[:place], other[place], *one[place + 1 :])
        swapped[11] = (*other[:place], one[place], *other[place + 1 :])
        assert verdict(rows, swapped) is Verdict.WRONG
        assert verdict(rows, swapped[::-1]) is Verdict.WRONG


def test_many_rows_with_noise_in_their_numbers_are_right() -> None:
    rows = many()
    noisy = [(*row[:2], row[2] * (1 + 1e-9), *row[3:]) for row in reversed(rows)]
    assert verdict(rows, noisy) is Verdict.EXACT
    assert verdict([row[1:] for row in rows], [row[1:] for row in noisy]) is Verdict.EXACT


def test_a_machine_that_stands_still_leaves_no_comparison_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", iter(range(0, 10_000, 60)).__next__)
    assert verdict([(1, "a"), (2, "b")], [(2, "b"), (1, "a")]) is Verdict.EXACT
    assert verdict([(1, "a"), (1, "b")], [(1, "b"), (1, "c")]) is Verdict.WRONG


def test_minus_one_and_minus_two_are_different_although_python_hashes_them_alike() -> None:
    gold = [(-1, "a", 1), (-2, "b", 2)]
    assert verdict(gold, [(-2, "a", 1), (-1, "b", 2)]) is Verdict.WRONG
    assert verdict(gold, [(-2, "b", 2), (-1, "a", 1)]) is Verdict.EXACT
