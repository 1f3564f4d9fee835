# ruff: noqa: E501
from collections.abc import Callable

import pytest

from graph.checks import CheckContext, Finding
from graph.checks.fan_out import fan_out
from graph.checks.gate import gate
from graph.checks.parse import parse
from knowledge.database import Database
from knowledge.rules import Rule

MENDED = {
    "a key is counted once": (
        "SELECT COUNT(o.order_id) FROM orders o JOIN order_items i ON i.order_id = o.order_id",
        "SELECT COUNT(DISTINCT order_id) FROM order_items",
    ),
    "a table that only filters is asked with EXISTS": (
        "SELECT SUM(o.net_amount) FROM orders o JOIN order_items i ON i.order_id = o.order_id WHERE i.net_amount < 15",
        "SELECT SUM(net_amount) FROM orders WHERE order_id IN (SELECT order_id FROM order_items WHERE net_amount < 15)",
    ),
    "so is a chain of tables": (
        "SELECT SUM(o.net_amount) FROM orders o JOIN order_items i ON i.order_id = o.order_id "
        "JOIN products p ON p.product_id = i.product_id WHERE p.origin IN ('Brazil', 'Peru')",
        "SELECT SUM(net_amount) FROM orders WHERE order_id IN (SELECT i.order_id FROM order_items i JOIN products p "
        "ON p.product_id = i.product_id WHERE p.origin IN ('Brazil', 'Peru'))",
    ),
    "even where the SELECT starts from it": (
        "SELECT c.city, SUM(o.net_amount) FROM order_items i JOIN orders o ON o.order_id = i.order_id "
        "JOIN customers c ON c.customer_id = o.customer_id WHERE i.quantity < 2 GROUP BY c.city",
        "SELECT c.city, SUM(o.net_amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
        "WHERE o.order_id IN (SELECT order_id FROM order_items WHERE quantity < 2) GROUP BY c.city",
    ),
    "and where a comma joins them": (
        "SELECT AVG(o.net_amount) FROM orders o, order_items i WHERE i.order_id = o.order_id AND i.quantity = 1",
        "SELECT AVG(net_amount) FROM orders WHERE order_id IN (SELECT order_id FROM order_items WHERE quantity = 1)",
    ),
    "an outer join that nothing uses is left out": (
        "SELECT SUM(o.net_amount) FROM orders o LEFT JOIN order_items i ON i.order_id = o.order_id",
        "SELECT SUM(net_amount) FROM orders",
    ),
    "what is only summed is summed before the join": (
        "SELECT c.city, SUM(o.net_amount), SUM(i.quantity) FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
        "JOIN order_items i ON i.order_id = o.order_id AND i.net_amount > 5 WHERE i.quantity < 9 GROUP BY c.city",
        "SELECT c.city, SUM(o.net_amount), SUM(n) FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
        "JOIN (SELECT order_id, SUM(quantity) AS n FROM order_items WHERE net_amount > 5 GROUP BY order_id) i "
        "ON i.order_id = o.order_id GROUP BY c.city",
    ),
    "two tables that repeat each other": (
        "SELECT c.city, SUM(o.net_amount), COUNT(t.ticket_id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.customer_id "
        "LEFT JOIN tickets t ON t.customer_id = c.customer_id GROUP BY c.city",
        "SELECT city, SUM((SELECT SUM(net_amount) FROM orders o WHERE o.customer_id = c.customer_id)), "
        "SUM((SELECT COUNT(*) FROM tickets t WHERE t.customer_id = c.customer_id)) FROM customers c GROUP BY city",
    ),
    "tags that are not told apart": (
        "SELECT SUM(i.net_amount) FROM order_items i JOIN product_tags pt ON pt.product_id = i.product_id "
        "JOIN tags t ON t.tag_id = pt.tag_id WHERE t.name IN ('organic', 'gift')",
        "SELECT SUM(net_amount) FROM order_items WHERE product_id IN (SELECT product_id FROM product_tags)",
    ),
}
FOUND = {
    "an order's amount by the products in it": (
        "SELECT p.origin, SUM(o.net_amount) FROM orders o JOIN order_items i ON i.order_id = o.order_id "
        "JOIN products p ON p.product_id = i.product_id GROUP BY p.origin"
    ),
    "combinations that are counted": (
        "SELECT c.city, COUNT(*) FROM customers c JOIN orders o ON o.customer_id = c.customer_id "
        "JOIN tickets t ON t.customer_id = c.customer_id GROUP BY c.city"
    ),
    "through a derived table": (
        "SELECT SUM(x.a) FROM (SELECT o.order_id, o.net_amount AS a FROM orders o) x JOIN order_items i ON i.order_id = x.order_id "
        "JOIN products p ON p.product_id = i.product_id GROUP BY p.name"
    ),
}
FINE = {
    "the many side is measured": "SELECT o.status, SUM(i.net_amount) FROM orders o JOIN order_items i ON i.order_id = o.order_id GROUP BY 1",
    "each row of the many side is a group": (
        "SELECT i.order_item_id, SUM(o.net_amount) FROM orders o JOIN order_items i ON i.order_id = o.order_id GROUP BY 1"
    ),
    "tags are told apart": (
        "SELECT t.name, SUM(i.net_amount) FROM order_items i JOIN product_tags pt ON pt.product_id = i.product_id "
        "JOIN tags t ON t.tag_id = pt.tag_id GROUP BY t.name"
    ),
    "one tag is meant": (
        "SELECT SUM(i.net_amount) FROM order_items i JOIN product_tags pt ON pt.product_id = i.product_id "
        "JOIN tags t ON t.tag_id = pt.tag_id WHERE t.name = 'organic'"
    ),
    "rows are counted": "SELECT c.city, COUNT(*) FROM customers c JOIN orders o ON o.customer_id = c.customer_id GROUP BY c.city",
    "a condition is counted": (
        "SELECT 100.0 * SUM(CASE WHEN c.city = 'Berlin' THEN 1 ELSE 0 END) / COUNT(*) FROM orders o "
        "JOIN customers c ON c.customer_id = o.customer_id"
    ),
    "largest and least are what they are": "SELECT MAX(o.net_amount) FROM orders o JOIN order_items i ON i.order_id = o.order_id",
    "different keys are counted": "SELECT COUNT(DISTINCT o.order_id) FROM orders o JOIN order_items i ON i.order_id = o.order_id",
    "a sub-query with one row each": (
        "SELECT SUM(o.net_amount), SUM(x.n) FROM orders o JOIN (SELECT order_id, SUM(quantity) AS n FROM order_items GROUP BY 1) x "
        "ON x.order_id = o.order_id"
    ),
    "a product of both": "SELECT SUM(i.quantity * p.list_price) FROM order_items i JOIN products p ON p.product_id = i.product_id",
    "an average over the rows it starts from": "SELECT AVG(p.list_price) FROM order_items i JOIN products p ON p.product_id = i.product_id",
    "a window": "SELECT i.order_item_id, SUM(o.net_amount) OVER () FROM order_items i JOIN orders o ON o.order_id = i.order_id",
    "EXISTS already": "SELECT SUM(o.net_amount) FROM orders o WHERE EXISTS(SELECT 1 FROM order_items i WHERE i.order_id = o.order_id)",
}


