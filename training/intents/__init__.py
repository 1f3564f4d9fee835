"""Each intent is one function, a scene in, a pair of question and SQL out, and its weight in INTENTS."""

from collections.abc import Callable

from training.intents.acting import acted_on, acts_on
from training.intents.bounds import have_more_than, two_limits
from training.intents.comparing import flag_split, groups_compared, two_periods
from training.intents.counting import (
    absence,
    attribute,
    both,
    count,
    distinct,
    extreme_date,
    how_many_do,
    list_with,
    listing,
)
from training.intents.doers import who_does
from training.intents.durations import duration, per_parent_date
from training.intents.events import event_measure, events, reasons, who_most
from training.intents.figures import beside_figure, figure
from training.intents.measuring import average_per, by, by_two, trend, two_measures, value
from training.intents.neighbours import mutual
from training.intents.places import where
from training.intents.ranking import above_average, best_of_each, having, top, top_rows
from training.intents.referring import referring
from training.intents.relating import linked_many, related_rows, self_reference
from training.intents.scene import NothingToAskError, Pair, Scene
from training.intents.shares import share, share_of_sum
from training.intents.speaking import by_number, of_these, several_values
from training.intents.superlatives import of_extreme, superlative
from training.intents.whose import whose

Intent = Callable[[Scene], Pair]

INTENTS: dict[Intent, int] = {
    count: 16,
    how_many_do: 6,
    listing: 8,
    list_with: 7,
    distinct: 2,
    attribute: 7,
    absence: 5,
    both: 2,
    extreme_date: 2,
    value: 16,
    by: 16,
    by_two: 4,
    trend: 8,
    share: 7,
    share_of_sum: 3,
    two_periods: 5,
    groups_compared: 5,
    flag_split: 2,
    average_per: 3,
    duration: 5,
    two_measures: 3,
    top: 18,
    top_rows: 7,
    having: 8,
    best_of_each: 3,
    above_average: 1,
    self_reference: 5,
    linked_many: 6,
    per_parent_date: 2,
    related_rows: 3,
    events: 14,
    event_measure: 5,
    who_most: 8,
    have_more_than: 7,
    by_number: 5,
    reasons: 2,
    of_these: 6,
    several_values: 6,
    two_limits: 2,
    superlative: 10,
    of_extreme: 6,
    figure: 5,
    mutual: 4,
    referring: 10,
    acts_on: 6,
    acted_on: 4,
    where: 4,
    beside_figure: 3,
    whose: 2,
    who_does: 3,
}

__all__ = ["INTENTS", "Intent", "NothingToAskError", "Pair", "Scene"]
