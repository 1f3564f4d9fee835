"""Joins of tables whose names need quotes."""

import pytest
from sqlglot import exp

from graph.checks import CheckContext, gate
from graph.named_trees import joined_on, table_as
from knowledge.clock import FrozenClock
from knowledge.schema import Column, ForeignKey, Schema, Table
from tests.conftest import TODAY

KEY = ForeignKey("Order Details", ("Order ID",), "Order", ("Order ID",))
SCHEMA = Schema(
    "sqlite",
    (
        Table(
            "Order", (Column("Order ID", "INTEGER", nullable=False), Column("Freight", "REAL")), ("Order ID",)
        ),
        Table(
            "Order Details", (Column("id", "INTEGER"), Column("Order ID", "INTEGER", nullable=False)), ("id",)
        ),
    ),
    (KEY,),
)


@pytest.mark.parametrize(
    ("dialect", "table", "on"),
    [
        ("sqlite", '"Order Details" AS od', 'od."Order ID" = o."Order ID"'),
        ("postgres", '"Order Details" AS od', 'od."Order ID" = o."Order ID"'),
        ("mysql", "`Order Details` AS od", "od.`Order ID` = o.`Order ID`"),
    ],
)
def test_names_are_in_the_quotes_of_the_database(dialect: str, table: str, on: str) -> None:
    aliases = {"Order Details": "od", "Order": "o"}
    assert table_as("Order Details", "od", dialect).sql(dialect) == table
    assert joined_on(KEY, aliases, dialect).sql(dialect) == on


def test_a_plain_name_stays_plain() -> None:
    assert table_as("orders", "o", "sqlite").sql("sqlite") == "orders AS o"
    assert isinstance(table_as("orders", "o", "sqlite"), exp.Table)


def test_a_table_that_is_missing_is_joined_under_its_quoted_name() -> None:
    context = CheckContext(SCHEMA, (), "freight of the lines", FrozenClock(TODAY))
    found = gate('SELECT od.id, od.Freight FROM "Order Details" od', context)
    assert found.sql is not None
    assert 'JOIN "Order" AS o ON od."Order ID" = o."Order ID"' in found.sql
