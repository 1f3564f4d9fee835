"""What the team asks most comes most."""

from collections import Counter
from dataclasses import replace
from itertools import islice

from knowledge.patterns import Logged, mine
from training.material import Material
from training.usage import MOST, Usage

LENGTHS = "SELECT runs_through, AVG(length) AS l FROM river WHERE length > 5 GROUP BY 1"


def test_without_a_log_everything_weighs_the_same() -> None:
    usage = Usage.of(None)
    assert (usage.of_table("river"), usage.of_column("river.length"), usage.of_measure("SUM(a.b)")) == (
        1,
        1,
        1,
    )


def test_weights_grow_with_use(atlas: Material) -> None:
    usage = Usage.of(mine([Logged(LENGTHS, 9), Logged("SELECT 1 FROM land", 3)], atlas.schema))
    assert usage.of_table("river") == MOST
    assert 1 < usage.of_table("land") < MOST
    assert usage.of_column("river.length") == usage.of_column("river.runs_through") == MOST
    assert usage.of_column("land.capital") == 1
    assert usage.of_measure("AVG(river.length)") == MOST


def test_more_is_asked_of_what_the_log_reads(atlas: Material) -> None:
    def share() -> float:
        rows = islice(atlas.synthesiser(4).rows(), 600)
        read = Counter("river" in row.target for row in rows)
        return read[True] / 600

    before, plain = share(), atlas.catalogue.usage
    atlas.catalogue.usage = Usage.of(mine([Logged(LENGTHS, 9)], atlas.schema))
    try:
        after = share()
    finally:
        atlas.catalogue.usage = replace(plain)
    assert after > before
