# ruff: noqa: E501
from collections.abc import Callable

import pytest

from graph.checks import CheckContext, gate
from knowledge.database import Database
from knowledge.rules import Rule

Ask = Callable[..., CheckContext]
PRIVATE = Rule("private", "Addresses stay private.", forbid=("customers.email",), unless_roles=("owner",))
MASKED = Rule("masked", "Addresses are not shown.", mask=("customers.email",), unless_roles=("owner",))
TENANT = Rule("own-tenant", "Everybody sees their own.", scope={"orders.tenant_id": "{tenant}"})
BY_QUERY = Rule(
    "own-items",
    "Own items.",
    scope={"order_items": "{t}.order_id IN (SELECT order_id FROM orders WHERE tenant_id = {tenant})"},
)
CANCELLED = Rule(
    "cancelled",
    "Cancelled orders are none.",
    require={"orders": "{t}.status <> 'X'"},
    unless_words=("including cancelled", "cancelled orders"),
)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT email FROM customers",
        "SELECT name FROM customers ORDER BY email",
        "SELECT name FROM customers WHERE email LIKE 'a%'",
        "WITH c AS (SELECT email AS x FROM customers) SELECT COUNT(x) FROM c",
        "SELECT a.name FROM customers a JOIN customers b USING (email)",
    ],
)
def test_a_forbidden_column_is_used_by_nobody_but_its_owner(sql: str, asked: Ask) -> None:
    gated = gate(sql, asked("", PRIVATE))
    assert gated.sql is None
    assert "the rule private keeps customers.email out of every answer" in gated.why
    assert gate(sql, asked("", PRIVATE, role="owner")).sql is not None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT email FROM customers",
        "SELECT UPPER(c.email) FROM customers c",
        "SELECT MAX(c.email) FROM customers c",
        "SELECT x.e FROM (SELECT c.email AS e FROM customers c) x",
        "WITH a AS (SELECT * FROM contacts) SELECT a.address FROM a",
        "WITH a AS (SELECT c.email || '!' AS e FROM customers c), b AS (SELECT * FROM a) SELECT b.e FROM b",
        "SELECT name FROM customers UNION SELECT email FROM customers",
        "SELECT (SELECT c.email FROM customers c LIMIT 1)",
        "SELECT CASE WHEN c.email LIKE 'a%' THEN 1 END FROM customers c",
        "SELECT address FROM contacts",
    ],
)
def test_a_masked_column_is_never_shown(sql: str, asked: Ask) -> None:
    gated = gate(sql, asked("", MASKED))
    assert gated.sql is None
    assert "lets customers.email be counted and joined, and never shown" in gated.why
    assert gate(sql, asked("", MASKED, role="owner")).sql is not None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(c.email) FROM customers AS c",
        "SELECT COUNT(DISTINCT c.email) FROM customers AS c",
        "SELECT COUNT(*) FROM customers AS c WHERE c.email LIKE '%@example.com'",
        "SELECT SUM(CASE WHEN c.email IS NULL THEN 1 ELSE 0 END) FROM customers AS c",
        "SELECT a.name FROM customers AS a JOIN customers AS b ON a.email = b.email",
        "SELECT COUNT(*) FROM customers AS c GROUP BY c.email",
        "SELECT x.name FROM (SELECT c.name, c.email AS e FROM customers AS c) AS x WHERE x.e = 'a'",
        "SELECT c.name, c.email IS NULL AS unknown FROM customers AS c",
    ],
)
def test_a_masked_column_may_be_worked_with(sql: str, asked: Ask) -> None:
    gated = gate(sql, asked("", MASKED))
    assert gated.why == ""
    assert gated.sql == sql


def test_a_star_is_spelled_out_without_the_masked_column(asked: Ask) -> None:
    gated = gate("SELECT * FROM customers AS c", asked("", MASKED))
    assert gated.sql == "SELECT c.customer_id, c.name, c.city, c.is_test, c.referred_by FROM customers AS c"


