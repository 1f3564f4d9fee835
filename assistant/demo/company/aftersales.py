"""What follows an order: the parcel, and sometimes the money back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from assistant.demo.company.orders import Sale
from assistant.demo.company.places import MARKETS
from assistant.demo.company.stock import WAREHOUSES
from assistant.demo.company.timeline import NOW, TODAY, office_moment, stamp

_ROUTES = {  # weights of Hamburg, Leipzig, Rotterdam, Manchester, Wrocław
    "DE": (50, 42, 5, 0, 3),
    "AT": (18, 62, 0, 0, 20),
    "CH": (30, 60, 10, 0, 0),
    "NL": (8, 0, 92, 0, 0),
    "BE": (4, 0, 96, 0, 0),
    "LU": (5, 10, 85, 0, 0),
    "FR": (4, 8, 88, 0, 0),
    "GB": (0, 0, 9, 91, 0),
    "IE": (0, 0, 12, 88, 0),
    "DK": (88, 4, 8, 0, 0),
    "SE": (86, 4, 10, 0, 0),
    "NO": (90, 0, 10, 0, 0),
    "FI": (80, 0, 4, 0, 16),
    "PL": (2, 8, 0, 0, 90),
    "CZ": (4, 36, 0, 0, 60),
    "US": (10, 0, 60, 30, 0),
}
_CARRIERS = {
    "DE": (58, 12, 17, 0, 13),
    "NL": (14, 8, 12, 66, 0),
    "BE": (12, 10, 20, 58, 0),
    "GB": (14, 30, 56, 0, 0),
    "US": (30, 70, 0, 0, 0),
    "FR": (22, 18, 34, 6, 20),
}
_CARRIER_LATE = {"DHL": 0.9, "UPS": 0.7, "DPD": 1.3, "PostNL": 0.8, "GLS": 1.7}
_CARRIER_COST = {"DHL": 1.0, "UPS": 1.28, "DPD": 0.91, "PostNL": 0.95, "GLS": 0.82}
_REASONS = {"damaged": 27, "late": 18, "wrong_item": 14, "not_as_described": 16, "changed_mind": 25}


class Shipment(NamedTuple):
    """One row of `shipments`."""

    shipment_id: int
    order_id: int
    warehouse_id: int
    carrier: str
    status: str
    shipped_at: str | None
    promised_on: str
    delivered_at: str | None
    cost: float


class Refund(NamedTuple):
    """One row of `refunds`."""

    refund_id: int
    order_id: int
    order_item_id: int | None
    amount: float
    reason: str
    status: str
    requested_at: str | None
    refunded_at: str | None


def make_shipments(sales: list[Sale], weights: dict[int, int], rng: Random) -> list[Shipment]:
    """One parcel for every order that left the house; `weights` are grams by product."""
    shipments: list[Shipment] = []
    for sale in sales:
        if sale.order.status in "SDR":
            shipments.append(_shipment(len(shipments) + 1, sale, weights, rng))
    return shipments


def _shipment(number: int, sale: Sale, weights: dict[int, int], rng: Random) -> Shipment:
    order, code = sale.order, sale.buyer.customer.country_code
    market, day = MARKETS[code], sale.moment.date()
    warehouse = rng.choices(range(5), _ROUTES.get(code, (34, 20, 46, 0, 0)))[0]
    if day.isoformat() < WAREHOUSES[warehouse].opened_on:
        warehouse = 0
    carrier = rng.choices(tuple(_CARRIER_LATE), _CARRIERS.get(code, (34, 22, 24, 6, 14)))[0]
    busy = 1.8 if day.month == 12 else 1.3 if day.month == 11 else 1.0
    shipped = _shipped(sale.moment, busy, rng)
    allowed = max(2, round(market.transit_days + 1))
    promised = shipped.date() + timedelta(days=allowed)
    delivered = _delivered(
        shipped, promised, market.transit_days, market.late * _CARRIER_LATE[carrier] * busy, rng
    )
    status, arrived = _fate(order.status, delivered, promised, rng)
    grams = sum(item.quantity * weights[item.product_id] for item in sale.items)
    distance = 1.9 if code == "US" else 1.0
    cost = (2.6 + market.transit_days * 0.45 + grams / 2400) * distance * _CARRIER_COST[carrier]
    return Shipment(
        shipment_id=number,
        order_id=order.order_id,
        warehouse_id=warehouse + 1,
        carrier=carrier,
        status=status,
        shipped_at=stamp(shipped),
        promised_on=promised.isoformat(),
        delivered_at=stamp(arrived),
        cost=round(cost * rng.uniform(0.9, 1.12), 2),
    )


def _shipped(ordered: datetime, busy: float, rng: Random) -> datetime:
    moment = office_moment((ordered + timedelta(hours=rng.expovariate(1 / 14) * busy + 10)).date(), rng)
    while moment.weekday() == 6 or moment <= ordered:
        moment += timedelta(days=1)
    return moment if moment < NOW else NOW - timedelta(minutes=rng.randrange(15, 300))


def _delivered(shipped: datetime, promised: date, transit: float, late: float, rng: Random) -> datetime:
    if rng.random() < late:
        day = promised + timedelta(days=1 + int(rng.expovariate(1 / 2.1)))
    else:
        day = shipped.date() + timedelta(days=max(1, round(rng.gauss(transit, 0.6))))
        day = min(day, promised)
    arrival = office_moment(day if day.weekday() < 6 else day + timedelta(days=1), rng)
    return max(arrival, shipped + timedelta(hours=9))


def _fate(order_status: str, delivered: datetime, promised: date, rng: Random) -> tuple[str, datetime | None]:
    if order_status == "R":
        return "returned", delivered if rng.random() < 0.78 else None
    if order_status == "S":
        return ("lost" if (TODAY - promised).days > 8 else "in_transit"), None
    return "delivered", min(delivered, NOW - timedelta(minutes=rng.randrange(90, 400)))


def make_refunds(sales: list[Sale], shipments: list[Shipment], rng: Random) -> list[Refund]:
    """Money asked back: for returns, lost and late parcels, paid cancellations, and single items."""
    parcels = {shipment.order_id: shipment for shipment in shipments}
    wishes: list[tuple[datetime, Sale, int | None, float, str]] = []
    for sale in sales:
        if (TODAY - sale.moment.date()).days >= 3:
            wish = _wish(sale, parcels.get(sale.order.order_id), rng)
            if wish and wish[0] < NOW:
                wishes.append(wish)
    wishes.sort(key=lambda wish: (wish[0], wish[1].order.order_id))
    return [_refund(number, wish, rng) for number, wish in enumerate(wishes, 1)]


def _wish(
    sale: Sale, parcel: Shipment | None, rng: Random
) -> tuple[datetime, Sale, int | None, float, str] | None:
    order = sale.order
    total = round(order.gross_amount - order.discount_amount + order.shipping_fee, 2)
    after = office_moment(sale.moment.date() + timedelta(days=rng.randrange(4, 19)), rng)
    if order.status == "R":
        return after, sale, None, total, rng.choices(tuple(_REASONS), (21, 6, 20, 24, 44))[0]
    if order.status == "X":
        wanted = order.paid_at is not None
        return (after, sale, None, total, "changed_mind") if wanted and rng.random() < 0.9 else None
    if parcel and parcel.status == "lost":
        return after + timedelta(days=6), sale, None, total, "late"
    late = bool(parcel and parcel.delivered_at and parcel.delivered_at[:10] > parcel.promised_on)
    if order.status != "D" or rng.random() > (0.08 if late else 0.028):
        return None
    if rng.random() < 0.17:
        return (
            after,
            sale,
            None,
            total,
            "late" if late else rng.choices(tuple(_REASONS), tuple(_REASONS.values()))[0],
        )
    item = rng.choice(sale.items)
    paid = round(item.gross_amount * (1 - item.discount_pct), 2)
    amount = paid if rng.random() < 0.7 else round(paid * rng.choice((0.25, 0.5)), 2)
    reason = (
        "late" if late and rng.random() < 0.5 else rng.choices(tuple(_REASONS), tuple(_REASONS.values()))[0]
    )
    return after, sale, item.order_item_id, max(amount, 0.5), reason


def _refund(number: int, wish: tuple[datetime, Sale, int | None, float, str], rng: Random) -> Refund:
    requested, sale, item, amount, reason = wish
    age = (NOW - requested).days
    pending = age < 21 and rng.random() < 0.8 - age / 30
    refused = 0.26 if reason == "changed_mind" and sale.order.status == "D" else 0.09
    status = "pending" if pending else "rejected" if rng.random() < refused else "approved"
    paid_back = requested + timedelta(hours=rng.expovariate(1 / 70) + 5)
    done = status == "approved" and paid_back < NOW
    return Refund(
        refund_id=number,
        order_id=sale.order.order_id,
        order_item_id=item,
        amount=amount,
        reason=reason,
        status=status,
        requested_at=stamp(requested),
        refunded_at=stamp(paid_back) if done else None,
    )
