import pytest

from graph.describe import Describer
from knowledge.glossary import Term
from knowledge.schema import Column, ForeignKey, Schema, Table

SCHEMA = Schema(
    "sqlite",
    (
        Table("customers", (Column("customer_id", "INTEGER"), Column("tier", "TEXT")), ("customer_id",)),
        Table(
            "orders",
            (
                Column("order_id", "INTEGER"),
                Column("customer_id", "INTEGER"),
                Column("amount", "REAL"),
                Column("ordered_at", "TIMESTAMP"),
                Column("paid_at", "TIMESTAMP"),
            ),
            ("order_id",),
        ),
    ),
    (ForeignKey("orders", ("customer_id",), "customers", ("customer_id",)),),
)
VERBS = {"orders.ordered_at": ("placed",), "orders.paid_at": ("paid",)}
TERMS = (
    Term("order", "A purchase.", table="orders", verbs=VERBS),
    Term("customer", "A buyer.", table="customers"),
    Term("revenue", "Money.", metric=("SUM(orders.amount)",)),
    Term("loyalty tier", "Tier.", column="customers.tier", values={"g": ("gold",)}),
    Term("unpaid order", "Not paid.", filter="orders.paid_at IS NULL"),
)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT COUNT(*) FROM orders o", "number of orders"),
        ("SELECT SUM(o.amount) FROM orders o", "revenue"),
        ("SELECT COUNT(*) FROM orders o WHERE o.paid_at IS NULL", "number of orders, unpaid order"),
        (
            "SELECT COUNT(*) FROM orders o WHERE o.ordered_at >= '2025-01-01'",
            "number of orders, placed in a period",
        ),
        (
            "SELECT STRFTIME('%Y-%m', o.ordered_at), SUM(o.amount) FROM orders o GROUP BY 1",
            "revenue, by month",
        ),
        ("SELECT COUNT(DISTINCT o.customer_id) FROM orders o", "number of different customers"),
        (
            "SELECT c.tier, COUNT(*) FROM customers c WHERE c.tier = 'g' GROUP BY 1 ORDER BY 2 DESC LIMIT 3",
            "number of customers, by loyalty tier, loyalty tier gold, top 3",
        ),
        (
            "SELECT AVG(JULIANDAY(o.paid_at) - JULIANDAY(o.ordered_at)) FROM orders o",
            "average days from placed to paid",
        ),
        (
            "SELECT COUNT(*) FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.amount > 5)",
            "number of customers, without orders amount more than 5",
        ),
    ],
)
def test_a_statement_is_said_in_the_teams_words(sql: str, words: str) -> None:
    assert Describer(SCHEMA, TERMS).describe(sql) == words


def test_what_is_no_plain_select_is_not_described() -> None:
    assert Describer(SCHEMA, TERMS).describe("SELECT 1 UNION SELECT 2") == ""
