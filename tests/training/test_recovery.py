"""Rows of recovery show a wrong statement, what is said of it, and the right one."""

import random
from collections import Counter

import pytest

from graph.specialist import WRONG
from knowledge.schema import Schema
from training import recovery
from training.material import Material
from training.recovery import CORRUPTIONS, KIND, SAID, Recovery
from training.synthesis import Row

TOP = (
    "SELECT c.name, SUM(o.net_amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
    "WHERE o.ordered_at >= <d1a> AND o.ordered_at < <d1b> GROUP BY 1 ORDER BY 2 DESC LIMIT <n1>"
)


@pytest.fixture(scope="module")
def made(material: Material, rows: list[Row]) -> list[Row]:
    return list(Recovery(material, 3).rows(rows[:500], 200))


def _trouble(row: Row) -> str:
    return row.prompt.removesuffix("<|sql|>").rpartition("|")[2]


def test_each_row_asks_with_a_wrong_statement_and_wants_the_right_one(made: list[Row]) -> None:
    assert len(made) == 200
    for row in made:
        wrong = row.prompt.partition(WRONG)[2].rpartition("|")[0].rpartition("|")[0]
        assert row.kind == KIND
        assert wrong
        assert wrong != row.target


def test_the_trouble_is_what_the_agent_sees(made: list[Row]) -> None:
    counts = Counter(map(_trouble, made))
    assert {"names", "slot", "parse", SAID} <= set(counts)
    assert counts[SAID] < 0.6 * len(made)


def test_the_same_seed_makes_the_same_rows(material: Material, rows: list[Row], made: list[Row]) -> None:
    assert list(Recovery(material, 3).rows(rows[:500], 50)) == made[:50]


def test_a_right_statement_makes_no_row(material: Material, rows: list[Row]) -> None:
    assert Recovery(material, 1).row(rows[0], rows[0].target) is None


@pytest.mark.parametrize("spoil", CORRUPTIONS, ids=lambda spoil: spoil.__name__)
def test_every_corruption_fits_some_statements_and_changes_them(
    spoil: recovery.Corruption, material: Material, rows: list[Row]
) -> None:
    schema: Schema = material.catalogue.schema
    spoilt = [(row.target, spoil(row.target, schema, random.Random(n))) for n, row in enumerate(rows[:800])]
    changed = [(target, wrong) for target, wrong in spoilt if wrong]
    assert len(changed) > 10
    assert sum(wrong != target for target, wrong in changed) > 0.8 * len(changed)


def test_a_lost_condition_leaves_a_whole_statement(material: Material) -> None:
    for seed in range(8):
        left = recovery.lost_condition(TOP, material.schema, random.Random(seed))
        assert left.count(" WHERE ") == 1
        assert " AND " not in left


def test_mistakes_of_the_model_become_rows(material: Material, rows: list[Row]) -> None:
    wrong = "SELECT o.no_such_column FROM orders o"
    (row,) = Recovery(material, 1).of_mistakes([(rows[0], wrong)])
    assert f"{WRONG}{wrong}|names" in row.prompt
    assert row.target == rows[0].target
