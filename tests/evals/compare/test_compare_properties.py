"""What must hold for every result, whatever is in it."""

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from evals.compare import compare
from evals.verdict import Verdict
from knowledge.result import Result
from tests.evals.compare.strategies import ANY_CELL, APART, apart, rearranged, respelled, results


def with_row(result: Result, place: int, row: tuple[Any, ...]) -> Result:
    return Result(result.columns, (*result.rows[:place], row, *result.rows[place + 1 :]))


@given(results(), st.data())
def test_permuting_rows_and_columns_and_renaming_never_changes_the_verdict(
    result: Result, data: st.DataObject
) -> None:
    assert compare(result, data.draw(rearranged(result))).verdict is Verdict.EXACT


@given(results(), st.data())
def test_adding_columns_that_are_allowed_makes_a_superset(result: Result, data: st.DataObject) -> None:
    extra = data.draw(st.integers(1, max(2, len(result.columns))))
    assert compare(result, data.draw(rearranged(result, extra))).verdict is Verdict.SUPERSET


@given(results(), st.data())
def test_one_column_too_many_is_always_wrong(result: Result, data: st.DataObject) -> None:
    extra = max(2, len(result.columns)) + 1
    assert compare(result, data.draw(rearranged(result, extra))).verdict is Verdict.WRONG


@given(results(), st.data())
def test_rearranging_columns_together_with_their_names_never_changes_the_verdict(
    result: Result, data: st.DataObject
) -> None:
    assert compare(result, data.draw(rearranged(result, renamed=False))).verdict is Verdict.EXACT


@given(apart(), st.data())
def test_spelling_cells_otherwise_never_changes_the_verdict(result: Result, data: st.DataObject) -> None:
    rows = tuple(tuple(respelled(data.draw, cell) for cell in row) for row in result.rows)
    answer = data.draw(rearranged(Result(result.columns, rows)))
    assert compare(result, answer).verdict is Verdict.EXACT
    assert compare(answer, result).verdict is Verdict.EXACT


@given(apart(), st.data())
def test_changing_one_cell_always_makes_it_wrong(result: Result, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(result.rows) - 1))
    column = data.draw(st.integers(0, len(result.columns) - 1))
    row = result.rows[place]
    cell = data.draw(
        st.sampled_from([cell for cell in APART if cell is not row[column] and cell != row[column]])
    )
    changed = with_row(result, place, (*row[:column], cell, *row[column + 1 :]))
    answer = data.draw(rearranged(changed))
    assert compare(result, answer).verdict is Verdict.WRONG
    assert compare(answer, result).verdict is Verdict.WRONG


@given(apart(), st.data())
def test_one_row_more_or_less_always_makes_it_wrong(result: Result, data: st.DataObject) -> None:
    more = Result(result.columns, (*result.rows, data.draw(st.sampled_from(result.rows))))
    answer = data.draw(rearranged(more))
    assert compare(result, answer).verdict is Verdict.WRONG
    assert compare(answer, result).verdict is Verdict.WRONG


@given(apart(), st.data())
def test_one_duplicate_in_the_place_of_another_row_always_makes_it_wrong(
    result: Result, data: st.DataObject
) -> None:
    place, copied = data.draw(st.tuples(*[st.integers(0, len(result.rows) - 1)] * 2))
    assume(result.rows[place] != result.rows[copied])
    """Under the names of the gold: without them it may be the gold with two columns changed over."""
    answer = data.draw(rearranged(with_row(result, place, result.rows[copied]), renamed=False))
    assert compare(result, answer).verdict is Verdict.WRONG


@st.composite
def blocked(draw: st.DrawFn) -> tuple[Result, tuple[int, ...]]:
    """A result whose rows differ between blocks."""
    result = draw(apart(width=3))
    steps = draw(st.lists(st.integers(0, 1), min_size=len(result.rows), max_size=len(result.rows)))
    blocks = tuple(sum(steps[1 : place + 1]) for place in range(len(steps)))
    rows = tuple((*row, f"block {block}") for row, block in zip(result.rows, blocks, strict=True))
    return Result((*result.columns, "key"), rows), blocks


@given(blocked(), st.data())
def test_rows_may_change_places_inside_their_block(
    given_blocks: tuple[Result, tuple[int, ...]], data: st.DataObject
) -> None:
    gold, blocks = given_blocks
    rows = [
        row
        for block in sorted(set(blocks))
        for row in data.draw(
            st.permutations([row for row, at in zip(gold.rows, blocks, strict=True) if at == block])
        )
    ]
    columns = data.draw(st.permutations(range(len(gold.columns))))
    answer = Result(
        tuple(f"other {place}" for place in columns), tuple(tuple(row[c] for c in columns) for row in rows)
    )
    assert compare(gold, answer, blocks=blocks).verdict is Verdict.EXACT


@given(blocked(), st.data())
def test_one_row_in_another_block_always_makes_it_wrong(
    given_blocks: tuple[Result, tuple[int, ...]], data: st.DataObject
) -> None:
    gold, blocks = given_blocks
    assume(len(set(blocks)) > 1)
    first = data.draw(
        st.sampled_from([place for place in range(1, len(blocks)) if blocks[place] > blocks[place - 1]])
    )
    second = data.draw(st.integers(first, len(blocks) - 1))
    rows = list(gold.rows)
    rows[first - 1], rows[second] = rows[second], rows[first - 1]
    found = compare(gold, Result(gold.columns, tuple(rows)), blocks=blocks)
    assert (found.verdict, found.why) == (Verdict.WRONG, "the right rows in the wrong order")


@given(results(), results(), st.data())
def test_the_verdict_on_any_two_results_does_not_depend_on_how_they_are_arranged(
    gold: Result, answer: Result, data: st.DataObject
) -> None:
    nameless = Result(tuple(f"other {name}" for name in answer.columns), answer.rows)
    assert compare(gold, nameless).verdict is compare(gold, data.draw(rearranged(answer))).verdict


@given(st.lists(ANY_CELL, min_size=1, max_size=4))
def test_whatever_a_cell_is_nothing_fails(cells: list[Any]) -> None:
    gold = Result(("c",), tuple((cell,) for cell in cells))
    assert compare(gold, Result(("d",), tuple(reversed(gold.rows)))).verdict is Verdict.EXACT