@pytest.mark.parametrize(
    ("sql", "becomes"),
    [
        ("SELECT COUNT(*) FROM orders AS o", "SELECT COUNT(*) FROM orders AS o WHERE o.tenant_id = 7"),
        (
            "SELECT COUNT(*) FROM orders AS o WHERE o.tenant_id = 8 OR 1 = 1",
            "SELECT COUNT(*) FROM orders AS o WHERE (o.tenant_id = 8 OR 1 = 1) AND o.tenant_id = 7",
        ),
        (
            "WITH t AS (SELECT * FROM orders) SELECT COUNT(*) FROM t",
            "WITH t AS (SELECT * FROM orders WHERE orders.tenant_id = 7) SELECT COUNT(*) FROM t",
        ),
        (
            "SELECT c.name FROM customers AS c LEFT JOIN orders AS o ON o.customer_id = c.customer_id",
            "SELECT c.name FROM customers AS c LEFT JOIN orders AS o ON o.customer_id = c.customer_id AND o.tenant_id = 7",
        ),
        (
            "SELECT total FROM open_totals",
            "SELECT total FROM (SELECT customer_id, SUM(amount) AS total FROM (SELECT order_id, customer_id, net_amount AS amount "
            "FROM orders WHERE paid_at IS NULL AND orders.tenant_id = 7) AS open_orders GROUP BY customer_id) AS open_totals",
        ),
        (
            "SELECT SUM(i.quantity) FROM order_items AS i",
            "SELECT SUM(i.quantity) FROM order_items AS i WHERE i.order_id IN (SELECT order_id FROM orders WHERE tenant_id = 7)",
        ),
        ("SELECT COUNT(*) FROM customers AS c", "SELECT COUNT(*) FROM customers AS c"),
    ],
)
def test_who_asks_sees_the_rows_of_their_tenant(
    sql: str, becomes: str, asked: Ask, roastery: Database
) -> None:
    context = asked("including all tenants", TENANT, BY_QUERY, facts={"tenant": "7"})
    gated = gate(sql, context)
    assert gated.sql == becomes
    roastery.run(gated.sql)


def test_without_a_tenant_nothing_is_read(asked: Ask) -> None:
    gated = gate("SELECT COUNT(*) FROM orders", asked("", TENANT))
    assert gated.sql is None
    assert (
        gated.why == "the rule own-tenant needs to know the tenant of who asks; ask the data owner for access"
    )


@pytest.mark.parametrize("tenant", ["7 OR 1 = 1", "7' OR '1' = '1", "seven", "7; DROP TABLE orders"])
def test_a_tenant_is_a_value_and_never_sql(tenant: str, asked: Ask, roastery: Database) -> None:
    for rule in (TENANT, BY_QUERY):
        gated = gate(
            "SELECT COUNT(*) FROM orders o, order_items i", asked("", rule, facts={"tenant": tenant})
        )
        assert gated.sql is not None
        assert roastery.run(gated.sql).rows == ((0,),)
    assert gate("SELECT 1 FROM orders", asked("", TENANT, facts={"tenant": "{t}"})).sql is None


@pytest.mark.parametrize(
    ("sql", "becomes"),
    [
        (
            "SELECT SUM(v.amount) FROM open_orders AS v",
            "SELECT SUM(v.amount) FROM (SELECT order_id, customer_id, net_amount AS amount FROM orders "
            "WHERE paid_at IS NULL AND orders.status <> 'X') AS v",
        ),
        ("SELECT COUNT(*) FROM counted_orders", "SELECT COUNT(*) FROM counted_orders"),
        ("SELECT who FROM contacts", "SELECT who FROM contacts"),
    ],
)
def test_a_view_is_opened_where_a_rule_is_about_what_it_reads(
    sql: str, becomes: str, asked: Ask, roastery: Database
) -> None:
    gated = gate(sql, asked("", CANCELLED))
    assert gated.sql == becomes
    roastery.run(gated.sql)


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("how many orders?", True),
        ("how many orders, including cancelled?", False),
        ("how many cancelled orders?", False),
        ("orders without cancelled orders", True),
        ("orders, but not including cancelled ones", True),
        ("orders excluding the cancelled orders", True),
        ("no tickets, cancelled orders too", False),
    ],
)
def test_a_rule_yields_to_a_question_that_asks_otherwise_and_the_answer_says_so(
    question: str, holds: bool, asked: Ask
) -> None:
    gated = gate("SELECT COUNT(*) FROM orders AS o", asked(question, CANCELLED))
    assert ("<> 'X'" in str(gated.sql)) == holds
    assert gated.rules == (("cancelled",) if holds else ())
    told = [str(note) for note in gated.notes]
    assert bool(told) != holds
    assert all(
        text.startswith("the rule cancelled was left out, because the question says '") for text in told
    )


