import doctest
from dataclasses import replace
from importlib import import_module

import pytest

from graph.agent import Agent
from graph.constraint import constraint_for
from graph.context import Context
from graph.prompts import NO_ANSWER
from graph.specialist import SLOTS
from knowledge.schema import Column, Schema, Table
from tests.conftest import FakeModel
from tests.graph.held import accepts
from tests.graph.test_agent import context, database, with_

__all__ = ["context", "database"]


def test_a_chat_model_is_held_to_the_schema_and_may_refuse(context: Context) -> None:
    model = FakeModel("SELECT COUNT(*) FROM orders")
    Agent(with_(context, model)).ask("How many orders?")
    assert model.constraints == [constraint_for(context.schema, refusal=NO_ANSWER)]


def test_without_the_part_the_model_may_write_anything(context: Context) -> None:
    model = FakeModel("SELECT COUNT(*) FROM orders")
    Agent(replace(with_(context, model), without=frozenset({"constraint"}))).ask("How many orders?")
    assert model.constraints == [None]


def test_a_specialist_gets_the_slots_of_its_question(context: Context) -> None:
    model = FakeModel("SELECT COUNT(*) FROM orders o WHERE o.amount > <n1>", format="specialist")
    Agent(with_(context, model)).ask("orders above 20")
    held = model.constraints[0]
    assert held is not None
    assert held.slots == SLOTS
    assert held.fits is not None
    assert held.fits("SELECT COUNT(*) FROM orders o WHERE o.amount > ", "<n1>")
    assert not held.fits("SELECT COUNT(*) FROM orders o WHERE o.amount > ", "<n2>")
    assert held.key is constraint_for(context.schema, slots=SLOTS, refusal=NO_ANSWER).key


def test_of_a_big_schema_only_what_is_near_the_question_can_be_named(context: Context) -> None:
    many = tuple(Table(f"table_{n}", (Column("id", "INTEGER"),)) for n in range(70))
    schema = Schema("sqlite", (*context.schema.tables, *many))
    model = FakeModel("SELECT COUNT(*) FROM orders")
    Agent(replace(with_(context, model), schema=schema)).ask("How many orders?")
    held = model.constraints[0]
    assert held is not None
    assert accepts(held, "SELECT COUNT(*) FROM orders")
    assert not accepts(held, "SELECT COUNT(*) FROM table_7")


@pytest.mark.parametrize("module", ["lexemes", "terminals"])
def test_examples_in_docstrings(module: str) -> None:
    tested = doctest.testmod(import_module(f"graph.constraint.{module}"))
    assert tested.attempted
    assert tested.failed == 0
