"""The fast comparison says what a slow and plain one says."""

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evals.compare import compare
from evals.verdict import Verdict
from knowledge.result import Result

SMALL = [None, 0, 1, 1.0, 2, 1.0000004, 1.0000009, 1.0000016, 1.5, "", "a", "b", "1", True, 2**60, 2.0**60]
LARGE = [10**7 + step / 2 for step in range(-3, 4)]
CELLS = st.sampled_from(SMALL) | st.sampled_from(LARGE)
Rows = list[tuple[Any, ...]]


def same_cell(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    if isinstance(one, str) or isinstance(other, str):
        return one == other and type(one) is type(other)
    whole = one == int(one) and other == int(other)
    return int(one) == int(other) if whole else abs(one - other) <= 1e-6 * max(abs(one), abs(other))


def plainly(gold: Rows, answer: Rows, blocks: tuple[int, ...] | None) -> Verdict:
    wanted, given_ = len(gold[0]), len(answer[0])
    if len(gold) != len(answer) or not wanted <= given_ <= wanted + max(2, wanted):
        return Verdict.WRONG
    places = range(len(gold))
    for columns in permutations(range(given_), wanted):
        picked = [tuple(row[column] for column in columns) for row in answer]
        for order in permutations(places):
            in_block = blocks is None or all(blocks[place] == blocks[order[place]] for place in places)
            if in_block and all(all(map(same_cell, gold[place], picked[order[place]])) for place in places):
                return Verdict.EXACT if wanted == given_ else Verdict.SUPERSET
    return Verdict.WRONG


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Rows, Rows, tuple[int, ...] | None]:
    """A gold and an answer that is mostly the gold, rearranged and a little changed."""
    width, height = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    gold = draw(st.lists(st.tuples(*[CELLS] * width), min_size=height, max_size=height))
    columns = draw(st.permutations(range(width)))
    extra = draw(st.integers(0, 1))
    answer = [
        (*(row[column] for column in columns), *(draw(CELLS) for _ in range(extra)))
        for row in draw(st.permutations(gold))
    ]
    for _ in range(draw(st.integers(0, 2))):
        row, column = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        answer[row] = (*answer[row][:column], draw(CELLS), *answer[row][column + 1 :])
    steps = draw(st.none() | st.lists(st.integers(0, 1), min_size=height, max_size=height))
    blocks = None if steps is None else tuple(sum(steps[: place + 1]) for place in range(height))
    return gold, answer, blocks


@given(pairs())
def test_the_fast_comparison_agrees_with_the_plain_one(
    pair: tuple[Rows, Rows, tuple[int, ...] | None],
) -> None:
    gold, answer, blocks = pair
    names = [f"g{place}" for place in range(len(gold[0]))], [f"a{place}" for place in range(len(answer[0]))]
    found = compare(
        Result(tuple(names[0]), tuple(gold)), Result(tuple(names[1]), tuple(answer)), blocks=blocks
    )
    assert found.verdict is plainly(gold, answer, blocks)
