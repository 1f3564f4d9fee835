"""A table whose rule cannot hold is read by nobody."""

import pytest

from graph.checks import CheckContext, gate
from tests.conftest import shop_schema

CONTEXT = CheckContext(shop_schema(), closed={"orders": "answers from orders are refused until r is mended"})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM orders",
        "SELECT c.name FROM customers c JOIN ORDERS o ON o.customer_id = c.customer_id",
        "SELECT name FROM customers WHERE customer_id IN (SELECT customer_id FROM orders)",
        "WITH x AS (SELECT customer_id FROM orders) SELECT COUNT(*) FROM x",
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM orders) x",
        "SELECT name FROM products UNION SELECT status FROM orders",
    ],
)
def test_a_statement_that_reads_it_is_stopped_with_the_reason(sql: str) -> None:
    gated = gate(sql, CONTEXT)
    assert gated.sql is None
    assert gated.why == "answers from orders are refused until r is mended"


def test_other_tables_are_read_as_before() -> None:
    assert gate("SELECT COUNT(*) FROM customers", CONTEXT).sql
    named_like_it = "WITH orders AS (SELECT name FROM products) SELECT COUNT(*) FROM orders"
    assert "closed" not in gate(named_like_it, CONTEXT).why
