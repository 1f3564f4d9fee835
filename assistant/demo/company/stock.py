"""Warehouses and what lies in them."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import NamedTuple

from assistant.demo.company.catalogue import Article
from assistant.demo.company.timeline import TODAY


class Warehouse(NamedTuple):
    """One row of `warehouses`."""

    warehouse_id: int
    name: str
    city: str
    country_code: str
    opened_on: str


WAREHOUSES = (
    Warehouse(1, "Hamburg Harbour", "Hamburg", "DE", "2018-03-01"),
    Warehouse(2, "Leipzig Hub", "Leipzig", "DE", "2021-09-15"),
    Warehouse(3, "Rotterdam Quay", "Rotterdam", "NL", "2019-06-01"),
    Warehouse(4, "Manchester Mill", "Manchester", "GB", "2022-02-14"),
    Warehouse(5, "Wrocław Yard", "Wrocław", "PL", "2024-04-08"),
)
_SIZE = (1.5, 1.0, 1.25, 0.8, 0.45)
_RANGE = (1.0, 0.93, 0.96, 0.86, 0.6)


class Stock(NamedTuple):
    """One row of `inventory`."""

    warehouse_id: int
    product_id: int
    quantity: int
    reorder_level: int
    last_counted_on: str | None


def make_inventory(articles: list[Article], rng: Random) -> list[Stock]:
    """What each warehouse holds of each product that it carries."""
    return [
        _stock(warehouse, article, rng)
        for warehouse in WAREHOUSES
        for article in articles
        if rng.random() < _RANGE[warehouse.warehouse_id - 1]
    ]


def _stock(warehouse: Warehouse, article: Article, rng: Random) -> Stock:
    place = warehouse.warehouse_id - 1
    level = max(4, round((article.pull * 26 + 5) * _SIZE[place] * rng.uniform(0.7, 1.3)))
    chance = rng.random()
    if article.product.discontinued_on is not None:
        quantity = 0 if chance < 0.7 else rng.randrange(1, 15)
    elif chance < 0.03:
        quantity = 0
    elif chance < 0.14:
        quantity = rng.randrange(1, level)
    else:
        quantity = round(level * rng.uniform(1.05, 4.2))
    counted = (
        (TODAY - timedelta(days=int(rng.expovariate(1 / 45)))).isoformat() if rng.random() < 0.9 else None
    )
    return Stock(warehouse.warehouse_id, article.product.product_id, quantity, level, counted)
