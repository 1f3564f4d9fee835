"""Campaigns, and which of them an order comes from."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from assistant.demo.company.timeline import START, TODAY

_PLAN = """
    New Year New Roast 2023 | email | 6400 | 2023-01-09 | 24
    Valentine Espresso | social | 4200 | 2023-02-03 | 14
    Spring Bloom 2023 | search | 9800 | 2023-03-20 | 35
    Easter Basket 2023 | email | 3100 | 2023-03-28 | 14
    Kettle Month | influencer | 5600 | 2023-05-02 | 30
    Cold Brew Summer 2023 | social | 11200 | 2023-06-12 | 60
    City Posters | print | 8700 | 2023-06-19 | 40
    Back to the Office 2023 | search | 7300 | 2023-08-28 | 35
    International Coffee Day 2023 | email | 2900 | 2023-09-28 | 7
    Barista School | influencer | 6800 | 2023-10-09 | 28
    Black Friday 2023 | search | 18500 | 2023-11-20 | 9
    Christmas Hampers 2023 | email | 7900 | 2023-12-01 | 21
    New Year New Roast 2024 | email | 6900 | 2024-01-08 | 24
    Decaf January | social | 3700 | 2024-01-10 | 21
    Nordic Light Launch | influencer | 5200 | 2024-01-22 | 28
    Spring Bloom 2024 | search | 11400 | 2024-03-18 | 35
    Mother's Day Brunch | email | 3300 | 2024-04-29 | 13
    Geisha Tasting Club | influencer | 9100 | 2024-04-08 | 45
    Cold Brew Summer 2024 | social | 13800 | 2024-06-10 | 62
    Football Espresso | social | 8200 | 2024-06-14 | 30
    Magazine Inserts | print | 9900 | 2024-05-06 | 50
    Back to the Office 2024 | search | 8600 | 2024-08-26 | 35
    International Coffee Day 2024 | email | 3400 | 2024-09-27 | 8
    Grinder Upgrade | search | 7700 | 2024-10-07 | 30
    Black Friday 2024 | search | 22400 | 2024-11-25 | 9
    Christmas Hampers 2024 | email | 8800 | 2024-12-02 | 20
    New Year New Roast 2025 | email | 7600 | 2025-01-07 | 25
    Capsule Switch | social | 10300 | 2025-02-10 | 40
    Spring Bloom 2025 | search | 13200 | 2025-03-17 | 36
    Easter Basket 2025 | email | 4100 | 2025-04-07 | 14
    Roastery Open Day | print | 5900 | 2025-05-12 | 20
    Cold Brew Summer 2025 | social | 16100 | 2025-06-09 | 63
    Friends Bring Friends | influencer | 12700 | 2025-07-14 | 55
    Back to the Office 2025 | search | 9700 | 2025-08-25 | 35
    International Coffee Day 2025 | email | 3900 | 2025-09-26 | 9
    Autumn Flavours | influencer | 8400 | 2025-10-13 | 40
    Early Gift Guide | email | 4600 | 2025-11-03 | 28"""
_PULL = {"email": 1.6, "search": 1.4, "social": 0.8, "influencer": 0.55, "print": 0.0}


class Campaign(NamedTuple):
    """One row of `campaigns`."""

    campaign_id: int
    name: str
    channel: str
    budget: float
    started_on: str
    ended_on: str


class Campaigns:
    """All campaigns, and the draw of the one that brought an order."""

    def __init__(self, rng: Random) -> None:
        self.rows: list[Campaign] = []
        self._running: dict[date, list[tuple[int, float]]] = {}
        for number, line in enumerate(_PLAN.strip().splitlines(), 1):
            name, channel, budget, started, days = (part.strip() for part in line.split("|"))
            first = date.fromisoformat(started)
            last = first + timedelta(days=int(days) - 1)
            self.rows.append(
                Campaign(number, name, channel, float(budget), first.isoformat(), last.isoformat())
            )
            pull = _PULL[channel] * rng.uniform(0.55, 1.5)
            if name == "City Posters":
                pull = 0.15
            self._schedule(number, pull, first, last)

    def _schedule(self, number: int, pull: float, first: date, last: date) -> None:
        if not pull:
            return
        day = max(first, START)
        while day <= min(last, TODAY):
            self._running.setdefault(day, []).append((number, pull))
            day += timedelta(days=1)

    def draw(self, day: date, rng: Random) -> int | None:
        """The campaign behind an order of that day, if any."""
        running = self._running.get(day)
        if not running or rng.random() > 0.36:
            return None
        return rng.choices([number for number, _ in running], [pull for _, pull in running])[0]