@pytest.mark.parametrize("what", MENDED)
def test_a_repeated_measure_is_mended_to_the_rows_that_were_meant(
    what: str, asked: Callable[..., CheckContext], roastery: Database
) -> None:
    sql, truth = MENDED[what]

    gated = gate(sql, asked())

    assert gated.sql is not None
    assert {finding.check for finding in gated.findings if finding.mended} == {"fan_out"}
    rows, right = roastery.run(gated.sql).rows, roastery.run(truth).rows
    assert sorted(map(repr, rows)) == sorted(map(repr, right))
    assert sorted(map(repr, roastery.run(sql).rows)) != sorted(map(repr, right))
    assert gate(gated.sql, asked()).findings == ()


@pytest.mark.parametrize("what", FOUND)
def test_what_cannot_be_mended_for_certain_is_told(what: str, asked: Callable[..., CheckContext]) -> None:
    gated = gate(FOUND[what], asked())

    assert gated.sql is None
    assert {finding.check for finding in gated.findings} == {"fan_out"}
    assert "once for every row of" in gated.why
    assert "in a sub-query before you join it" in gated.why


@pytest.mark.parametrize("what", FINE)
def test_a_measure_that_nothing_repeats_is_left_alone(what: str, asked: Callable[..., CheckContext]) -> None:
    tree = parse(FINE[what], asked())
    assert not isinstance(tree, Finding)
    assert fan_out(tree, asked()).findings == ()


def test_a_rule_may_say_that_a_table_repeats_nothing(asked: Callable[..., CheckContext]) -> None:
    sql = "SELECT SUM(o.net_amount) FROM orders AS o JOIN tickets AS t ON t.order_id = o.order_id WHERE t.wait_days > 1"
    assert gate(sql, asked("", Rule("one-ticket", "", unique=("tickets.order_id",)))).sql == sql
    assert "EXISTS" in str(gate(sql, asked()).sql)


def test_the_required_conditions_come_into_the_exists(asked: Callable[..., CheckContext]) -> None:
    rule = Rule("many", "", require={"order_items": "{t}.quantity > 0"})
    sql = "SELECT SUM(o.net_amount) FROM orders o JOIN order_items i ON i.order_id = o.order_id WHERE i.net_amount < 15"
    assert str(gate(sql, asked("", rule)).sql).endswith("AND i.net_amount < 15 AND i.quantity > 0)")
