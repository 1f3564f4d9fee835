"""Tickets: what customers write about, who answers, and how it ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from assistant.demo.company.aftersales import Refund, Shipment
from assistant.demo.company.customers import Buyer
from assistant.demo.company.orders import Sale
from assistant.demo.company.staff import Employee
from assistant.demo.company.timeline import DAYS, NOW, START, TODAY, moment_on, stamp

COUNT = 9_000
_REPLY_HOURS = {"email": 9.5, "chat": 0.35, "phone": 0.08}
_SOLVE_HOURS = {
    "delivery": 44.0,
    "damaged": 61.0,
    "billing": 33.0,
    "subscription": 18.0,
    "product_question": 12.0,
}
_MOOD = {"delivery": -0.55, "damaged": -0.7, "billing": -0.3, "subscription": 0.15, "product_question": 0.6}


class Ticket(NamedTuple):
    """One row of `tickets`."""

    ticket_id: int
    customer_id: int
    order_id: int | None
    employee_id: int | None
    channel: str
    topic: str
    priority: int
    status: str
    opened_at: str | None
    first_reply_at: str | None
    closed_at: str | None
    satisfaction: int | None


class Cause(NamedTuple):
    """Why a ticket was opened, and when."""

    opened: datetime
    customer_id: int
    order_id: int | None
    topic: str


def make_tickets(
    buyers: list[Buyer],
    sales: list[Sale],
    shipments: list[Shipment],
    refunds: list[Refund],
    staff: list[Employee],
    rng: Random,
) -> list[Ticket]:
    """All tickets by the time they were opened."""
    causes = _order_causes(sales, shipments, refunds, rng)
    while len(causes) < COUNT:
        day = START + timedelta(days=int(DAYS * rng.random() ** 0.7))
        opened = moment_on(day, rng)
        buyer = rng.choice(buyers)
        if buyer.signed_up < opened and day <= buyer.until:
            topic = rng.choices(("subscription", "product_question", "billing", "spam"), (37, 36, 12, 15))[0]
            causes.append(Cause(opened, buyer.customer.customer_id, None, topic))
    causes.sort()
    agents = [each for each in staff if each.team == "support" and each.job_title != "Head of Support"]
    skill = {agent.employee_id: rng.gauss(0, 0.35) for agent in agents}
    return [_ticket(number, cause, agents, skill, rng) for number, cause in enumerate(causes, 1)]


def _order_causes(
    sales: list[Sale], shipments: list[Shipment], refunds: list[Refund], rng: Random
) -> list[Cause]:
    refunded = {refund.order_id: refund.reason for refund in refunds}
    parcels = {shipment.order_id: shipment for shipment in shipments}
    topics = ("delivery", "damaged", "billing", "subscription", "product_question")
    causes = []
    for sale in sales:
        reason, parcel = refunded.get(sale.order.order_id), parcels.get(sale.order.order_id)
        late = bool(parcel and parcel.delivered_at and parcel.delivered_at[:10] > parcel.promised_on)
        lost = bool(parcel and parcel.status == "lost")
        chance = 0.85 if lost else 0.5 if reason else 0.29 if late else 0.062
        if rng.random() > chance:
            continue
        weights = (22, 5, 28, 17 if sale.order.subscription_id else 2, 28)
        if late or lost or reason == "late":
            weights = (86, 2, 5, 2, 5)
        elif reason in ("damaged", "wrong_item"):
            weights = (9, 78, 6, 1, 6)
        opened = moment_on(min(sale.moment.date() + timedelta(days=rng.randrange(1, 15)), TODAY), rng)
        if sale.moment < opened < NOW:
            topic = rng.choices(topics, weights)[0]
            causes.append(Cause(opened, sale.order.customer_id, sale.order.order_id, topic))
    return causes


def _ticket(
    number: int, cause: Cause, agents: list[Employee], skill: dict[int, float], rng: Random
) -> Ticket:
    channel = rng.choices(("email", "chat", "phone"), (90, 5, 5) if cause.topic == "spam" else (52, 33, 15))[
        0
    ]
    priority = _priority(cause.topic, rng)
    pace = {1: 0.35, 2: 0.7, 3: 1.0, 4: 1.5}[priority] * (1.5 if cause.opened.month == 12 else 1.0)
    spam = cause.topic == "spam"
    wait = timedelta(hours=rng.expovariate(1 / (_REPLY_HOURS[channel] * pace)), seconds=40)
    replied = None if spam else cause.opened + wait
    solve = timedelta(hours=rng.expovariate(1 / (_SOLVE_HOURS.get(cause.topic, 6.0) * pace)) + 0.1)
    closed = (replied or cause.opened) + solve
    stuck = rng.random() < (0.3 if (TODAY - cause.opened.date()).days < 16 else 0.005)
    if replied and (replied >= NOW or (stuck and rng.random() < 0.4)):
        replied = None
    done = closed < NOW and not stuck
    status = "closed" if done else "pending" if replied else "open"
    unassigned = (spam or status == "open") and rng.random() < 0.5
    employee = None if unassigned else _agent(cause.opened.date(), agents, rng)
    hours = (replied - cause.opened).total_seconds() / 3600 if replied else 0.0
    answered = done and not spam and rng.random() < 0.56
    return Ticket(
        ticket_id=number,
        customer_id=cause.customer_id,
        order_id=cause.order_id,
        employee_id=employee,
        channel=channel,
        topic=cause.topic,
        priority=priority,
        status=status,
        opened_at=stamp(cause.opened),
        first_reply_at=stamp(replied),
        closed_at=stamp(closed) if done else None,
        satisfaction=_mood(cause.topic, hours, skill.get(employee or 0, 0.0), rng) if answered else None,
    )


def _priority(topic: str, rng: Random) -> int:
    weights = {
        "damaged": (12, 38, 44, 6),
        "delivery": (9, 27, 54, 10),
        "billing": (6, 24, 58, 12),
        "spam": (0, 1, 9, 90),
    }
    return rng.choices((1, 2, 3, 4), weights.get(topic, (2, 9, 61, 28)))[0]


def _agent(day: date, agents: list[Employee], rng: Random) -> int:
    here = [
        a
        for a in agents
        if a.hired_on <= day.isoformat() and (a.left_on is None or a.left_on > day.isoformat())
    ]
    return rng.choices(here, [1 + (a.employee_id % 5) / 3 for a in here])[0].employee_id


def _mood(topic: str, hours: float, skill: float, rng: Random) -> int:
    score = 4.05 + _MOOD[topic] + skill - min(hours, 40) * 0.035 + rng.gauss(0, 0.95)
    return max(1, min(5, round(score)))
