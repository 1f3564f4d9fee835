"""Categories, suppliers, products and tags, and how well each product sells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from assistant.demo.company.assortment import (
    ASSORTMENT,
    DISCONTINUED,
    INACTIVE_SUPPLIERS,
    JUST_LAUNCHED,
    LAUNCHED,
    NEVER_SOLD,
    SUPPLIERS,
    TAGS,
)
from assistant.demo.company.timeline import day_between

_TREE = {
    "Coffee": ("Single Origin", "Espresso Blends", "Filter Blends", "Decaf", "Cold Brew", "Capsules"),
    "Equipment": ("Espresso Machines", "Grinders", "Brewers", "Kettles", "Accessories"),
    "Tea & Cocoa": ("Loose Leaf Tea", "Herbal Tea", "Hot Chocolate"),
    "Gifts": ("Gift Sets", "Mugs & Cups"),
}
_DEMAND = {  # of a product of this category, and its cost as a share of the list price
    "Single Origin": (1.5, 0.40),
    "Espresso Blends": (3.4, 0.36),
    "Filter Blends": (2.2, 0.37),
    "Decaf": (1.5, 0.41),
    "Cold Brew": (1.0, 0.33),
    "Capsules": (2.3, 0.30),
    "Espresso Machines": (0.3, 0.55),
    "Grinders": (0.4, 0.52),
    "Brewers": (0.45, 0.45),
    "Kettles": (0.3, 0.48),
    "Accessories": (1.3, 0.34),
    "Loose Leaf Tea": (0.65, 0.32),
    "Herbal Tea": (0.5, 0.29),
    "Hot Chocolate": (0.8, 0.38),
    "Gift Sets": (0.5, 0.46),
    "Mugs & Cups": (0.55, 0.35),
}
_SUPPLIER_TRADE = {
    "Coffee": (0, 1, 2, 3, 4, 5, 6, 7, 9, 14),
    "Capsules": (15, 13, 9),
    "Decaf": (14, 6, 5),
    "Espresso Machines": (8, 11, 12, 24),
    "Grinders": (8, 19, 24),
    "Brewers": (10, 17, 11),
    "Kettles": (16, 24),
    "Accessories": (19, 21, 22, 10),
    "Tea & Cocoa": (18, 18, 20),
    "Hot Chocolate": (20,),
    "Gifts": (23, 22, 10, 17),
}
_GROWN_BY = {"Ethiopia": (0, 1), "Brazil": (2, 3), "Colombia": (4, 5)}


class Category(NamedTuple):
    """One row of `categories`."""

    category_id: int
    name: str
    parent_id: int | None


class Supplier(NamedTuple):
    """One row of `suppliers`."""

    supplier_id: int
    name: str
    country_code: str
    lead_time_days: int
    rating: float | None
    is_active: int


class Product(NamedTuple):
    """One row of `products`."""

    product_id: int
    sku: str
    name: str
    category_id: int
    supplier_id: int
    origin: str | None
    roast_level: int | None
    list_price: float
    unit_cost: float
    weight_grams: int | None
    launched_on: str
    discontinued_on: str | None


@dataclass(frozen=True)
class Article:
    """A product with its category and its pull on buyers."""

    product: Product
    category: str
    top: str
    pull: float


@dataclass(frozen=True)
class Catalogue:
    """Everything that is for sale."""

    categories: list[Category]
    suppliers: list[Supplier]
    articles: list[Article]
    tags: list[tuple[int, str]]
    product_tags: list[tuple[int, int]]


def make_catalogue(rng: Random) -> Catalogue:
    """The whole catalogue."""
    categories = _categories()
    articles = _articles(categories, rng)
    tags = [(number, name) for number, name in enumerate(TAGS, 1)]
    return Catalogue(categories, _suppliers(), articles, tags, _product_tags(articles, rng))


def _categories() -> list[Category]:
    rows = [Category(number, name, None) for number, name in enumerate(_TREE, 1)]
    for parent, (_, names) in enumerate(_TREE.items(), 1):
        for name in names:
            rows.append(Category(len(rows) + 1, name, parent))
    return rows


def _suppliers() -> list[Supplier]:
    rows = []
    for number, line in enumerate(SUPPLIERS.strip().splitlines(), 1):
        name, code, days, rating = (part.strip() for part in line.split("|"))
        active = int(name not in INACTIVE_SUPPLIERS)
        rows.append(Supplier(number, name, code, int(days), float(rating) if rating else None, active))
    return rows


def _articles(categories: list[Category], rng: Random) -> list[Article]:
    number_of = {category.name: category.category_id for category in categories}
    top_of = {name: top for top, names in _TREE.items() for name in names}
    articles: list[Article] = []
    for category, lines in ASSORTMENT.items():
        demand, cost = _DEMAND[category]
        for line in lines.strip().splitlines():
            name, origin, roast, price, weight = (part.strip() for part in line.split("|"))
            number = len(articles) + 1
            product = Product(
                product_id=number,
                sku=f"{category[:2].upper()}-{1000 + number * 7}",
                name=name,
                category_id=number_of[category],
                supplier_id=_supplier(category, top_of[category], origin, rng),
                origin=origin or None,
                roast_level=int(roast) if roast else None,
                list_price=float(price),
                unit_cost=round(float(price) * cost * rng.uniform(0.86, 1.14), 2),
                weight_grams=int(weight),
                launched_on=_launched_on(name, rng),
                discontinued_on=DISCONTINUED.get(name),
            )
            pull = 0.0 if name in NEVER_SOLD else demand * rng.lognormvariate(0, 0.55)
            articles.append(Article(product, category, top_of[category], pull))
    return articles


def _supplier(category: str, top: str, origin: str, rng: Random) -> int:
    trade = _SUPPLIER_TRADE.get(category) or _SUPPLIER_TRADE[top]
    if top == "Coffee" and origin in _GROWN_BY and rng.random() < 0.7:
        trade = _GROWN_BY[origin]
    return rng.choice(trade) + 1


def _launched_on(name: str, rng: Random) -> str:
    known = LAUNCHED.get(name) or JUST_LAUNCHED.get(name)
    return known or day_between(date(2019, 2, 1), date(2022, 11, 30), rng).isoformat()


def _product_tags(articles: list[Article], rng: Random) -> list[tuple[int, int]]:
    rows = []
    for article in articles:
        for number, (tag, (share, tops)) in enumerate(TAGS.items(), 1):
            named = tag in article.product.name.lower() or (tag == "gift" and article.category == "Gift Sets")
            if named or (article.top in tops and rng.random() < share):
                rows.append((article.product.product_id, number))
    return rows
