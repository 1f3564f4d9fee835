"""What must hold for every result, whatever is in it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evals.compare import compare
from evals.verdict import Verdict
from knowledge.result import Result

CELLS = st.one_of(
    st.none(),
    st.integers(-3, 3),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True, allow_infinity=True, width=32),
    st.sampled_from(["", "a", "b", "A", "1", "2024-01-01", "é"]),
    st.booleans(),
)
MARK = "a value that no cell holds"


@st.composite
def results(draw: st.DrawFn) -> Result:
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=6))
    return Result(tuple(f"c{place}" for place in range(width)), tuple(rows))


def rearranged(result: Result, rows: list[int], columns: list[int]) -> Result:
    names = tuple(result.columns[place] for place in columns)
    return Result(names, tuple(tuple(result.rows[row][place] for place in columns) for row in rows))


@given(results(), st.data())
@settings(max_examples=300, deadline=None)
def test_permuting_rows_and_columns_never_changes_the_verdict(result: Result, data: st.DataObject) -> None:
    rows = data.draw(st.permutations(range(len(result.rows))))
    columns = data.draw(st.permutations(range(len(result.columns))))
    assert compare(result, rearranged(result, list(rows), list(columns))).verdict is Verdict.EXACT


@given(results(), st.data())
@settings(max_examples=300, deadline=None)
def test_changing_one_cell_always_makes_it_wrong(result: Result, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(result.rows) - 1))
    column = data.draw(st.integers(0, len(result.columns) - 1))
    rows: list[tuple[Any, ...]] = list(result.rows)
    rows[row] = (*rows[row][:column], MARK, *rows[row][column + 1 :])
    changed = Result(result.columns, tuple(rows))
    assert compare(result, changed).verdict is Verdict.WRONG
    assert compare(changed, result).verdict is Verdict.WRONG


@given(results(), st.data())
@settings(max_examples=200, deadline=None)
def test_adding_a_duplicate_or_losing_a_row_always_makes_it_wrong(
    result: Result, data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from(result.rows))
    more = Result(result.columns, (*result.rows, row))
    assert compare(result, more).verdict is Verdict.WRONG
    assert compare(more, result).verdict is Verdict.WRONG


@given(results(), st.data())
@settings(max_examples=200, deadline=None)
def test_an_extra_column_makes_a_superset_wherever_it_stands(result: Result, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(result.columns)))
    rows = tuple((*row[:place], number + 0.5, *row[place:]) for number, row in enumerate(result.rows))
    wider = Result((*result.columns[:place], "extra", *result.columns[place:]), rows)
    assert compare(result, wider).verdict is Verdict.SUPERSET
