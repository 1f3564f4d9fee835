# ruff: noqa: E501
"""A small roastery with keys of every kind, for the checks on statements."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from graph.checks import CheckContext
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.glossary import Term
from knowledge.rules import Rule
from knowledge.schema import Schema

ROASTERY_SQL = """
CREATE TABLE campaigns (campaign_id INTEGER PRIMARY KEY, name TEXT NOT NULL, budget REAL NOT NULL);
CREATE TABLE customers (
  customer_id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, city TEXT NOT NULL, is_test INTEGER NOT NULL,
  referred_by INTEGER REFERENCES customers (customer_id)
);
CREATE TABLE products (product_id INTEGER PRIMARY KEY, name TEXT NOT NULL, origin TEXT, list_price REAL NOT NULL);
CREATE TABLE tags (tag_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE product_tags (
  product_id INTEGER NOT NULL REFERENCES products (product_id), tag_id INTEGER NOT NULL REFERENCES tags (tag_id),
  PRIMARY KEY (product_id, tag_id)
);
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  campaign_id INTEGER REFERENCES campaigns (campaign_id), status TEXT NOT NULL, currency TEXT NOT NULL,
  net_amount REAL NOT NULL, gross_amount REAL NOT NULL, charged_amount REAL NOT NULL, tenant_id INTEGER NOT NULL,
  ordered_at TIMESTAMP NOT NULL, paid_at TIMESTAMP
);
CREATE TABLE order_items (
  order_item_id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (order_id),
  product_id INTEGER NOT NULL REFERENCES products (product_id), quantity INTEGER NOT NULL, net_amount REAL NOT NULL
);
CREATE TABLE employees (employee_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE tickets (
  ticket_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  order_id INTEGER REFERENCES orders (order_id), employee_id INTEGER REFERENCES employees (employee_id),
  opened_at TIMESTAMP NOT NULL, closed_at TIMESTAMP, promised_on DATE NOT NULL, wait_days INTEGER NOT NULL
);
CREATE VIEW open_orders AS SELECT order_id, customer_id, net_amount AS amount FROM orders WHERE paid_at IS NULL;
CREATE VIEW counted_orders AS SELECT * FROM orders WHERE orders.status <> 'X';
CREATE VIEW open_totals AS SELECT customer_id, SUM(amount) AS total FROM open_orders GROUP BY customer_id;
CREATE VIEW contacts (who, address) AS SELECT name, email FROM customers;
INSERT INTO campaigns VALUES (1, 'Spring', 100), (2, 'Autumn', 0);
INSERT INTO customers VALUES
  (1, 'Ada', 'ada@example.com', 'London', 0, NULL), (2, 'Max', NULL, 'Berlin', 0, 1),
  (3, 'Eve', 'eve@example.com', 'Berlin', 0, 1), (4, 'Test', 'test@example.com', 'Berlin', 1, NULL);
INSERT INTO products VALUES (1, 'Crema', 'Brazil', 10), (2, 'Decaf', 'Peru', 12), (3, 'Mill', NULL, 99);
INSERT INTO tags VALUES (1, 'organic'), (2, 'gift');
INSERT INTO product_tags VALUES (1, 1), (1, 2), (2, 1), (3, 2);
INSERT INTO orders VALUES
  (1, 1, 1, 'P', 'EUR', 30, 36, 36, 7, '2025-10-01 09:00:00', '2025-10-02 09:00:00'),
  (2, 1, NULL, 'P', 'GBP', 99, 118, 100, 7, '2025-10-31 18:30:00', NULL),
  (3, 2, 1, 'X', 'EUR', 12, 14, 14, 8, '2025-11-03 10:00:00', NULL),
  (4, 3, 2, 'P', 'EUR', 22, 26, 26, 8, '2025-11-05 10:00:00', '2025-11-05 10:01:00'),
  (5, 4, 2, 'P', 'EUR', 10, 12, 12, 8, '2025-11-06 10:00:00', NULL);
INSERT INTO order_items VALUES
  (1, 1, 1, 1, 10), (2, 1, 1, 2, 20), (3, 2, 3, 1, 99), (4, 3, 2, 1, 12), (5, 4, 1, 1, 10), (6, 4, 2, 1, 12),
  (7, 5, 1, 1, 10);
INSERT INTO employees VALUES (1, 'Kim');
INSERT INTO tickets VALUES
  (1, 1, 1, 1, '2025-10-03 09:00:00', '2025-10-05 09:00:00', '2025-10-06', 3),
  (2, 1, 2, NULL, '2025-11-03 09:00:00', NULL, '2025-11-06', 1),
  (3, 3, NULL, 1, '2025-11-08 09:00:00', '2025-11-08 21:00:00', '2025-11-09', 2);
"""

TERMS = (
    Term("revenue", "Net sales.", synonyms=("turnover",), unit="EUR",
         metric=("SUM(orders.net_amount)", "SUM(order_items.net_amount)")),
    Term("gross sales", "With VAT.", unit="EUR", metric=("SUM(orders.gross_amount)",)),
    Term("average order value", "Per order.", synonyms=("AOV",), unit="EUR", metric=("AVG(orders.net_amount)",)),
    Term("paid share", "Orders that are paid.", unit="%",
         metric=("100.0 * COUNT(orders.paid_at) / NULLIF(COUNT(orders.order_id), 0)",)),
    Term("units sold", "Pieces.", metric=("SUM(order_items.quantity)",)),
    Term("wait", "Days until an answer.", unit="days", column="tickets.wait_days"),
    Term("charged amount", "In the customer's money.", unit="orders.currency", column="orders.charged_amount"),
    Term("order", "A purchase.", synonyms=("sale",), table="orders"),
    Term("customer", "Who buys.", table="customers"),
    Term("city", "Where they live.", column="customers.city"),
)  # fmt: skip


@pytest.fixture(scope="session")
def roastery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("roastery") / "roastery.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(ROASTERY_SQL)
    connection.close()
    database = Database.open(str(path))
    yield database
    database.close()


@pytest.fixture(scope="session")
def schema(roastery: Database) -> Schema:
    return roastery.schema()


@pytest.fixture
def asked(schema: Schema) -> Callable[..., CheckContext]:
    """A context for a question, rules and a dialect."""

    def make(question: str = "", *rules: Rule, dialect: str = "sqlite", **more: Any) -> CheckContext:
        clock = FrozenClock(dt.date(2025, 11, 14))
        return CheckContext(replace(schema, dialect=dialect), rules, question, clock, TERMS, **more)

    return make
