"""How long a statement may take: less where others gave rows, and less for each that was given up."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.context import Context
from graph.nodes.execute import PATIENCE_S, SLOWER, _limit
from knowledge.examples import Example
from knowledge.result import Result
from tests.graph.following import shop_context


@pytest.mark.parametrize(
    ("took", "given_up", "seconds"),
    [
        ([], 0, 30.0),
        ([0.01], 0, PATIENCE_S),
        ([0.01], 2, PATIENCE_S / 4),
        ([0.01, 0.5], 2, 0.5 * SLOWER),
        ([9.0], 0, 30.0),
    ],
)
def test_nobody_waits_for_one_far_slower_than_what_gave_rows(
    tmp_path: Path, took: list[float], given_up: int, seconds: float
) -> None:
    made = shop_context(tmp_path, Example("orders", "SELECT COUNT(*) FROM orders"), 0.5)
    context: Context = replace(made, timeout_s=30.0)
    results = {str(place): Result(("n",), ((1,),), seconds=taken) for place, taken in enumerate(took)}
    assert _limit({**results, "failed": "no such column"}, given_up, context) == seconds
    made.database.close()
