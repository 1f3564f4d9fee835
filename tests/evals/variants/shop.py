"""One small shop with every kind of constraint, in the three databases that variants are made of."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

CUSTOMERS, PRODUCTS, ORDERS = 30, 12, 120
STATUSES = ("new", "paid", "cancelled")

SCHEMA = """
CREATE TABLE regions (code VARCHAR(2) PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE customers (
  customer_id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE,
  region VARCHAR(2) REFERENCES regions (code), referred_by INTEGER REFERENCES customers (customer_id),
  signed_up_on DATE NOT NULL, note TEXT);
CREATE TABLE products (product_id INTEGER PRIMARY KEY, name TEXT NOT NULL, price DECIMAL(10, 2) NOT NULL
  CHECK (price >= 0), double_price DECIMAL(12, 2) GENERATED ALWAYS AS (price * 2) {stored});
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  status TEXT NOT NULL CHECK (status IN ('new', 'paid', 'cancelled')), ordered_at TIMESTAMP NOT NULL,
  cancelled_at TIMESTAMP, total DECIMAL(10, 2) NOT NULL,
  CHECK (cancelled_at IS NULL OR status = 'cancelled'));
CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders (order_id), line INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES products (product_id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  amount DECIMAL(10, 2) NOT NULL, PRIMARY KEY (order_id, line));
CREATE TABLE empty_table (id INTEGER PRIMARY KEY, word TEXT);
CREATE TABLE notes (word TEXT, number INTEGER);
CREATE VIEW paid_orders AS SELECT order_id, total FROM orders WHERE status = 'paid';
CREATE INDEX orders_customer ON orders (customer_id)
"""


def rows(seed: int = 1) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(table, values), parents first; generated columns left out."""
    rng = Random(seed)
    for code, name in (("DE", "Germany"), ("AT", "Austria"), ("CH", "Switzerland")):
        yield "regions (code, name)", (code, name)
    for n in range(1, CUSTOMERS + 1):
        region = rng.choice(["DE", "AT", "CH"])
        by = rng.choice([None, *range(1, n)]) if n > 1 else None
        day = f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        yield _CUSTOMERS, (n, f"Name {rng.randint(1, 20)}", f"p{n}@example.org", region, by, day, None)
    for n in range(1, PRODUCTS + 1):
        yield "products (product_id, name, price)", (n, f"Thing {n}", rng.randint(1, 40) / 2)
    for n in range(1, ORDERS + 1):
        status = rng.choice(STATUSES)
        day = f"2025-{rng.randint(1, 10):02}-{rng.randint(1, 28):02}"
        cancelled = f"{day} 23:00:00" if status == "cancelled" else None
        parts = [rng.randint(1, 90) / 2 for _ in range(rng.randint(1, 4))]
        ordered = f"{day} {rng.randint(0, 22):02}:15:00"
        yield "orders", (n, rng.randint(1, CUSTOMERS - 3), status, ordered, cancelled, sum(parts))
        for line, amount in enumerate(parts, start=1):
            yield "order_lines", (n, line, rng.randint(1, PRODUCTS - 1), rng.randint(1, 5), amount)
    for n in range(8):
        yield "notes", (f"word {n % 3}", n)


_CUSTOMERS = "customers (customer_id, name, email, region, referred_by, signed_up_on, note)"
GOLDS = (
    "SELECT COUNT(*) FROM orders o WHERE o.ordered_at >= '2025-03-01' AND o.ordered_at < '2025-04-01'"
    " AND o.status = 'paid'",
    "SELECT c.region, COUNT(*) FROM customers c GROUP BY c.region",
    "SELECT c.customer_id, SUM(o.total) AS spent FROM customers c"
    " JOIN orders o ON o.customer_id = c.customer_id"
    " WHERE o.status <> 'cancelled' GROUP BY c.customer_id ORDER BY spent DESC LIMIT 3",
    "SELECT p.product_id FROM products p WHERE p.price > 10 AND NOT EXISTS"
    " (SELECT 1 FROM order_lines l WHERE l.product_id = p.product_id AND l.quantity >= 5)",
    "SELECT c.customer_id FROM customers c JOIN orders o ON o.customer_id = c.customer_id"
    " GROUP BY c.customer_id HAVING COUNT(*) > 5",
)


def sqlite_shop(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.executescript(SCHEMA.format(stored="VIRTUAL"))
        connection.executescript(TRIGGER)
        for table, values in rows():
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
    connection.close()
    return path


TRIGGER = """
CREATE TABLE audit (what TEXT);
CREATE TRIGGER told AFTER INSERT ON orders BEGIN INSERT INTO audit VALUES ('order ' || NEW.order_id); END;
CREATE TRIGGER shut BEFORE UPDATE ON customers BEGIN SELECT RAISE(ABORT, 'no'); END;
"""


def duckdb_shop(path: Path) -> Path:
    import duckdb

    connection = duckdb.connect(str(path))
    for statement in SCHEMA.format(stored="VIRTUAL").split(";\n"):
        connection.execute(statement)
    connection.execute("CREATE TYPE mood AS ENUM ('good', 'bad')")
    connection.execute("CREATE TABLE moods (id INTEGER PRIMARY KEY, mood mood, tags VARCHAR[])")
    connection.execute(
        "INSERT INTO moods VALUES (1, 'good', ['a', 'b']), (2, 'bad', NULL), (3, 'good', ['c'])"
    )
    for table, values in rows():
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", list(values))
    connection.close()
    return path


def fill_postgres(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in SCHEMA.format(stored="STORED").split(";\n"):
            connection.execute(statement.encode())
        for statement in POSTGRES:
            connection.execute(statement.encode())
        for table, values in rows():
            marks = ", ".join(["%s"] * len(values))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})".encode(), values)
        connection.execute("REFRESH MATERIALIZED VIEW order_counts")


POSTGRES = (
    "CREATE TYPE mood AS ENUM ('good', 'bad')",
    "CREATE TABLE moods (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood, tags TEXT[],"
    " data JSONB)",
    """INSERT INTO moods (mood, tags, data) VALUES ('good', '{a,b}', '{"a": 1}'), ('bad', NULL, NULL)""",
    "CREATE MATERIALIZED VIEW order_counts AS SELECT status, COUNT(*) AS n FROM orders GROUP BY status",
    "CREATE FUNCTION shut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
    "CREATE TRIGGER shut BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION shut()",
)
