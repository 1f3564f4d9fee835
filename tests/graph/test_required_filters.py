# ruff: noqa: E501
import sqlite3
import time
from pathlib import Path

import pytest
import sqlglot

from graph.checks import apply_rules, strip_rules
from knowledge.rules import Rule
from tests.conftest import shop_schema

SCHEMA = shop_schema()
TEST_ACCOUNTS = Rule(
    "no-test-accounts",
    "Accounts of our own staff never count.",
    require={
        "customers": "{t}.is_test = 0",
        "orders": "{t}.customer_id NOT IN (SELECT customer_id FROM customers WHERE is_test = 1)",
    },
    unless_columns=("customers.is_test",),
    unless_words=("test account", "test accounts"),
)
CANCELLED = Rule(
    "no-cancelled-orders",
    "Cancelled orders are no orders.",
    require={"orders": "{t}.status <> 'cancelled'"},
    unless_columns=("orders.status",),
)
OPEN = Rule("only-open", "Test", require={"orders": "{t}.status = 'new' OR {t}.amount > 5"})


def applied(sql: str, *rules: Rule, question: str = "", dialect: str = "sqlite") -> str:
    tree = sqlglot.parse_one(sql, dialect=dialect)
    return apply_rules(tree, shop_schema(dialect), rules, question)[0].sql(dialect)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "SELECT COUNT(*) FROM orders AS o",
            "SELECT COUNT(*) FROM orders AS o WHERE o.status <> 'cancelled'",
        ),
        (
            "SELECT COUNT(*) FROM orders",
            "SELECT COUNT(*) FROM orders WHERE orders.status <> 'cancelled'",
        ),
        (
            "SELECT COUNT(*) FROM orders AS o WHERE o.amount > 1 OR o.amount < 0",
            "SELECT COUNT(*) FROM orders AS o WHERE (o.amount > 1 OR o.amount < 0) AND o.status <> 'cancelled'",
        ),
        (
            "SELECT c.name FROM customers AS c LEFT JOIN orders AS o ON o.customer_id = c.customer_id",
            "SELECT c.name FROM customers AS c LEFT JOIN orders AS o "
            "ON o.customer_id = c.customer_id AND o.status <> 'cancelled'",
        ),
        (
            "SELECT c.name FROM customers AS c LEFT JOIN orders AS o USING (customer_id)",
            "SELECT c.name FROM customers AS c LEFT JOIN "
            "(SELECT * FROM orders AS o WHERE o.status <> 'cancelled') AS o USING (customer_id)",
        ),
        (
            "SELECT c.name FROM orders AS o RIGHT JOIN customers AS c ON o.customer_id = c.customer_id",
            "SELECT c.name FROM (SELECT * FROM orders AS o WHERE o.status <> 'cancelled') AS o "
            "RIGHT JOIN customers AS c ON o.customer_id = c.customer_id",
        ),
        (
            "SELECT 1 FROM products AS p WHERE EXISTS (SELECT 1 FROM orders AS o WHERE o.product_id = p.product_id)",
            "SELECT 1 FROM products AS p WHERE EXISTS(SELECT 1 FROM orders AS o "
            "WHERE o.product_id = p.product_id AND o.status <> 'cancelled')",
        ),
        (
            "WITH t AS (SELECT * FROM orders) SELECT COUNT(*) FROM t",
            "WITH t AS (SELECT * FROM orders WHERE orders.status <> 'cancelled') SELECT COUNT(*) FROM t",
        ),
        (
            "SELECT 1 FROM orders AS o UNION ALL SELECT 2 FROM products",
            "SELECT 1 FROM orders AS o WHERE o.status <> 'cancelled' UNION ALL SELECT 2 FROM products",
        ),
    ],
)
def test_a_condition_goes_where_the_table_is_read(sql: str, expected: str) -> None:
    assert applied(sql, CANCELLED) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM products AS p",
        "SELECT COUNT(*) FROM orders AS o WHERE o.status = 'paid'",
        "SELECT o.status, COUNT(*) FROM orders AS o GROUP BY o.status",
        "SELECT status, COUNT(*) FROM orders GROUP BY status",
        "WITH orders AS (SELECT 1 AS x) SELECT x FROM orders",
    ],
)
def test_nothing_is_added_where_the_rule_has_no_say(sql: str) -> None:
    assert applied(sql, CANCELLED) == sql


def test_a_condition_that_is_there_already_is_not_added_again() -> None:
    for sql in (
        "SELECT COUNT(*) FROM orders AS o WHERE o.status <> 'cancelled'",
        "SELECT COUNT(*) FROM orders WHERE status <> 'cancelled'",
    ):
        assert applied(sql, CANCELLED) == sql


def test_words_of_the_question_switch_a_rule_off() -> None:
    sql = "SELECT COUNT(*) FROM customers AS c"
    assert applied(sql, TEST_ACCOUNTS, question="How many test accounts are there?") == sql
    assert applied(sql, TEST_ACCOUNTS, question="How many contest accounts?") != sql


def test_a_column_used_in_a_subquery_excuses_the_outer_query_that_cannot_have_it() -> None:
    sql = "SELECT COUNT(*) FROM orders AS o WHERE o.customer_id IN (SELECT customer_id FROM customers WHERE is_test = 1)"
    assert applied(sql, TEST_ACCOUNTS) == sql


