"""Examples that people wrote with aliases of their own, or with none, serve as those with the schema's do."""

import sqlite3
import sys
from pathlib import Path

import pytest

from graph.agent import Agent
from graph.outcome import Answered, Clarify
from graph.own_names import in_own_names
from graph.specialist import neighbour_sql
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.examples import Example
from knowledge.link import Linker
from knowledge.profile import profile
from knowledge.values import Values
from tests.conftest import TODAY
from tests.graph.following import shop_context
from tests.graph.followup_shop import make_shop

WRITTEN = (
    "SELECT SUM(Orders.amount) AS total FROM ORDERS JOIN customers AS buyer ON buyer.customer_id = "
    "orders.customer_id JOIN countries AS place ON place.country_id = buyer.country_id "
    "WHERE place.name = 'Germany'"
)
OWN = (
    "SELECT SUM(o.amount) AS total FROM orders o JOIN customers cu ON cu.customer_id = o.customer_id "
    "JOIN countries c ON c.country_id = cu.country_id WHERE c.name = 'Germany'"
)


@pytest.mark.parametrize(
    ("written", "own"),
    [
        (WRITTEN, OWN),
        ("SELECT name FROM products WHERE price > 10", "SELECT p.name FROM products p WHERE p.price > 10"),
        (
            "SELECT name FROM products WHERE price = (SELECT MAX(price) FROM products)",
            "SELECT p.name FROM products p WHERE p.price = (SELECT MAX(p.price) FROM products p)",
        ),
        (OWN, OWN),
        ("SELECT nothing FROM nowhere", "SELECT nothing FROM nowhere"),
        ("SELECT FROM", "SELECT FROM"),
    ],
    ids=["aliases and case", "none", "nested", "its own", "unknown", "broken"],
)
def test_names_become_the_schemas_and_nothing_else_changes(tmp_path: Path, written: str, own: str) -> None:
    database, schema, _ = make_shop(tmp_path / "shop.sqlite")
    made = in_own_names(Example("q", written, by="Nadia"), schema)
    database.close()
    assert (made.sql, made.by) == (own, "Nadia")


def test_such_an_example_answers_the_same_question_with_another_value(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "towns.sqlite") as connection:
        connection.execute("CREATE TABLE town (town_name TEXT, people INTEGER)")
        connection.executemany("INSERT INTO town VALUES (?, ?)", [(f"Stedt{n}", n) for n in range(20)])
    connection.close()
    database = Database.open(f"sqlite:///{tmp_path / 'towns.sqlite'}")
    schema = database.schema()
    linker = Linker(Values.build(database, schema, profile(database, schema)), FrozenClock(TODAY))
    written = Example(
        "people in stedt3", "SELECT PEOPLE FROM Town AS t1 WHERE T1.town_name = 'Stedt3'", by="Ada"
    )
    asked = linker.link("people in stedt11")
    database.close()
    assert neighbour_sql(written, linker, asked, schema) is None
    own = in_own_names(written, schema)
    assert neighbour_sql(own, linker, asked, schema) == (
        "SELECT t.people FROM town t WHERE t.town_name = 'Stedt11'"
    )


@pytest.mark.parametrize(("similarity", "kind"), [(0.95, Answered), (0.2, Clarify)])
def test_an_example_that_says_how_a_question_is_read_spares_asking_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, similarity: float, kind: type
) -> None:
    node = sys.modules["graph.nodes.retrieve"]
    monkeypatch.setattr(node, "ambiguous", lambda linked, _: (linked, Clarify("Which one?", ("a", "b"))))
    known = Example("products over 10", "SELECT x.name FROM products x WHERE x.price > 10", by="Nadia")
    context = shop_context(tmp_path, known, similarity)
    outcome = Agent(context).ask("products over 90").outcome
    context.database.close()
    assert isinstance(outcome, kind)
