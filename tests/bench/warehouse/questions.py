"""Questions about the warehouse, with the tables that each needs. What tells look-alikes apart is said."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.warehouse.tables import Subject, Warehouse

ASKED = {
    "main": "",
    "staging": "in the raw data as delivered by the source system",
    "history": "looking at the history of changes",
    "daily": "from the daily snapshot",
    "weekly": "by week",
    "monthly": "as monthly totals",
    "emea": "for Europe, Middle East and Africa only",
    "apac": "for Asia and Pacific only",
    "amer": "for North America only",
    "latam": "for Latin America only",
    "archive 2019": "in the archive of 2019",
    "archive 2020": "in the archive of 2020",
    "archive 2021": "in the archive of 2021",
    "budget": "that was budgeted",
    "forecast": "in the forecast",
    "audit": "in the audit trail",
    "rejected": "among the rows that failed validation",
}
"""Kind of table -> the words by which a question means it. The others nobody asks for."""

SINGLE = (
    "what is the total {measure} of {say}{which}?",
    "average {measure} of {say} by {attribute}{which}",
    "{say}: {measure} for each {attribute}{which}",
    "show me {measure} by {attribute} for {say}{which}",
    "which {attribute} has the highest {measure} among {say}{which}?",
)
JOINED = (
    "{measure} of {say} by {attribute} of the {parent}",
    "which {attribute} of {parent} has the most {measure} in {say}?",
    "break {measure} of {say} down by the {parent}' {attribute}",
)


@dataclass(frozen=True)
class Question:
    text: str
    tables: tuple[str, ...]


def questions(warehouse: Warehouse, count: int = 200, *, seed: int = 1) -> tuple[Question, ...]:
    """A third of each: the plain table, two tables that are joined, and one of the look-alikes."""
    chance = random.Random(seed)
    ways: tuple[Callable[[Warehouse, random.Random], Question], ...] = (_plain, _joined, _lookalike)
    found: dict[str, Question] = {}
    while len(found) < count:
        made = ways[len(found) % 3](warehouse, chance)
        found.setdefault(made.text, made)
    return tuple(found.values())


def _plain(warehouse: Warehouse, chance: random.Random) -> Question:
    return _single(chance.choice(warehouse.subjects), "main", chance)


def _lookalike(warehouse: Warehouse, chance: random.Random) -> Question:
    kinds = [kind for kind in warehouse.kinds if ASKED.get(kind)] or ["main"]
    return _single(chance.choice(warehouse.subjects), chance.choice(kinds), chance)


def _single(subject: Subject, kind: str, chance: random.Random) -> Question:
    which = f" {ASKED[kind]}" if ASKED[kind] else ""
    text = chance.choice(SINGLE).format(
        measure=chance.choice(list(subject.measures.values())),
        attribute=chance.choice(list(subject.attributes.values())),
        say=subject.say,
        which=which,
    )
    return Question(text, (subject.table(kind),))


def _joined(warehouse: Warehouse, chance: random.Random) -> Question:
    subject = chance.choice([one for one in warehouse.subjects if one.parents])
    name = chance.choice(subject.parents)
    parent = next(one for one in warehouse.subjects if one.name == name)
    text = chance.choice(JOINED).format(
        measure=chance.choice(list(subject.measures.values())),
        attribute=chance.choice(list(parent.attributes.values())),
        say=subject.say,
        parent=parent.say,
    )
    return Question(text, (subject.table(), parent.table()))
