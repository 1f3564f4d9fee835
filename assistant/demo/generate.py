"""The demo company's database: the same bytes for the same seed.

python -m assistant.demo.generate kestrel.sqlite
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from random import Random

from assistant.demo.company.aftersales import make_refunds, make_shipments
from assistant.demo.company.campaigns import Campaigns
from assistant.demo.company.catalogue import make_catalogue
from assistant.demo.company.customers import make_buyers
from assistant.demo.company.orders import make_sales
from assistant.demo.company.places import COUNTRIES
from assistant.demo.company.staff import make_staff
from assistant.demo.company.stock import WAREHOUSES, make_inventory
from assistant.demo.company.subscriptions import make_subscriptions
from assistant.demo.company.support import make_tickets

_SCHEMA = Path(__file__).with_name("schema.sql")

Rows = Iterable[Sequence[object]]


def company(seed: int = 7) -> dict[str, Rows]:
    """All rows of all tables, in an order that respects the foreign keys."""
    rng = Random(seed)
    catalogue = make_catalogue(rng)
    campaigns = Campaigns(rng)
    buyers = make_buyers(rng)
    terms = make_subscriptions(buyers, rng)
    sales = make_sales(buyers, terms, catalogue.articles, campaigns, rng)
    weights = {each.product.product_id: each.product.weight_grams or 0 for each in catalogue.articles}
    shipments = make_shipments(sales, weights, rng)
    refunds = make_refunds(sales, shipments, rng)
    staff = make_staff(Random(seed + 3))
    return {
        "countries": COUNTRIES,
        "customers": [buyer.customer for buyer in buyers],
        "categories": catalogue.categories,
        "suppliers": catalogue.suppliers,
        "products": [article.product for article in catalogue.articles],
        "tags": catalogue.tags,
        "product_tags": catalogue.product_tags,
        "campaigns": campaigns.rows,
        "subscriptions": [term.subscription for term in terms],
        "orders": [sale.order for sale in sales],
        "order_items": [item for sale in sales for item in sale.items],
        "refunds": refunds,
        "warehouses": WAREHOUSES,
        "shipments": shipments,
        "inventory": make_inventory(catalogue.articles, rng),
        "employees": staff,
        "tickets": make_tickets(buyers, sales, shipments, refunds, staff, rng),
    }


def generate(path: Path, seed: int = 7) -> None:
    """Write the database to `path`; the file appears there only when it is whole."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        _write(unfinished, company(seed))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write(path: Path, tables: dict[str, Rows]) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
        for table, rows in tables.items():
            rows = list(rows)
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()


def main() -> None:
    """The command line of this module."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m assistant.demo.generate PATH")
    generate(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
