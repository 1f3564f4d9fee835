"""What goes into an order: products in season, quantities, prices and discounts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from assistant.demo.company.catalogue import Article
from assistant.demo.company.customers import Buyer
from assistant.demo.company.places import COUNTRY, MARKETS

_SUMMER = (0.4, 0.4, 0.6, 0.9, 1.4, 2.4, 3.1, 2.7, 1.3, 0.7, 0.4, 0.3)
_WINTER = (1.5, 1.3, 1.0, 0.7, 0.5, 0.3, 0.3, 0.3, 0.8, 1.3, 1.8, 2.2)
_GIVING = (0.4, 0.8, 0.6, 0.6, 0.9, 0.6, 0.5, 0.5, 0.6, 0.9, 2.7, 5.2)
_SEASON = {
    "Cold Brew": _SUMMER,
    "Hot Chocolate": _WINTER,
    "Herbal Tea": _WINTER,
    "Loose Leaf Tea": _WINTER,
    "Gift Sets": _GIVING,
    "Mugs & Cups": _GIVING,
}
_TASTE = {
    "tea": {"Loose Leaf Tea": 3.2, "Herbal Tea": 2.0, "Capsules": 0.6},
    "espresso": {"Espresso Blends": 1.7, "Capsules": 1.5, "Espresso Machines": 1.5, "Filter Blends": 0.4},
    "filter": {"Filter Blends": 1.9, "Single Origin": 1.4, "Brewers": 1.6, "Capsules": 0.5},
    "plain": {},
}
_PLAN_CATEGORIES = {
    "Explorer": {"Single Origin": 3.0, "Espresso Blends": 1.0, "Filter Blends": 1.2},
    "Connoisseur": {"Single Origin": 5.0, "Espresso Blends": 0.6},
    "Office": {"Espresso Blends": 3.0, "Filter Blends": 2.0, "Capsules": 0.8, "Accessories": 0.2},
    "Decaf": {"Decaf": 1.0},
}
_BULKY = {"Espresso Machines", "Grinders", "Brewers", "Kettles"}
_PRICE_LEVEL = {2023: 0.92, 2024: 0.96, 2025: 1.0}


class Item(NamedTuple):
    """One row of `order_items`."""

    order_item_id: int
    order_id: int
    product_id: int
    quantity: int
    unit_price: float
    discount_pct: float
    gross_amount: float
    net_amount: float


class Baskets:
    """Fills baskets; remembers what is on the shelf in a month."""

    def __init__(self, articles: list[Article], rng: Random) -> None:
        self._articles = articles
        self._rng = rng
        self._shelves: dict[tuple[int, int, str, str], tuple[list[Article], list[float]]] = {}
        self._next_item = 1

    def fill(
        self, order_id: int, buyer: Buyer, day: date, plan: str | None, campaign: int | None
    ) -> list[Item]:
        """The items of one order."""
        rng = self._rng
        code = buyer.customer.country_code
        articles, cumulative = self._shelf(day, "" if plan else MARKETS[code].taste, plan or "")
        sizes = (30, 44, 18, 6, 2) if plan else (31, 29, 21, 12, 7)
        wanted = rng.choices((1, 2, 3, 4, 5), sizes)[0]
        chosen = {
            article.product.product_id: article
            for article in rng.choices(articles, cum_weights=cumulative, k=wanted)
        }
        discount = self._discount(buyer, plan, campaign)
        return [self._item(order_id, buyer, day, article, plan, discount) for article in chosen.values()]

    def _item(
        self, order_id: int, buyer: Buyer, day: date, article: Article, plan: str | None, discount: float
    ) -> Item:
        product, rng = article.product, self._rng
        code = buyer.customer.country_code
        quantity = self._quantity(article, buyer, plan)
        unit_price = round(product.list_price * _PRICE_LEVEL[day.year], 2)
        share = discount if article.category not in _BULKY or discount <= 0.15 or rng.random() < 0.5 else 0.05
        gross = round(quantity * unit_price, 2)
        net = round(gross * (1 - share) / (1 + COUNTRY[code].vat_rate), 2)
        number = self._next_item
        self._next_item += 1
        return Item(number, order_id, product.product_id, quantity, unit_price, share, gross, net)

    def _quantity(self, article: Article, buyer: Buyer, plan: str | None) -> int:
        rng = self._rng
        if article.category in _BULKY:
            return (
                rng.choices((1, 2), (92, 8))[0]
                if not buyer.business
                else rng.choices((1, 2, 3), (6, 3, 1))[0]
            )
        basket = MARKETS[buyer.customer.country_code].basket
        factor = (3.2 if buyer.business else 1.0) * (4.0 if buyer.customer.is_test else 1.0)
        base = rng.choices((1, 2, 3, 4, 6), (52, 28, 10, 7, 3))[0]
        scaled = base * factor * (basket if plan is None else 1.0) * rng.uniform(0.85, 1.15)
        return max(1, round(scaled))

    def _discount(self, buyer: Buyer, plan: str | None, campaign: int | None) -> float:
        rng = self._rng
        if campaign is not None:
            return rng.choices((0.1, 0.15, 0.2, 0.25, 0.3), (34, 30, 22, 10, 4))[0]
        if plan is not None:
            return 0.1 if rng.random() < 0.55 else 0.0
        if buyer.customer.loyalty_tier == "gold" and rng.random() < 0.6:
            return 0.05
        return rng.choices((0.0, 0.05, 0.1, 0.15, 0.5), (86, 5, 6, 2.7, 0.3))[0]

    def _shelf(self, day: date, taste: str, plan: str) -> tuple[list[Article], list[float]]:
        key = (day.year, day.month, taste, plan)
        if key not in self._shelves:
            self._shelves[key] = self._stock_shelf(day, taste, plan)
        return self._shelves[key]

    def _stock_shelf(self, day: date, taste: str, plan: str) -> tuple[list[Article], list[float]]:
        first = day.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        liking = _PLAN_CATEGORIES[plan] if plan else _TASTE[taste]
        articles, weights = [], []
        for article in self._articles:
            product = article.product
            weight = article.pull * liking.get(article.category, 0.0 if plan else 1.0)
            if article.category in _SEASON:
                weight *= _SEASON[article.category][day.month - 1]
            if plan == "Connoisseur" and product.list_price > 14:
                weight *= 3
            gone = product.discontinued_on is not None and product.discontinued_on < last.isoformat()
            if weight > 0 and not gone and product.launched_on <= first.isoformat():
                articles.append(article)
                weights.append(weight)
        return articles, list(accumulate(weights))
