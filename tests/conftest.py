"""The one dumb model, the one dumb embedder and the small shop that the unit tests share."""

import datetime as dt
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from graph.constraint import Constraint
from graph.models.base import Candidate, Generation, Prompt
from knowledge.clock import FrozenClock
from knowledge.schema import Column, ForeignKey, Schema, Table

TODAY = dt.date(2025, 11, 14)

SHOP_SQL = """
CREATE TABLE customers (
  customer_id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, city TEXT NOT NULL,
  is_test INTEGER NOT NULL, signed_up_at TIMESTAMP NOT NULL
);
CREATE TABLE products (
  product_id INTEGER PRIMARY KEY, name TEXT NOT NULL, category TEXT NOT NULL, price REAL NOT NULL
);
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  product_id INTEGER NOT NULL REFERENCES products (product_id), status TEXT NOT NULL,
  amount REAL NOT NULL, currency TEXT NOT NULL, ordered_at TIMESTAMP NOT NULL
);
INSERT INTO customers VALUES
  (1, 'Ada Byron', 'ada@example.com', 'London', 0, '2024-01-10 09:00:00'),
  (2, 'Max Planck', 'max@example.com', 'Berlin', 0, '2025-03-02 10:00:00'),
  (3, 'Grace Hopper', 'grace@example.com', 'London', 0, '2025-10-20 11:00:00'),
  (4, 'Test Person', 'test@example.com', 'Berlin', 1, '2025-10-21 12:00:00');
INSERT INTO products VALUES
  (1, 'Espresso Beans', 'coffee', 12.5), (2, 'Green Tea', 'tea', 8.0), (3, 'Grinder', 'equipment', 99.0);
INSERT INTO orders VALUES
  (1, 1, 1, 'paid', 25.0, 'EUR', '2025-10-03 10:00:00'),
  (2, 1, 3, 'paid', 99.0, 'EUR', '2025-10-09 10:00:00'),
  (3, 2, 2, 'cancelled', 16.0, 'EUR', '2025-10-15 10:00:00'),
  (4, 3, 1, 'paid', 12.5, 'GBP', '2025-11-02 10:00:00'),
  (5, 4, 1, 'paid', 12.5, 'EUR', '2025-11-03 10:00:00'),
  (6, 2, 2, 'new', 8.0, 'EUR', '2025-11-12 10:00:00');
"""


class FakeModel:
    """Says the given texts, one call after the other; without any, it counts the prompt's last word."""

    name = "fake"

    def __init__(self, *texts: str | Sequence[str], format: str = "chat") -> None:  # noqa: A002
        self.format = format
        self.recovers = True
        self.follows = format == "chat"
        self.prompts: list[Prompt] = []
        self.constraints: list[Constraint | None] = []
        self._texts = [(text,) if isinstance(text, str) else tuple(text) for text in texts]

    def generate(
        self,
        prompt: Prompt,
        candidates: int = 1,
        max_tokens: int = 256,
        constraint: Constraint | None = None,
    ) -> Generation:
        self.prompts.append(prompt)
        self.constraints.append(constraint)
        if self._texts:
            texts = self._texts[min(len(self.prompts), len(self._texts)) - 1]
        else:
            texts = (f"SELECT COUNT(*) FROM {prompt.tail.split()[-1]}",)
        said = [Candidate(text, -0.1 * place, len(text.split())) for place, text in enumerate(texts)]
        return Generation(tuple(said[:candidates]), prompt_tokens=len(prompt.head.split()))


class FakeEmbedder:
    """Counts letters: texts with the same words are near, and nothing else is known."""

    id = "fake-letters"

    def embed(self, texts: list[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), 27), dtype=np.float32)
        for row, text in enumerate(texts):
            for letter in text.lower():
                vectors[row, ord(letter) - 96 if "a" <= letter <= "z" else 0] += 1.0
            vectors[row] /= max(float(np.linalg.norm(vectors[row])), 1e-9)
        return vectors


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(TODAY)


@pytest.fixture(scope="session")
def shop_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "shop.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(SHOP_SQL)
    connection.close()
    return path


@pytest.fixture(scope="session")
def kestrel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company's database. Nobody writes to it."""
    from assistant.demo.generate import generate

    path = tmp_path_factory.mktemp("demo") / "kestrel.sqlite"
    generate(path)
    return path


def shop_schema(dialect: str = "sqlite") -> Schema:
    def table(name: str, /, **columns: str) -> Table:
        return Table(
            name, tuple(Column(c, t) for c, t in columns.items()), primary_key=(next(iter(columns)),)
        )

    return Schema(
        dialect,
        (
            table(
                "customers",
                customer_id="INTEGER",
                name="TEXT",
                email="TEXT",
                city="TEXT",
                is_test="INTEGER",
                signed_up_at="TIMESTAMP",
            ),
            table(
                "orders",
                order_id="INTEGER",
                customer_id="INTEGER",
                product_id="INTEGER",
                status="TEXT",
                amount="REAL",
                currency="TEXT",
                ordered_at="TIMESTAMP",
            ),
            table("products", product_id="INTEGER", name="TEXT", category="TEXT", price="REAL"),
        ),
        (
            ForeignKey("orders", ("customer_id",), "customers", ("customer_id",)),
            ForeignKey("orders", ("product_id",), "products", ("product_id",)),
        ),
    )
