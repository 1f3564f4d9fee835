"""A small shop with the words of its team."""

import pytest

from graph.explain import Explainer
from knowledge.glossary import Term
from knowledge.rules import Rule
from knowledge.schema import Column, ForeignKey, Schema, Table


def table(name: str, /, **columns: str) -> Table:
    return Table(name, tuple(Column(c, t) for c, t in columns.items()), (next(iter(columns)),))


SCHEMA = Schema(
    "sqlite",
    (
        table("countries", country_code="TEXT", name="TEXT", region="TEXT"),
        table(
            "customers",
            customer_id="INTEGER",
            first_name="TEXT",
            last_name="TEXT",
            country_code="TEXT",
            is_test="INTEGER",
            deleted_at="TIMESTAMP",
            referred_by="INTEGER",
        ),
        table("employees", employee_id="INTEGER", first_name="TEXT", last_name="TEXT", manager_id="INTEGER"),
        table(
            "orders",
            order_id="INTEGER",
            customer_id="INTEGER",
            status="TEXT",
            net_amount="REAL",
            ordered_at="TIMESTAMP",
            paid_at="TIMESTAMP",
            due_on="DATE",
        ),
        table("order_items", order_item_id="INTEGER", order_id="INTEGER", quantity="INTEGER", cost="REAL"),
    ),
    (
        ForeignKey("customers", ("country_code",), "countries", ("country_code",)),
        ForeignKey("customers", ("referred_by",), "customers", ("customer_id",)),
        ForeignKey("employees", ("manager_id",), "employees", ("employee_id",)),
        ForeignKey("orders", ("customer_id",), "customers", ("customer_id",)),
        ForeignKey("order_items", ("order_id",), "orders", ("order_id",)),
    ),
)
TERMS = (
    Term("order", "A purchase.", table="orders", date="orders.ordered_at",
         verbs={"orders.ordered_at": ("ordered",), "orders.paid_at": ("paid",)}),
    Term("customer", "A buyer.", table="customers", label=("customers.first_name", "customers.last_name")),
    Term("country", "A land.", table="countries", label=("countries.name",)),
    Term("order status", "State.", column="orders.status", values={"X": ("cancelled",), "P": ("paid",)}),
    Term("revenue", "Money.", metric=("SUM(orders.net_amount)",), unit="EUR", date="orders.ordered_at"),
    Term("number of orders", "How many.", metric=("COUNT(orders.order_id)",)),
    Term("new customers", "Came.", metric=("COUNT(customers.customer_id)",), date="customers.deleted_at"),
    Term("cancellation rate", "Share.", metric=("100.0 * AVG(orders.status = 'X')",), unit="%"),
    Term("unpaid order", "Not paid.", filter="orders.paid_at IS NULL"),
)  # fmt: skip
RULES = (
    Rule("no-cancelled", "Cancelled orders are none.", require={"orders": "{t}.status <> 'X'"}),
    Rule(
        "no-tests",
        "Test accounts never count.",
        require={
            "customers": "{t}.is_test = 0",
            "orders": "{t}.customer_id NOT IN (SELECT customer_id FROM customers WHERE is_test = 1)",
        },
    ),
)


@pytest.fixture(scope="session")
def explainer() -> Explainer:
    return Explainer(SCHEMA, TERMS, RULES)
