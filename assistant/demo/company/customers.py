"""Customers: who they are, and how keenly they buy."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from assistant.demo.company.names import Namer
from assistant.demo.company.places import MARKETS
from assistant.demo.company.timeline import DAYS, NOW, START, TODAY, day_weights, moment_on, stamp

COUNT = 18_000
TEST_ACCOUNTS = 40
_CHANNELS = {  # how many come this way, how keenly they buy
    "organic": (30, 1.0),
    "paid_search": (24, 0.8),
    "social": (17, 0.65),
    "referral": (12, 1.5),
    "email": (9, 1.25),
    "affiliate": (8, 0.55),
}


class Customer(NamedTuple):
    """One row of `customers`."""

    customer_id: int
    first_name: str
    last_name: str
    email: str
    phone: str | None
    company_name: str | None
    country_code: str
    city: str
    acquisition_channel: str
    loyalty_tier: str
    signed_up_at: str | None
    birth_date: str | None
    marketing_opt_in: int
    referred_by: int | None
    is_test: int
    deleted_at: str | None


@dataclass(frozen=True)
class Buyer:
    """A customer as the simulation sees one."""

    customer: Customer
    signed_up: datetime
    until: date
    keenness: float
    business: bool


def make_buyers(rng: Random) -> list[Buyer]:
    """All customers in the order they signed up."""
    weights = day_weights(1.12)
    for offset in range(120):
        weights[offset] *= 2.6 - offset / 75
    offsets = sorted(rng.choices(range(DAYS), weights, k=COUNT))
    moments = sorted(moment_on(START + timedelta(days=offset), rng) for offset in offsets)
    tests = set(rng.sample(range(200, COUNT - 800), TEST_ACCOUNTS))
    namer = Namer(rng)
    buyers: list[Buyer] = []
    for index, moment in enumerate(moments):
        buyers.append(_buyer(index, moment, index in tests, buyers, namer, rng))
    return buyers


def _buyer(
    index: int, moment: datetime, test: bool, earlier: list[Buyer], namer: Namer, rng: Random
) -> Buyer:
    code = rng.choices(list(MARKETS), [market.share for market in MARKETS.values()])[0]
    market = MARKETS[code]
    channel = rng.choices(list(_CHANNELS), [share for share, _ in _CHANNELS.values()])[0]
    business = not test and rng.random() < 0.06
    keenness = rng.lognormvariate(0, 0.9) * _CHANNELS[channel][1] * (2.1 if business else 1.0)
    deleted = _deletion(moment, rng) if not test else None
    first, last = namer.person(market.language)
    if test:
        first, keenness = "Test", 14.0 * keenness
    referrer = None
    if channel == "referral" and index > 50 and rng.random() < 0.85:
        referrer = earlier[_ambassador(index, rng)].customer.customer_id
    customer = Customer(
        customer_id=index + 1,
        first_name=first,
        last_name=last,
        email=_email(first, last, index, test, rng),
        phone=None if rng.random() < 0.36 else f"+{rng.randrange(30, 49)}{rng.randrange(10**8, 10**9)}",
        company_name=namer.company(market.language) if business else None,
        country_code=code,
        city=rng.choices(market.cities, [1 / (rank + 1.4) for rank in range(len(market.cities))])[0],
        acquisition_channel=channel,
        loyalty_tier=_tier(keenness, moment, rng),
        signed_up_at=stamp(moment),
        birth_date=None if business or rng.random() < 0.28 else _birth_date(rng),
        marketing_opt_in=int(rng.random() < (0.86 if channel == "email" else 0.57)),
        referred_by=referrer,
        is_test=int(test),
        deleted_at=stamp(deleted),
    )
    return Buyer(customer, moment, deleted.date() if deleted else TODAY, keenness, business)


def _ambassador(index: int, rng: Random) -> int:
    """Few people recommend us, the first ones most of all."""
    spot = rng.random()
    return 43 * int(index / 43 * spot**1.6) if spot < 0.7 else int(index * spot)


def _deletion(signed_up: datetime, rng: Random) -> datetime | None:
    if rng.random() >= 0.024:
        return None
    moment = signed_up + timedelta(days=rng.expovariate(1 / 190) + 3)
    return moment.replace(microsecond=0) if moment < NOW else None


def _tier(keenness: float, signed_up: datetime, rng: Random) -> str:
    score = keenness * (0.35 + (NOW - signed_up).days / 500) * rng.uniform(0.75, 1.25)
    if score > 4.6:
        return "gold"
    if score > 2.3:
        return "silver"
    return "bronze" if score > 1.1 else "none"


def _birth_date(rng: Random) -> str:
    age_days = int(rng.triangular(18.5, 79, 36) * 365.25)
    return (TODAY - timedelta(days=age_days)).isoformat()


def _email(first: str, last: str, index: int, test: bool, rng: Random) -> str:
    host = "kestrel.example" if test else rng.choice(("example.com", "example.org", "example.net"))
    name = f"{first}.{last}".lower().replace("'", "").replace(" ", "").replace("ł", "l").replace("ø", "o")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{plain}{index + 11}@{host}"
