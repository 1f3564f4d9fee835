"""Rows side by side."""

from evals.reports.sidebyside import MOST_COLUMNS, MOST_ROWS, SideBySide, side_by_side

GOLD = ("country", "n"), (("DE", 2), ("FR", 1), ("AT", 1))


def beside(columns: tuple[str, ...], rows: tuple[tuple[object, ...], ...], gold_count: int = 3) -> SideBySide:
    return side_by_side(columns, rows, len(rows), *GOLD, gold_count)


def off(found: SideBySide, side: int) -> list[str]:
    return [cell.text for pair in found.rows for cell in pair[side] or () if cell.differs]


def test_swapped_columns_and_other_names_are_no_difference() -> None:
    found = beside(("count", "land"), ((1, "AT"), (1, "FR"), (2, "DE")))
    assert off(found, 0) == off(found, 1) == []
    assert [head.alone for head in (*found.answer, *found.gold)] == [False] * 4


def test_the_cell_that_differs_is_marked_on_both_sides() -> None:
    found = beside(("country", "n"), (("DE", 3), ("FR", 1), ("AT", 1)))
    assert off(found, 0) == ["3"]
    assert off(found, 1) == ["2"]


def test_a_row_that_the_other_side_has_not_is_marked_wholly() -> None:
    found = beside(("country", "n"), (("DE", 2), ("FR", 1)))
    assert off(found, 0) == []
    assert off(found, 1) == ["AT", "1"]
    assert found.rows[-1][0] is None


def test_a_row_twice_is_one_too_many() -> None:
    found = beside(("country", "n"), (("DE", 2), ("FR", 1), ("AT", 1), ("AT", 1)))
    assert off(found, 0) == ["AT", "1"]


def test_columns_without_a_like_are_told() -> None:
    found = beside(("country", "n", "note"), (("DE", 2, "x"), ("FR", 1, "y"), ("AT", 1, "z")))
    assert [head.alone for head in found.answer] == [False, False, True]
    assert off(found, 0) == []
    fewer = beside(("country",), (("DE",), ("FR",), ("AT",)))
    assert [head.alone for head in fewer.gold] == [False, True]


def test_numbers_that_compare_as_equal_are_not_marked() -> None:
    found = side_by_side(("a",), ((0.1 + 0.2,),), 1, ("a",), ((0.3,),), 1)
    assert off(found, 0) == []


def test_what_lies_beyond_the_first_rows_is_never_called_missing() -> None:
    found = beside(("country", "n"), (("DE", 3),), gold_count=500)
    assert off(found, 0) == []
    assert not found.marked


def test_many_rows_and_columns_are_cut_and_the_rows_that_differ_are_kept() -> None:
    rows = tuple((n, *range(20)) for n in range(60))
    other = (*rows[:-1], (99, *range(20)))
    names = tuple(f"c{n}" for n in range(21))
    found = side_by_side(names, rows, 60, names, other, 60)
    assert len(found.rows) == MOST_ROWS
    assert len(found.answer) == MOST_COLUMNS
    assert found.hidden == 2 * (21 - MOST_COLUMNS)
    assert off(found, 0) == ["59"]


def test_an_answer_without_rows_is_shown_against_the_gold() -> None:
    found = beside(("country", "n"), ())
    assert off(found, 1) == ["DE", "2", "FR", "1", "AT", "1"]
