"""A small shop with countries and a glossary, for the tests of follow-ups."""

import sqlite3
from pathlib import Path

from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.glossary import Term
from knowledge.link import Linker
from knowledge.profile import profile
from knowledge.rules import Rule
from knowledge.schema import Schema
from knowledge.values import Values
from tests.conftest import TODAY

SQL = """
CREATE TABLE countries (country_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE customers (
  customer_id INTEGER PRIMARY KEY, name TEXT NOT NULL,
  country_id INTEGER NOT NULL REFERENCES countries (country_id), tier TEXT, company TEXT,
  is_test INTEGER NOT NULL, signed_up_at TIMESTAMP NOT NULL
);
CREATE TABLE products (
  product_id INTEGER PRIMARY KEY, name TEXT NOT NULL, category TEXT NOT NULL, price REAL NOT NULL
);
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  product_id INTEGER NOT NULL REFERENCES products (product_id), channel TEXT NOT NULL, amount REAL NOT NULL,
  gross REAL NOT NULL, ordered_at TIMESTAMP NOT NULL, paid_at TIMESTAMP
);
CREATE TABLE refunds (
  refund_id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (order_id), amount REAL NOT NULL,
  requested_at TIMESTAMP NOT NULL
);
INSERT INTO countries VALUES (1, 'Germany'), (2, 'France'), (3, 'Austria');
INSERT INTO customers VALUES
  (1, 'Ada Byron', 1, 'gold', NULL, 0, '2024-01-10'),
  (2, 'Max Planck', 1, 'silver', 'Planck AG', 0, '2025-03-02'),
  (3, 'Zoe Martin', 2, 'gold', NULL, 0, '2025-10-20'), (4, 'Test Person', 3, NULL, NULL, 1, '2025-10-21');
INSERT INTO products VALUES
  (1, 'Espresso Beans', 'coffee', 12.5), (2, 'Green Tea', 'tea', 8.0), (3, 'Grinder', 'equipment', 99.0);
INSERT INTO orders VALUES
  (1, 1, 1, 'web', 25.0, 30.0, '2025-10-03', '2025-10-04'),
  (2, 1, 3, 'app', 99.0, 120.0, '2025-10-09', '2025-11-01'),
  (3, 2, 2, 'web', 16.0, 20.0, '2025-09-15', NULL),
  (4, 3, 1, 'phone', 12.5, 15.0, '2025-11-02', '2025-11-03'),
  (5, 4, 1, 'web', 12.5, 15.0, '2025-10-03', NULL),
  (6, 2, 2, 'app', 8.0, 10.0, '2024-10-12', '2024-10-12');
INSERT INTO refunds VALUES (1, 2, 99.0, '2025-10-12'), (2, 6, 8.0, '2024-10-15');
"""

TERMS = (
    Term(
        "customer",
        "A person with an account.",
        ("client",),
        table="customers",
        label=("customers.name",),
        date="customers.signed_up_at",
    ),
    Term(
        "order",
        "A purchase.",
        ("purchase",),
        table="orders",
        label=("orders.order_id",),
        date="orders.ordered_at",
        verbs={"orders.ordered_at": ("placed", "ordered"), "orders.paid_at": ("paid",)},
    ),
    Term("product", "What we sell.", ("article",), table="products", label=("products.name",)),
    Term(
        "refund",
        "Money given back.",
        (),
        table="refunds",
        label=("refunds.refund_id",),
        date="refunds.requested_at",
    ),
    Term("country", "Where a customer lives.", ("market",), table="countries", label=("countries.name",)),
    Term(
        "revenue",
        "Net sales.",
        ("sales", "turnover"),
        metric=("SUM(orders.amount)",),
        unit="EUR",
        date="orders.ordered_at",
    ),
    Term(
        "gross sales",
        "Sales with VAT.",
        (),
        metric=("SUM(orders.gross)",),
        unit="EUR",
        date="orders.ordered_at",
    ),
    Term(
        "average order value",
        "Of one order.",
        ("AOV",),
        metric=("AVG(orders.amount)",),
        unit="EUR",
        date="orders.ordered_at",
    ),
    Term(
        "refund amount",
        "Money given back.",
        (),
        metric=("SUM(refunds.amount)",),
        unit="EUR",
        date="refunds.requested_at",
    ),
    Term("business customer", "One with a company.", ("company",), filter="customers.company IS NOT NULL"),
    Term(
        "sales channel",
        "Where an order was placed.",
        ("channel",),
        column="orders.channel",
        values={"web": ("website",), "app": ("mobile app",), "phone": ("by phone",)},
    ),
    Term(
        "tier",
        "Loyalty tier.",
        ("loyalty tier",),
        column="customers.tier",
        values={"gold": ("gold",), "silver": ("silver",)},
    ),
    Term("category", "Group of products.", ("product group",), column="products.category"),
    Term("price", "List price.", ("list price",), column="products.price"),
)

RULES = (
    Rule(
        "no-test-accounts", "Our own accounts never count.", require={"customers": "{t}.is_test = 0"},
        unless_words=("test accounts",),
    ),
)  # fmt: skip


def make_shop(path: Path) -> tuple[Database, Schema, Linker]:
    """The database in a new file, its schema, and a linker that knows its values."""
    with sqlite3.connect(path) as connection:
        connection.executescript(SQL)
    connection.close()
    database = Database.open(f"sqlite:///{path}")
    schema = database.schema()
    values = Values.build(database, schema, profile(database, schema), TERMS)
    return database, schema, Linker(values, FrozenClock(TODAY), values.words)
