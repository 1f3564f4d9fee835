"""Conditions on a thing: how they are said before or after its noun, and what they are in SQL.

A kind of condition is one function, the ground and a base table in, a condition out (None where it makes no
sense), and its weight in MAKERS.
"""

from collections.abc import Callable

from training.conditions.ground import Condition, Ground
from training.conditions.lacking import child, null
from training.conditions.stored import enum_value, flag, number, open_value, person, segment
from training.conditions.timing import gap, running, verb_date

Maker = Callable[[Ground, str], Condition | None]

MAKERS: dict[Maker, int] = {
    open_value: 30,
    enum_value: 34,
    segment: 14,
    number: 6,
    flag: 6,
    null: 6,
    child: 6,
    gap: 4,
    running: 2,
    verb_date: 8,
}
ATTEMPTS = 6


def draw(ground: Ground, base: str, verb_dates: bool = True) -> Condition | None:
    """One condition, mostly on the table itself or on what it belongs to; None where nothing fits."""
    makers = [maker for maker in MAKERS if verb_dates or maker is not verb_date]
    weights = [MAKERS[maker] for maker in makers]
    for _ in range(ATTEMPTS):
        made = ground.rng.choices(makers, weights=weights)[0](ground, base)
        if made:
            return made
    return None


__all__ = ["Condition", "Ground", "child", "draw", "enum_value", "open_value", "person"]
