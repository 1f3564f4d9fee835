"""Orders: one-off and by subscription, from the first day to this afternoon."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from assistant.demo.company.baskets import Baskets, Item
from assistant.demo.company.campaigns import Campaigns
from assistant.demo.company.catalogue import Article
from assistant.demo.company.customers import Buyer
from assistant.demo.company.places import COUNTRY, RATES
from assistant.demo.company.subscriptions import Term
from assistant.demo.company.timeline import DAYS, NOW, START, TODAY, day_weights, moment_on, stamp

COUNT = 52_000
_SKIPPED_DELIVERIES = 0.6
_FEE = {"DE": 3.9, "NL": 3.9, "AT": 4.9, "BE": 4.9, "LU": 4.9, "US": 14.9, "NO": 9.9, "CH": 8.9, "GR": 8.9}
_PAYMENTS = {  # card, paypal, invoice, klarna, gift card
    "DE": (21, 36, 20, 20, 3),
    "AT": (27, 30, 20, 20, 3),
    "CH": (44, 14, 36, 2, 4),
    "NL": (38, 21, 9, 29, 3),
    "SE": (33, 9, 8, 47, 3),
    "NO": (42, 9, 9, 37, 3),
    "FI": (40, 12, 10, 35, 3),
    "DK": (62, 10, 8, 17, 3),
    "FR": (66, 25, 3, 3, 3),
    "GB": (60, 28, 3, 4, 5),
    "US": (71, 24, 1, 0, 4),
}
_LOST = 0.3
_CANCELLED = {"IT": 0.071, "ES": 0.066, "GR": 0.083, "US": 0.078, "DE": 0.041, "DK": 0.035, "FR": 0.062}
_RETURNED = {"DE": 0.046, "AT": 0.041, "CH": 0.022, "GB": 0.033}


class Order(NamedTuple):
    """One row of `orders`."""

    order_id: int
    customer_id: int
    campaign_id: int | None
    subscription_id: int | None
    status: str
    sales_channel: str
    payment_method: str
    ordered_at: str | None
    paid_at: str | None
    currency: str
    gross_amount: float
    discount_amount: float
    shipping_fee: float
    net_amount: float
    charged_amount: float


@dataclass(frozen=True)
class Sale:
    """An order as the simulation sees one."""

    order: Order
    items: list[Item]
    buyer: Buyer
    moment: datetime


def make_sales(
    buyers: list[Buyer], terms: list[Term], articles: list[Article], campaigns: Campaigns, rng: Random
) -> list[Sale]:
    """All orders by the time they were placed."""
    occasions = _deliveries(terms, rng)
    occasions += _one_offs(buyers, COUNT - len(occasions), rng)
    occasions.sort(key=lambda each: (each[0], each[1].customer.customer_id))
    baskets = Baskets(articles, rng)
    return [
        _sale(number, moment, buyer, term, baskets, campaigns, rng)
        for number, (moment, buyer, term) in enumerate(occasions, 1)
    ]


def _deliveries(terms: list[Term], rng: Random) -> list[tuple[datetime, Buyer, Term | None]]:
    occasions: list[tuple[datetime, Buyer, Term | None]] = []
    for term in terms:
        day = term.first
        while day <= term.last:
            early = datetime(
                day.year, day.month, day.day, rng.randrange(5, 9), rng.randrange(60), rng.randrange(60)
            )
            if early > term.buyer.signed_up and (day == term.first or rng.random() > _SKIPPED_DELIVERIES):
                occasions.append((early, term.buyer, term))
            day += timedelta(weeks=term.subscription.interval_weeks, days=rng.randrange(-1, 2))
    return occasions


def _one_offs(buyers: list[Buyer], count: int, rng: Random) -> list[tuple[datetime, Buyer, Term | None]]:
    occasions: list[tuple[datetime, Buyer, Term | None]] = []
    for buyer in buyers:
        if rng.random() < 0.56:
            moment = buyer.signed_up + timedelta(minutes=int(rng.expovariate(1 / 4000)) + 4)
            if moment < NOW and moment.date() <= buyer.until:
                occasions.append((moment, buyer, None))
    cumulative = list(accumulate(buyer.keenness for buyer in buyers))
    joined = [buyer.signed_up for buyer in buyers]
    days = list(accumulate(day_weights(1.42)))
    while len(occasions) < count:
        day = START + timedelta(days=rng.choices(range(DAYS), cum_weights=days)[0])
        moment = moment_on(day, rng)
        known = bisect_right(joined, moment)
        if not known:
            continue
        buyer = buyers[bisect_right(cumulative, rng.random() * cumulative[known - 1], hi=known - 1)]
        faded = rng.random() > 0.5 ** ((moment - buyer.signed_up).days / 500)
        if day <= buyer.until and not faded:
            occasions.append((moment, buyer, None))
    return occasions


def _sale(
    number: int,
    moment: datetime,
    buyer: Buyer,
    term: Term | None,
    baskets: Baskets,
    campaigns: Campaigns,
    rng: Random,
) -> Sale:
    customer, day = buyer.customer, moment.date()
    campaign = campaigns.draw(day, rng) if term is None else None
    items = baskets.fill(number, buyer, day, term.subscription.plan if term else None, campaign)
    gross = round(sum(item.gross_amount for item in items), 2)
    discount = round(sum(round(item.gross_amount * item.discount_pct, 2) for item in items), 2)
    fee = 0.0 if term or gross - discount >= 45 else _FEE.get(customer.country_code, 5.9)
    status = _status(day, customer.country_code, rng)
    method = _payment_method(buyer, rng)
    currency = COUNTRY[customer.country_code].currency
    order = Order(
        order_id=number,
        customer_id=customer.customer_id,
        campaign_id=campaign,
        subscription_id=term.subscription.subscription_id if term else None,
        status=status,
        sales_channel=_sales_channel(day, buyer, term, rng),
        payment_method=method,
        ordered_at=stamp(moment),
        paid_at=_paid_at(moment, status, method, rng),
        currency=currency,
        gross_amount=gross,
        discount_amount=discount,
        shipping_fee=fee,
        net_amount=round(sum(item.net_amount for item in items), 2),
        charged_amount=round((gross - discount + fee) * RATES[currency], 2),
    )
    return Sale(order, items, buyer, moment)


def _status(day: date, code: str, rng: Random) -> str:
    age = (TODAY - day).days
    chance = rng.random()
    if chance < _CANCELLED.get(code, 0.05):
        return "X"
    if age <= 3:
        return rng.choices("NPS", ((70, 30, 0), (25, 60, 15), (6, 40, 54), (2, 18, 80))[age])[0]
    if age <= 10:
        return "S" if rng.random() < 1.05 - age / 10 else "D"
    if age > 14 and chance > 1 - _RETURNED.get(code, 0.03):
        return "R"
    if age > 18 and chance > 0.94 and rng.random() < _LOST:
        return "S"
    return "D"


def _payment_method(buyer: Buyer, rng: Random) -> str:
    weights = (
        (18, 4, 75, 2, 1) if buyer.business else _PAYMENTS.get(buyer.customer.country_code, (52, 30, 7, 8, 3))
    )
    return rng.choices(("card", "paypal", "invoice", "klarna", "gift_card"), weights)[0]


def _paid_at(moment: datetime, status: str, method: str, rng: Random) -> str | None:
    if status == "N" or (status == "X" and rng.random() < 0.64):
        return None
    hours = rng.expovariate(1 / 220) + 20 if method == "invoice" and status != "P" else rng.uniform(0.01, 0.4)
    paid = moment + timedelta(seconds=int(hours * 3600))
    if method == "invoice" and status != "P" and rng.random() < 0.03:
        return None
    return stamp(paid) if paid < NOW else None if method == "invoice" and status != "P" else stamp(moment)


def _sales_channel(day: date, buyer: Buyer, term: Term | None, rng: Random) -> str:
    app = 16 + 9 * (day.year - 2023)
    if term:
        return rng.choices(("web", "app"), (100 - app, app))[0]
    if buyer.business:
        return rng.choices(("web", "app", "phone", "marketplace"), (66, 7, 21, 6))[0]
    return rng.choices(("web", "app", "phone", "marketplace"), (78 - app, app, 3, 19))[0]
