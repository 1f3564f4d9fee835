"""What the synthesiser makes of the demo company."""

import re
import sqlite3
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from evals.suite.case import load_suite
from knowledge.database import Database
from knowledge.errors import TrainingError
from tests.conftest import SHOP_SQL
from tests.training.conftest import WORKSPACE
from training.intents import INTENTS, NothingToAskError, Pair, Scene
from training.intents.acting import acted_on, acts_on
from training.intents.counting import count
from training.intents.figures import beside_figure
from training.intents.neighbours import mutual
from training.material import Material, Source
from training.query import NoPathError
from training.synthesis import Row, Synthesiser

SLOT = re.compile(r"<([vnd]\d)[ab]?>")
OF_NAMES = (mutual, acts_on, acted_on, beside_figure)
"""Intents that need columns named in certain ways, which the demo company has not."""

MARKER = re.compile(r"⟦[^⟧]*⟧")


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.__name__)
def test_every_intent_gives_sql_that_parses_and_runs(
    material: Material, atlas: Material, intent: Callable[[Scene], Pair]
) -> None:
    synthesiser = (atlas if intent in OF_NAMES else material).synthesiser(11)
    kept = 0
    for _ in range(150):
        try:
            pair = intent(synthesiser.scene)
        except (NoPathError, NothingToAskError):
            continue
        tree = sqlglot.parse_one(MARKER.sub("1", pair.sql), dialect="sqlite")
        assert isinstance(tree, exp.Select), pair.sql
        row = synthesiser.row(pair)
        kept += row is not None
        if kept == 3:
            break
    assert kept == 3, dict(synthesiser.dropped)


def test_every_kind_of_question_is_among_the_rows(rows: list[Row]) -> None:
    assert len({row.kind for row in rows}) >= len(INTENTS) - len(OF_NAMES)


def test_rows_are_the_same_for_the_same_seed(material: Material, rows: list[Row]) -> None:
    assert list(islice(material.synthesiser(5).rows(), 100)) == rows[:100]


def test_rows_differ_for_another_seed(material: Material, rows: list[Row]) -> None:
    others = list(islice(material.synthesiser(6).rows(), 100))
    assert len(set(others) & set(rows[:100])) < 5


def test_the_same_slots_stand_in_prompt_and_target(rows: list[Row]) -> None:
    for row in rows:
        text = row.prompt.split("|<v")[0]
        assert set(SLOT.findall(text)) == set(SLOT.findall(row.target)), row


def test_every_value_slot_is_followed_by_its_columns(rows: list[Row], material: Material) -> None:
    aliases = set(material.schema.aliases.values())
    linked = 0
    for row in rows:
        links = dict(re.findall(r"\|<(v\d)>([^|<]+)", row.prompt))
        assert set(links) == {name for name in SLOT.findall(row.target) if name.startswith("v")}, row
        linked += bool(links)
        for columns in links.values():
            assert all(column.split(".")[0] in aliases for column in columns.split("/")), row
    assert linked > 200


def test_no_target_holds_a_literal_of_an_open_column(rows: list[Row], material: Material) -> None:
    values = {v for found in material.catalogue.open_values.values() for v in found}
    names = {name for found in material.catalogue.full_names.values() for name in found}
    spoken = {
        str(v) for f in material.catalogue.fields if f.kind in ("enum", "flag") for v, _ in f.values
    } | {"yes", "no"}
    for row in rows:
        tree = sqlglot.parse_one(SLOT.sub("1", row.target), dialect="sqlite")
        literals = {literal.this for literal in tree.find_all(exp.Literal) if literal.is_string}
        assert not literals & ((values | names) - spoken), row


def test_no_row_is_there_twice(rows: list[Row]) -> None:
    assert len({(row.prompt, row.target) for row in rows}) == len(rows)


