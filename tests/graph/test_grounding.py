import datetime as dt

from graph.grounding import Grounding, grounding
from knowledge.link import Linked, Reading, Slot
from knowledge.schema import Column, Schema, Table
from knowledge.values import ValueHit
from knowledge.window import Window

SCHEMA = Schema("sqlite", (Table("orders", (Column("channel", "TEXT"), Column("city", "TEXT"))),))
CITY = Slot("v1", "value", "bath", 0, 4, (Reading("orders", "city", "Bath", 1.0),))
DAY = Slot("d1", "date", "today", 0, 5, window=Window(dt.date(2025, 1, 1), dt.date(2025, 1, 2)))
APP = ValueHit("orders", "channel", "app", "app", 0, 3, 1.0, enum=True)
WEB = ValueHit("orders", "channel", "web", "web", 7, 10, 1.0, enum=True)


def counted(sql: str, *found: Slot | ValueHit, slotted: bool = True) -> Grounding:
    slots = tuple(f for f in found if isinstance(f, Slot))
    hits = tuple(f for f in found if isinstance(f, ValueHit))
    return grounding(sql, Linked("", "", slots, hits), SCHEMA, slotted=slotted)


def test_values_and_dates_that_the_statement_leaves_out_are_counted() -> None:
    assert counted("SELECT 1", CITY, DAY).unused == 2
    assert counted("SELECT 1 WHERE o.city = <v1> AND o.at >= <d1a>", CITY, DAY).unused == 0


def test_a_named_enum_value_that_is_not_compared_is_missing() -> None:
    assert counted("SELECT 1 WHERE o.channel IN ('app', 'app')", APP, WEB).missing == 1
    assert counted("SELECT 1 WHERE o.channel IN ('app', 'web')", APP, WEB).missing == 0


def test_a_compared_value_that_nobody_named_is_unfounded() -> None:
    assert counted("SELECT 1 WHERE o.channel = 'phone'", APP).unfounded == 1
    assert counted("SELECT 1 WHERE o.channel = 'app'", APP).unfounded == 0


def test_a_filled_value_of_a_slot_is_founded() -> None:
    assert counted("SELECT 1 WHERE o.city = 'Bath'", CITY, slotted=False) == Grounding()


def test_formats_and_dates_are_no_values() -> None:
    sql = "SELECT 1 WHERE STRFTIME('%Y', o.at) = '2025' AND o.at >= '2025-01-01'"
    assert counted(sql).unfounded == 0
