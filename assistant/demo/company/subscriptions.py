"""Subscriptions: who takes which plan, and how long they stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from assistant.demo.company.customers import Buyer
from assistant.demo.company.timeline import TODAY

COUNT = 6_500
_PLANS = {  # share among private people, price of a delivery every four weeks, days people stay
    "Explorer": (52, 17.9, 330),
    "Connoisseur": (26, 27.9, 470),
    "Office": (2, 89.0, 720),
    "Decaf": (20, 18.5, 280),
}
_REASONS = {"too_much_coffee": 27, "price": 31, "taste": 11, "moving": 8, "competitor": 14, "other": 9}
_INTERVAL_PRICE = {2: 1.9, 4: 1.0, 8: 0.54}


class Subscription(NamedTuple):
    """One row of `subscriptions`."""

    subscription_id: int
    customer_id: int
    plan: str
    status: str
    interval_weeks: int
    monthly_price: float
    started_on: str
    paused_on: str | None
    cancelled_on: str | None
    cancel_reason: str | None


@dataclass(frozen=True)
class Term:
    """A subscription and the span in which it delivers."""

    subscription: Subscription
    buyer: Buyer
    first: date
    last: date


def make_subscriptions(buyers: list[Buyer], rng: Random) -> list[Term]:
    """All subscriptions in the order they began."""
    weights = [buyer.keenness**0.5 * (0.5 if buyer.customer.is_test else 1.0) for buyer in buyers]
    starts: list[tuple[date, int]] = []
    while len(starts) < COUNT:
        for index in rng.choices(range(len(buyers)), weights, k=COUNT - len(starts)):
            first = buyers[index].signed_up.date() + timedelta(days=int(rng.expovariate(1 / 75)))
            if first <= min(TODAY, buyers[index].until):
                starts.append((first, index))
    starts.sort()
    return [_term(number, first, buyers[index], rng) for number, (first, index) in enumerate(starts, 1)]


def _term(number: int, first: date, buyer: Buyer, rng: Random) -> Term:
    if buyer.business and rng.random() < 0.8:
        plan = "Office"
    else:
        plan = rng.choices(list(_PLANS), [share for share, _, _ in _PLANS.values()])[0]
    _, price, stay = _PLANS[plan]
    interval = rng.choices((2, 4, 8), (9, 46, 45) if plan != "Office" else (30, 55, 15))[0]
    last = min(first + timedelta(days=int(rng.expovariate(1 / stay)) + 15), buyer.until)
    cancelled = last < TODAY
    paused = not cancelled and rng.random() < 0.11
    paused_on = max(first, TODAY - timedelta(days=rng.randrange(3, 120))) if paused else None
    early = 0.94 if first < date(2024, 4, 1) else 1.0
    subscription = Subscription(
        subscription_id=number,
        customer_id=buyer.customer.customer_id,
        plan=plan,
        status="cancelled" if cancelled else "paused" if paused else "active",
        interval_weeks=interval,
        monthly_price=round(price * _INTERVAL_PRICE[interval] * early, 2),
        started_on=first.isoformat(),
        paused_on=paused_on.isoformat() if paused_on else None,
        cancelled_on=last.isoformat() if cancelled else None,
        cancel_reason=_reason(plan, rng) if cancelled and rng.random() < 0.95 else None,
    )
    return Term(subscription, buyer, first, paused_on or min(last, TODAY))


def _reason(plan: str, rng: Random) -> str:
    weights = dict(_REASONS)
    if plan == "Connoisseur":
        weights["price"] = 46
    if plan == "Decaf":
        weights["taste"] = 34
    return rng.choices(list(weights), list(weights.values()))[0]
