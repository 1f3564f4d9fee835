"""What waits for a data owner: corrections by topic, the weightiest first, and what contradicts them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from feedback.corrections import Correction, correction
from feedback.database import FeedbackDatabase
from feedback.tables import CORRECTIONS

NEAR = 0.9
"""Cosine similarity of two questions from which on they may be one."""

NEAR_ENOUGH = 0.75
"""The same where their corrected rows are equal too."""


@dataclass(frozen=True)
class Topic:
    """Corrections that say the same: the first of them, how many people, and what says otherwise."""

    first: Correction
    count: int
    people: int
    against: tuple[Correction, ...] = ()


class Queue:
    def __init__(self, database: FeedbackDatabase) -> None:
        self._database = database

    def page(self, start: int = 0, size: int = 25) -> list[Topic]:
        """Open topics, the highest rank first, `size` of them from `start` on."""
        c = CORRECTIONS.c
        people = sa.func.count(sa.distinct(c.person))
        grouped = (
            sa.select(c.topic, sa.func.count().label("many"), people.label("people"))
            .where(c.state == "open")
            .group_by(c.topic)
            .order_by(sa.func.sum(c.rank).desc(), c.topic)
            .limit(size)
            .offset(start)
        )
        with self._database.read() as connection:
            rows = connection.execute(grouped).all()
            topics = [row.topic for row in rows]
            wanted = (
                CORRECTIONS.select().where(c.topic.in_(topics), c.state == "open").order_by(c.correction_id)
            )
            first: dict[int, Correction] = {}
            for found in map(correction, connection.execute(wanted)):
                if found.topic not in first or (found.sql and not first[found.topic].sql):
                    first[found.topic] = found
            against = self._against(connection, list(first.values()))
        return [
            Topic(first[row.topic], row.many, row.people, tuple(against.get(row.topic, ()))) for row in rows
        ]

    def against(self, found: Correction) -> list[Correction]:
        """Corrections of the same question, open or approved, whose rows are others."""
        with self._database.read() as connection:
            return self._against(connection, [found]).get(found.topic, [])

    def size(self) -> int:
        """How many topics are open."""
        count = sa.func.count(sa.distinct(CORRECTIONS.c.topic))
        with self._database.read() as connection:
            found = connection.execute(sa.select(count).where(CORRECTIONS.c.state == "open")).scalar()
        return int(found or 0)

    def topic_of(self, vector: NDArray[np.float32], group: str) -> int:
        """The open topic of a near question and equal rows; 0 for none."""
        c = CORRECTIONS.c
        is_open = (c.state == "open") & c.vector.is_not(None)
        wanted = sa.select(c.topic, c.vector, c.result_group).where(is_open)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        if not rows:
            return 0
        known = np.frombuffer(b"".join(row.vector for row in rows), dtype=np.float32).reshape(len(rows), -1)
        near = known @ vector
        fits = [
            (float(near[n]), row.topic)
            for n, row in enumerate(rows)
            if row.result_group == group and near[n] >= (NEAR_ENOUGH if group else NEAR)
        ]
        return max(fits)[1] if fits else 0

    def _against(
        self, connection: sa.Connection, firsts: Sequence[Correction]
    ) -> dict[int, list[Correction]]:
        """Corrections of the same question, open or approved, whose rows are others."""
        c = CORRECTIONS.c
        questions = [found.question for found in firsts]
        wanted = CORRECTIONS.select().where(c.question.in_(questions), c.state.in_(("open", "approved")))
        others = [(row, correction(row)) for row in connection.execute(wanted)]
        groups = {found.topic: _group(found) for found in firsts}
        said: dict[int, list[Correction]] = {}
        for found in firsts:
            for row, other in others:
                differs = row.result_group != groups[found.topic] and row.result_group and groups[found.topic]
                if differs and other.question == found.question and other.topic != found.topic:
                    said.setdefault(found.topic, []).append(other)
        return said


def _group(found: Correction) -> str:
    return str((found.evidence.get("now") or {}).get("group", ""))
