"""Texts in a statement are values of their columns, or it is said that they are none."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.agent import Agent
from graph.checks import gate
from graph.context import Context
from graph.literals import literals
from graph.outcome import Clarify, Unanswered
from knowledge.clock import FrozenClock
from tests.conftest import FakeModel
from tests.graph.followup_shop import RULES, TERMS, TODAY, make_shop
from tests.graph.test_followup_agent import PlainRetriever

STATUS = "SELECT COUNT(*) FROM orders AS o WHERE o.status {}"
COUNTRY = "SELECT COUNT(*) FROM countries AS co WHERE co.name {}"


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    folder: Path = tmp_path_factory.mktemp("shop")
    database, schema, linker = make_shop(folder / "shop.sqlite")
    retriever: Any = PlainRetriever(linker)
    yield Context(
        database, schema, FakeModel(), retriever, FrozenClock(TODAY), rules=RULES, terms=TERMS, repairs=0
    )
    database.close()


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        (COUNTRY.format("= 'germany'"), COUNTRY.format("= 'Germany'")),
        (COUNTRY.format("= 'Germny'"), COUNTRY.format("= 'Germany'")),
        (COUNTRY.format("IN ('FRANCE', 'austria')"), COUNTRY.format("IN ('France', 'Austria')")),
        (COUNTRY.format("<> 'germany'"), COUNTRY.format("<> 'Germany'")),
        (
            "SELECT COUNT(*) FROM (SELECT name AS n FROM countries) AS x WHERE x.n = 'germany'",
            "SELECT COUNT(*) FROM (SELECT name AS n FROM countries) AS x WHERE x.n = 'Germany'",
        ),
    ],
)
def test_a_text_becomes_the_value_that_is_stored(context: Context, said: str, stored: str) -> None:
    found = literals(gate(said, context.check("")), context)
    assert found.sql == gate(stored, context.check("")).sql
    assert [finding.mended for finding in found.findings if finding.check == "literals"]


@pytest.mark.parametrize(
    "sql",
    [
        COUNTRY.format("= 'Germany'"),
        "SELECT COUNT(*) FROM countries AS co WHERE LOWER(co.name) = 'germany'",
        "SELECT COUNT(*) FROM countries AS co WHERE co.name LIKE 'G%'",
        "SELECT COUNT(*) FROM orders AS o WHERE o.order_id = 1",
    ],
)
def test_what_is_right_is_left_alone(context: Context, sql: str) -> None:
    gated = gate(sql, context.check(""))
    assert literals(gated, context) == gated


def test_a_text_that_is_no_value_stops_the_statement_and_the_nearest_are_told(context: Context) -> None:
    found = literals(gate(COUNTRY.format("= 'Germanistan'"), context.check("")), context)
    assert found.sql is None
    assert "Germany" in found.why


def test_the_person_hears_which_value_is_not_there(context: Context) -> None:
    agent = Agent(replace(context, model=FakeModel(COUNTRY.format("= 'Atlantis'"))))
    outcome = agent.ask("how many orders").outcome
    assert isinstance(outcome, Unanswered)
    assert "'Atlantis'" in outcome.reason


def test_two_values_that_fit_are_asked_about(context: Context) -> None:
    context.database.schema()
    values = context.values
    assert values is not None
    column = values.of_column("countries", "name")
    assert column is not None
    column._ways["nordic"] = [("Germany", 1.0), ("France", 1.0)]
    try:
        agent = Agent(replace(context, model=FakeModel(COUNTRY.format("= 'nordic'"))))
        outcome = agent.ask("how many orders").outcome
    finally:
        del column._ways["nordic"]
    assert isinstance(outcome, Clarify)
    assert [("Germany" in choice, "France" in choice) for choice in outcome.choices] == [
        (True, False),
        (False, True),
    ]


def test_without_the_part_texts_are_left_alone(context: Context) -> None:
    bold = replace(context, without=frozenset({"literals"}), model=FakeModel(COUNTRY.format("= 'germany'")))
    candidate = Agent(bold).ask("how many orders").record.candidates[0]
    assert "'germany'" in candidate.ran
