"""The first wall alone: no hostile statement comes out of the gate, whatever a database would say to it."""

import pytest

from graph.checks import gate
from tests.graph.hostile import DIALECTS, Hostile, hostile
from tests.graph.test_gate import context


@pytest.mark.parametrize("statement", hostile(), ids=lambda one: one.id)
def test_the_gate_refuses_it(statement: Hostile) -> None:
    gated = gate(statement.sql, context(statement.dialect, ()))

    assert gated.sql is None
    assert gated.tree is None
    assert gated.why


def test_there_are_at_least_a_hundred_for_each_database() -> None:
    counts = {dialect: sum(1 for _ in hostile(dialect)) for dialect in DIALECTS}

    assert min(counts.values()) >= 100
    assert sum(counts.values()) >= 400


def test_no_statement_is_there_twice() -> None:
    seen: set[tuple[str, str]] = set()
    for one in hostile():
        assert (one.dialect, one.sql) not in seen, one.id
        seen.add((one.dialect, one.sql))


# --- what is endless, and what only looks so

ENDS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12) SELECT i FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 12 UNION ALL SELECT i - 1 FROM n WHERE i > 1) SELECT i FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE 12 > i) SELECT i FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i BETWEEN 1 AND 9) SELECT i FROM n",
    "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i + 1 <= 12) SELECT i FROM n",
    "WITH RECURSIVE d(day) AS (SELECT '2025-01-01' UNION ALL SELECT DATE(day, '+1 day') FROM d"
    " WHERE day < '2025-12-31') SELECT day FROM d",
    "WITH RECURSIVE t(id) AS (SELECT 1 UNION SELECT o.order_id FROM orders o JOIN t ON o.customer_id = t.id)"
    " SELECT id FROM t",
    "SELECT COUNT(*) FROM customers CROSS JOIN products",
    "SELECT c.name FROM customers c, (SELECT AVG(amount) AS a FROM orders) t WHERE c.customer_id > t.a",
    "SELECT c.name FROM customers c, orders o WHERE o.customer_id = c.customer_id",
    "SELECT c.name FROM customers c JOIN orders o USING (customer_id), products p"
    " WHERE p.product_id = o.product_id",
    "WITH a AS (SELECT MAX(amount) AS m FROM orders), b AS (SELECT MIN(amount) AS m FROM orders),"
    " c AS (SELECT AVG(amount) AS m FROM orders), d AS (SELECT 1 AS m)"
    " SELECT a.m, b.m, c.m, d.m FROM a, b, c, d",
    "SELECT PRINTF('%08.2f', amount) FROM orders",
)
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i > 1) SELECT i FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i - 1 FROM n WHERE i < 9) SELECT i FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + -1 FROM n WHERE i < 9) SELECT i FROM n",
    "WITH RECURSIVE n(i, j) AS (SELECT 1, 1 UNION ALL SELECT i + 1, j FROM n WHERE j < 9) SELECT i FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999999999) SELECT i FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 0.0001 FROM n WHERE i < 99999) SELECT i FROM n",
    "SELECT COUNT(*) FROM customers CROSS JOIN products CROSS JOIN orders",
    "SELECT COUNT(*) FROM customers c JOIN orders o ON o.amount > 1 CROSS JOIN products p",
)


@pytest.mark.parametrize("sql", ENDS)
def test_what_ends_passes(sql: str) -> None:
    assert gate(sql, context("sqlite", ())).why == ""


@pytest.mark.parametrize("sql", ENDLESS)
def test_what_never_ends_is_told(sql: str) -> None:
    gated = gate(sql, context("sqlite", ()))

    assert [finding.check for finding in gated.findings if not finding.mended] == ["endless"]


@pytest.mark.parametrize(
    ("dialect", "sql", "passes"),
    [
        ("postgres", "SELECT generate_series(1, 366)", True),
        ("postgres", "SELECT d FROM generate_series(DATE '2020-01-01', DATE '2025-01-01', '1 day') d", True),
        ("postgres", "SELECT generate_series(1, 99999999)", False),
        ("postgres", "SELECT d FROM generate_series(DATE '1900-01-01', DATE '2025-01-01', '1 sec') d", False),
        ("duckdb", "SELECT * FROM range(1000)", True),
        ("duckdb", "SELECT * FROM range(5000) a, range(5000) b", False),
        ("postgres", "SELECT repeat('x', 10), lpad(name, 20, '.') FROM customers", True),
        ("postgres", "SELECT repeat('x', customer_id) FROM customers", True),
        ("postgres", "SELECT repeat('x', customer_id * 10000000) FROM customers", False),
        ("mysql", "SELECT REPLACE(REPEAT('x', 100000), 'x', REPEAT('y', 100000))", False),
        ("sqlite", "SELECT PRINTF('%*d', 900000000, 1)", False),
    ],
)
def test_series_and_texts_are_measured(dialect: str, sql: str, passes: bool) -> None:
    gated = gate(sql, context(dialect, ()))

    assert (gated.sql is not None) is passes, gated.why
