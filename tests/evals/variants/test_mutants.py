"""Wrong neighbours: one edit away, allowed by the schema, none of them the gold."""

import datetime as dt
from pathlib import Path

import pytest

from evals.variants.edits import EDITS
from evals.variants.mutants import mutants
from evals.variants.mutants import neighbours as edits_of
from graph.checks import CheckContext, gate
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.rules import Rule
from knowledge.schema import Column, ForeignKey, Schema, Table
from tests.conftest import TODAY, shop_schema

CONTEXT = CheckContext(shop_schema(), (), "", FrozenClock(TODAY))


def neighbours(gold: str, *others: str, kind: str = "", ordered: bool = False) -> list[str]:
    found = mutants(gold, others, CONTEXT, ordered=ordered)
    return [mutant.sql for mutant in found if not kind or mutant.kind == kind]


@pytest.mark.parametrize(
    ("kind", "gold", "wanted"),
    [
        ("comparison", "SELECT name FROM products WHERE price < 10", "price <= 10"),
        ("comparison", "SELECT name FROM products WHERE category = 'tea'", "category <> 'tea'"),
        (
            "and / or",
            "SELECT name FROM products WHERE price > 1 AND category = 'tea'",
            "price > 1 OR category",
        ),
        (
            "filter dropped",
            "SELECT name FROM products WHERE price > 1 AND category = 'tea'",
            "WHERE price > 1",
        ),
        ("filter dropped", "SELECT name FROM products WHERE price > 1", "FROM products"),
        ("distinct", "SELECT DISTINCT city FROM customers", "SELECT city"),
        ("distinct", "SELECT city FROM customers", "SELECT DISTINCT city"),
        ("count", "SELECT COUNT(*) FROM orders", "COUNT(DISTINCT orders.customer_id)"),
        ("count", "SELECT COUNT(DISTINCT customer_id) FROM orders", "COUNT(customer_id)"),
        ("aggregate", "SELECT SUM(amount) FROM orders", "AVG(amount)"),
        ("aggregate", "SELECT MIN(amount) FROM orders", "MAX(amount)"),
        (
            "inner / outer join",
            "SELECT c.name FROM customers c LEFT JOIN orders o ON o.customer_id = c.customer_id",
            "customers AS c JOIN orders",
        ),
        (
            "join condition dropped",
            "SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.customer_id AND o.amount > 5",
            "ON o.customer_id = c.customer_id",
        ),
        (
            "key column",
            "SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.customer_id",
            "o.product_id = c.customer_id",
        ),
        ("sibling column", "SELECT city FROM customers", "SELECT email"),
        ("direction", "SELECT name FROM products ORDER BY price LIMIT 1", "price DESC"),
        ("limit", "SELECT name FROM products ORDER BY price LIMIT 1", "LIMIT 2"),
        ("date", "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2025-03-01'", "2025-02-28"),
        ("threshold", "SELECT city FROM customers GROUP BY city HAVING COUNT(*) > 3", "COUNT(*) > 4"),
        ("null and negation", "SELECT name FROM products WHERE NOT category IS NULL", "category IS NULL"),
        (
            "null and negation",
            "SELECT name FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM orders)",
            "customer_id IN (",
        ),
        (
            "set operation",
            "SELECT city FROM customers UNION SELECT category FROM products",
            "UNION ALL",
        ),
        (
            "set operation",
            "SELECT city FROM customers EXCEPT SELECT category FROM products",
            "INTERSECT",
        ),
        ("grouping", "SELECT city, COUNT(*) FROM customers GROUP BY city, is_test", "GROUP BY city"),
    ],
)
def test_each_kind_of_edit_is_made(kind: str, gold: str, wanted: str) -> None:
    tree = gate(gold, CONTEXT).tree
    assert tree is not None
    edited = [other.sql(dialect="sqlite") for name, other in edits_of(tree, CONTEXT) if name == kind]
    assert any(wanted in sql for sql in edited), edited


def test_no_neighbour_is_the_gold_or_another_right_answer() -> None:
    gold = "SELECT name FROM products WHERE price > 1 AND category = 'tea'"
    other = "SELECT name FROM products WHERE category = 'tea'"
    assert gate(other, CONTEXT).sql in neighbours(gold)
    without = neighbours(gold, other)
    assert gate(other, CONTEXT).sql not in without
    assert gate(gold, CONTEXT).sql not in without
    assert len(without) == len(set(without))


def test_every_neighbour_runs(shop_path: Path) -> None:
    gold = (
        "SELECT c.city, COUNT(*) AS n, SUM(o.amount) FROM customers c"
        " JOIN orders o ON o.customer_id = c.customer_id"
        " WHERE o.status <> 'cancelled' AND o.ordered_at BETWEEN '2025-10-01' AND '2025-11-30' AND EXISTS"
        " (SELECT 1 FROM products p WHERE p.product_id = o.product_id AND p.price > 1)"
        " GROUP BY c.city HAVING COUNT(*) >= 1 ORDER BY n DESC LIMIT 3"
    )
    database = Database.open(str(shop_path))
    found = neighbours(gold, ordered=True)
    assert len(found) > 30
    for sql in found:
        database.run(sql)
    database.close()


def test_a_filter_that_a_rule_requires_can_be_dropped() -> None:
    rule = Rule(rule="no-tests", says="They never count.", require={"customers": "{t}.is_test = 0"})
    context = CheckContext(shop_schema(), (rule,), "", FrozenClock(dt.date(2025, 11, 14)))
    found = [mutant.sql for mutant in mutants("SELECT city FROM customers", (), context)]
    assert "SELECT city FROM customers" in found


def test_order_counts_only_where_the_case_says_so() -> None:
    gold = "SELECT name FROM products ORDER BY price"
    assert neighbours(gold, kind="direction", ordered=True)
    assert not neighbours(gold, kind="direction")


STRICT = Schema(
    "sqlite",
    (
        Table("lines", (Column("id", "INTEGER", False), Column("order_id", "INTEGER", False)), ("id",)),
        Table(
            "orders",
            (
                Column("order_id", "INTEGER", False),
                Column("at", "TIMESTAMP", False),
                Column("state", "TEXT", False),
            ),
            ("order_id",),
        ),
    ),
    (ForeignKey("lines", ("order_id",), "orders", ("order_id",)),),
)


@pytest.mark.parametrize(
    ("kind", "gold"),
    [
        ("inner / outer join", "SELECT l.id FROM lines l JOIN orders o ON o.order_id = l.order_id"),
        (
            "inner / outer join",
            "SELECT o.state FROM orders o LEFT JOIN lines l ON l.order_id = o.order_id WHERE l.id > 3",
        ),
        ("comparison", "SELECT COUNT(*) FROM orders WHERE at < '2025-01-01'"),
        ("distinct", "SELECT order_id, state FROM orders"),
        ("distinct", "SELECT state, COUNT(*) FROM orders GROUP BY state"),
        ("grouping", "SELECT o.order_id FROM orders o GROUP BY o.order_id, o.state"),
    ],
)
def test_what_the_schema_shows_to_be_the_same_is_no_neighbour(kind: str, gold: str) -> None:
    context = CheckContext(STRICT, (), "", FrozenClock(TODAY))
    found = [mutant for mutant in mutants(gold, (), context) if mutant.kind == kind]
    if kind == "grouping":
        assert [mutant.sql for mutant in found] == ["SELECT o.order_id FROM orders AS o GROUP BY o.state"]
    else:
        assert not found


def test_kinds_have_names_of_their_own() -> None:
    assert len({kind for kind, _ in EDITS}) == len(EDITS)