def test_a_column_used_in_a_subquery_does_not_excuse_an_outer_query_of_the_same_table() -> None:
    sql = "SELECT SUM(o.amount) FROM orders AS o WHERE o.customer_id IN (SELECT customer_id FROM orders WHERE status = 'x')"
    assert applied(sql, CANCELLED).endswith("AND o.status <> 'cancelled'")


def test_unless_tables_excuses_a_query_that_joins_one() -> None:
    rule = Rule("r", "", require={"orders": "{t}.amount > 0"}, unless_tables=("products",))
    sql = "SELECT 1 FROM orders AS o JOIN products AS p ON p.product_id = o.product_id"
    assert applied(sql, rule) == sql
    assert applied("SELECT 1 FROM orders AS o", rule) == "SELECT 1 FROM orders AS o WHERE o.amount > 0"


def test_an_alternative_keeps_its_brackets() -> None:
    assert applied("SELECT 1 FROM orders AS o WHERE o.amount < 9", OPEN).endswith(
        "WHERE o.amount < 9 AND (o.status = 'new' OR o.amount > 5)"
    )


def test_all_rules_apply_to_every_reference_of_a_table() -> None:
    sql = applied("SELECT 1 FROM orders AS o, orders AS p", CANCELLED, TEST_ACCOUNTS)
    assert sql.count("status <> 'cancelled'") == 2
    assert sql.count("is_test = 1") == 2


def test_the_names_of_the_rules_come_back_in_their_order() -> None:
    tree = sqlglot.parse_one("SELECT 1 FROM customers AS c JOIN orders AS o ON o.customer_id = c.customer_id")
    assert apply_rules(tree, SCHEMA, (CANCELLED, TEST_ACCOUNTS), "")[1] == (
        "no-cancelled-orders",
        "no-test-accounts",
    )
    assert apply_rules(sqlglot.parse_one("SELECT 1"), SCHEMA, (CANCELLED,), "")[1] == ()


def test_the_given_tree_is_not_changed() -> None:
    tree = sqlglot.parse_one("SELECT COUNT(*) FROM orders AS o")
    apply_rules(tree, SCHEMA, (CANCELLED,), "")
    assert tree.sql() == "SELECT COUNT(*) FROM orders AS o"


ROUND_TRIPS = [
    "SELECT COUNT(*) FROM orders AS o",
    "SELECT COUNT(*) FROM orders AS o WHERE o.amount > 1 AND o.amount < 5",
    "SELECT COUNT(*) FROM orders AS o WHERE o.status = 'paid'",
    "SELECT c.name FROM customers AS c LEFT JOIN orders AS o ON o.customer_id = c.customer_id WHERE o.order_id IS NULL",
    "SELECT c.city, SUM(o.amount) FROM orders AS o JOIN customers AS c ON c.customer_id = o.customer_id GROUP BY c.city",
    "SELECT c.name FROM customers AS c WHERE NOT EXISTS(SELECT 1 FROM orders AS o WHERE o.customer_id = c.customer_id)",
    "WITH t AS (SELECT o.customer_id FROM orders AS o) SELECT COUNT(*) FROM t",
    "SELECT (SELECT COUNT(*) FROM orders AS o WHERE o.amount > 10) * 1.0 / COUNT(*) FROM orders AS o",
]


@pytest.mark.parametrize("sql", ROUND_TRIPS)
def test_strip_is_the_inverse_of_apply(sql: str) -> None:
    rules = (TEST_ACCOUNTS, CANCELLED)
    tree = sqlglot.parse_one(sql, dialect="sqlite")
    with_rules, _ = apply_rules(tree, SCHEMA, rules, "")
    assert strip_rules(with_rules, SCHEMA, rules, "").sql("sqlite") == sql
    assert apply_rules(with_rules, SCHEMA, rules, "")[0].sql("sqlite") == with_rules.sql("sqlite")


def test_strip_leaves_what_the_question_asked_for() -> None:
    sql = "SELECT COUNT(*) FROM customers AS c WHERE c.is_test = 0"
    tree = sqlglot.parse_one(sql)
    assert strip_rules(tree, SCHEMA, (TEST_ACCOUNTS,), "customers and test accounts").sql() == sql
    assert strip_rules(tree, SCHEMA, (TEST_ACCOUNTS,), "customers without test accounts").sql() != sql


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT COUNT(*) FROM orders o", [(4,)]),
        ("SELECT COUNT(*) FROM customers", [(3,)]),
        ("SELECT c.name FROM customers c LEFT JOIN orders o ON o.customer_id = c.customer_id AND o.amount < 10 "
         "WHERE o.order_id IS NULL ORDER BY 1", [("Ada Byron",), ("Grace Hopper",)]),
        ("SELECT COUNT(*) FROM customers c LEFT JOIN orders o USING (customer_id)", [(4,)]),
        ("SELECT COUNT(*) FROM orders o RIGHT JOIN customers c ON c.customer_id = o.customer_id", [(4,)]),
    ],
)  # fmt: skip
def test_the_rows_are_those_that_the_rules_allow(
    sql: str, rows: list[tuple[object, ...]], shop_path: Path
) -> None:
    with sqlite3.connect(shop_path) as connection:
        assert connection.execute(applied(sql, CANCELLED, TEST_ACCOUNTS)).fetchall() == rows


def test_a_thousand_trees_take_about_a_second() -> None:
    tree = sqlglot.parse_one(ROUND_TRIPS[4], dialect="sqlite")
    started = time.process_time()
    for _ in range(300):
        apply_rules(tree, SCHEMA, (TEST_ACCOUNTS, CANCELLED), "revenue by city")
    assert time.process_time() - started < 0.9