class Spy:
    """A database that remembers what it was asked."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.asked: list[str] = []

    def run(self, sql: str, **limits: object) -> object:
        self.asked.append(sql)
        return self.database.run(sql, **limits)  # type: ignore[arg-type]


def spied(material: Material) -> tuple[Synthesiser, Spy]:
    synthesiser = material.synthesiser(1)
    spy = Spy(material.practice)
    synthesiser.database = spy  # type: ignore[assignment]
    return synthesiser, spy


def test_rules_are_added_before_a_query_is_tried_and_stay_out_of_the_target(material: Material) -> None:
    synthesiser, spy = spied(material)
    synthesiser.rng.random = lambda: 0.99  # type: ignore[method-assign]
    row = synthesiser.row(Pair("how many customers do we have", "SELECT COUNT(*) FROM customers cu", "count"))
    assert row is not None
    assert "is_test = 0" in spy.asked[0]
    assert "is_test" not in row.target


def test_a_query_on_data_that_rules_exclude_gives_no_row(material: Material) -> None:
    staff = "SELECT customer_id FROM customers WHERE is_test = 1 AND deleted_at IS NULL"
    (own,) = islice((row[0] for row in material.practice.run(staff).rows), 1)
    synthesiser, spy = spied(material)
    sql = f"SELECT cu.city FROM customers cu WHERE cu.customer_id = {own}"
    assert material.practice.run(sql).rows
    assert synthesiser.row(Pair("city of our own account", sql, "attribute")) is None
    assert synthesiser.dropped == {"does not run or is empty": 1}
    assert "is_test = 0" in spy.asked[0]


def test_a_question_that_the_linker_reads_otherwise_gives_no_row(material: Material) -> None:
    synthesiser = material.synthesiser(1)
    sql = "SELECT COUNT(*) FROM orders o WHERE o.ordered_at >= ⟦da:last month⟧"
    assert synthesiser.row(Pair("orders this year", sql, "count")) is None
    assert synthesiser.dropped == {"not linked": 1}


def bare(question: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", question.lower()).split())


@pytest.mark.parametrize("suite", ["dev", "test"])
def test_no_question_of_a_suite_is_synthesised(rows: list[Row], suite: str) -> None:
    asked = {bare(case.question) for case in load_suite(WORKSPACE / "evals" / f"{suite}.yaml")}
    leaked = len(asked & {bare(row.question) for row in rows})
    assert leaked == 0, f"{leaked} questions of the suite are among the synthesised ones"


@pytest.mark.parametrize("suite", ["dev", "test"])
def test_no_question_of_a_suite_is_an_example(material: Material, suite: str) -> None:
    asked = {bare(case.question) for case in load_suite(WORKSPACE / "evals" / f"{suite}.yaml")}
    leaked = len(asked & {bare(example.question) for example in material.examples})
    assert leaked == 0, f"{leaked} questions of the suite are examples"


def test_another_schema_with_a_short_glossary_gives_rows_too(shop_source: Source) -> None:
    rows = list(islice(Material(shop_source).synthesiser(1).rows(), 300))
    assert len({row.kind for row in rows}) > 15


def test_material_without_rows_is_told_of(
    tmp_path: Path, shop_source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = sqlite3.connect(tmp_path / "empty.sqlite")
    connection.executescript(SHOP_SQL.split("INSERT")[0])
    connection.close()
    source = Source("sqlite:///empty.sqlite", shop_source.knowledge, tmp_path, shop_source.today, tmp_path)
    monkeypatch.setattr("training.synthesis.INTENTS", {count: 1})
    monkeypatch.setattr("training.synthesis.PATIENCE", 100)
    with pytest.raises(TrainingError, match="hold no rows"):
        next(Material(source).synthesiser(1).rows())


def test_the_practice_copy_goes_with_its_material(shop_source: Source, tmp_path: Path) -> None:
    material = Material(
        Source(shop_source.database, shop_source.knowledge, tmp_path, shop_source.today, tmp_path)
    )
    assert material.practice.run("SELECT COUNT(*) FROM orders").rows == ((6,),)
    assert list((tmp_path / "practice").glob("*.sqlite"))
    del material
    assert not list((tmp_path / "practice").glob("*.sqlite"))