def test_a_rule_is_said_to_be_left_out_where_the_statement_uses_its_column_as_well(asked: Ask) -> None:
    rule = Rule(
        "x",
        "",
        require={"orders": "{t}.status <> 'X'"},
        unless_columns=("orders.status",),
        unless_words=("all states",),
    )
    gated = gate("SELECT o.status, COUNT(*) FROM orders AS o GROUP BY 1", asked("orders in all states", rule))
    assert [str(note) for note in gated.notes] == [
        "the rule x was left out, because the question says 'all states'"
    ]


def test_a_rule_that_had_no_say_is_not_said_to_be_left_out(asked: Ask) -> None:
    assert gate("SELECT COUNT(*) FROM customers AS c", asked("including cancelled", CANCELLED)).notes == ()


PAID = Rule(
    "paid", "Revenue is paid.", require={"orders": "NOT {t}.paid_at IS NULL"}, only_metrics=("revenue",)
)


@pytest.mark.parametrize(
    ("sql", "holds"),
    [
        ("SELECT SUM(o.net_amount) FROM orders AS o", True),
        ("SELECT SUM(CASE WHEN o.currency = 'EUR' THEN o.net_amount ELSE 0 END) FROM orders AS o", True),
        ("WITH t AS (SELECT net_amount AS a FROM orders) SELECT SUM(t.a) FROM t", True),
        ("SELECT x.r FROM (SELECT SUM(o.net_amount) AS r FROM orders AS o) AS x", True),
        ("SELECT COUNT(*) FROM orders AS o", False),
        ("SELECT AVG(o.net_amount) FROM orders AS o", False),
    ],
)
def test_a_condition_of_a_metric_holds_where_the_metric_is_computed(
    sql: str, holds: bool, asked: Ask
) -> None:
    gated = gate(sql, asked("", PAID))
    assert ("paid_at IS NULL" in str(gated.sql)) == holds


@pytest.mark.parametrize(
    ("rule", "sql", "told"),
    [
        (
            Rule(
                "apart",
                "Tickets and orders meet by customer.",
                forbid_join=("tickets.order_id = orders.order_id",),
            ),
            "SELECT COUNT(*) FROM orders o JOIN tickets t ON o.order_id = t.order_id",
            "the rule apart does not let orders.order_id and tickets.order_id be joined; Tickets and orders meet by customer.",
        ),
        (
            Rule("apart", "x", forbid_join=("tickets, orders",), mend="ask of one of them"),
            "SELECT 1 FROM orders o WHERE o.customer_id IN (SELECT t.customer_id FROM tickets t)",
            "orders.customer_id and tickets.customer_id be joined; ask of one of them",
        ),
        (
            Rule("by-order", "x", require_join=("tickets.order_id = orders.order_id",)),
            "SELECT COUNT(*) FROM orders o JOIN tickets t ON t.customer_id = o.customer_id",
            "the rule by-order wants orders and tickets joined by tickets.order_id = orders.order_id",
        ),
    ],
)
def test_joins_are_as_rules_want_them(rule: Rule, sql: str, told: str, asked: Ask) -> None:
    assert told in gate(sql, asked("", rule)).why
    fine = "SELECT COUNT(*) FROM orders o JOIN customers c ON c.customer_id = o.customer_id"
    assert gate(fine, asked("", rule)).sql is not None


def test_a_required_join_may_be_written_either_way(asked: Ask) -> None:
    rule = Rule("by-order", "x", require_join=("tickets.order_id = orders.order_id",))
    for condition in (
        "ON o.order_id = t.order_id",
        "USING (order_id)",
        "ON t.order_id = o.order_id AND t.wait_days > 1",
    ):
        assert gate(f"SELECT COUNT(*) FROM orders o JOIN tickets t {condition}", asked("", rule)).why == ""
