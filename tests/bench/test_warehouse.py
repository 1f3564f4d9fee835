"""The synthetic warehouse of the bench, and retrieval from a small one in a real PostgreSQL."""

import re
from pathlib import Path

import pytest

from assistant.preparation import prepare
from tests.bench.retrieval import load, make_workspace, recall
from tests.bench.warehouse import questions, warehouse
from tests.bench.warehouse.tables import COLUMNS
from tests.servers.postgres import postgres


def test_a_thousand_tables_have_names_of_their_own_and_twenty_columns_each() -> None:
    made = warehouse(1000)
    assert len(set(made.tables)) == len(made.tables) == 1000
    created = [text for text in made.statements if text.startswith("CREATE TABLE")]
    assert len(created) == 1000
    assert {len(re.split(r", (?!\d)", text)) for text in created} == {COLUMNS}


def test_the_same_seed_makes_the_same_warehouse_and_questions() -> None:
    assert warehouse(100) == warehouse(100)
    assert warehouse(100, seed=1) != warehouse(100, seed=2)
    assert questions(warehouse(100)) == questions(warehouse(100))


def test_every_question_needs_tables_that_are_there_and_joined_by_a_key() -> None:
    made = warehouse(1000)
    created = {text.split()[2]: text for text in made.statements if text.startswith("CREATE TABLE")}
    asked = questions(made)
    assert len({one.text for one in asked}) == len(asked) == 200
    for one in asked:
        assert set(one.tables) <= created.keys()
        if len(one.tables) == 2:
            assert f"REFERENCES {one.tables[1]} " in created[one.tables[0]]


@pytest.mark.real
def test_the_tables_of_a_question_are_found_in_postgresql(tmp_path: Path) -> None:
    made = warehouse(50)
    with postgres() as server:
        load(server.url, made.statements)
        with make_workspace(tmp_path, server.url) as workspace:
            prepare(workspace, lambda doing: None)
            assert len(workspace.schema.tables) == 50
            assert recall(workspace, questions(made, 60), 6) >= 0.7
