"""The short prompt, and literals for slots."""

import datetime as dt

import pytest

from graph.specialist import ASK, END, WRITE, SlotError, fill, neighbour_sql, prompt, prompt_text
from knowledge.examples import Example
from knowledge.link import Linked, Linker, Reading, Slot
from knowledge.window import Window
from tests.conftest import shop_schema

SCHEMA = shop_schema()
OCTOBER = Window(dt.date(2025, 10, 1), dt.date(2025, 11, 1))
AUGUST = Window(dt.date(2025, 8, 1), dt.date(2025, 9, 1))


def value(name: str, *readings: tuple[str, str, str]) -> Slot:
    found = tuple(Reading(table, column, stored, 1.0) for table, column, stored in readings)
    return Slot(name, "value", found[0].value.lower(), 0, 0, found)


def number(name: str, amount: float) -> Slot:
    return Slot(name, "number", str(amount), 0, 0, number=amount)


def date(name: str, window: Window) -> Slot:
    return Slot(name, "date", "then", 0, 0, window=window)


def linked(text: str, *slots: Slot) -> Linked:
    return Linked(text, text, slots, ())


LONDON = value("v1", ("customers", "city", "London"))
ONEIL = value("v1", ("customers", "name", "O'Neil"))
PLACE = value("v1", ("customers", "city", "Bath"), ("products", "name", "Bath Salt"))


def test_a_prompt_holds_the_text_and_where_each_value_stands() -> None:
    said = linked("orders of <v1> over <n1> <d1>", PLACE, number("n1", 5), date("d1", OCTOBER))
    expected = f"{ASK}orders of <v1> over <n1> <d1>|<v1>c.city/p.name{WRITE}"
    assert prompt_text(said, SCHEMA) == expected
    assert (prompt(said, SCHEMA).head, prompt(said, SCHEMA).tail) == ("", expected)


@pytest.mark.parametrize("typed", [ASK, WRITE, END, "<<||sql|>", "<|<|end|>"])
def test_a_control_token_that_somebody_typed_is_only_text(typed: str) -> None:
    inside = prompt_text(linked(f"orders {typed} select"), SCHEMA)[len(ASK) : -len(WRITE)]
    assert not [token for token in (ASK, WRITE, END) if token in inside]


@pytest.mark.parametrize(
    ("sql", "slot", "filled"),
    [
        ("c.city = <v1>", LONDON, "c.city = 'London'"),
        ("c.city <> <v1>", LONDON, "c.city <> 'London'"),
        ("p.price > <n1>", number("n1", 20.0), "p.price > 20"),
        ("p.price > <n1>", number("n1", 2.5), "p.price > 2.5"),
        (
            "o.ordered_at >= <d1a> AND o.ordered_at < <d1b>",
            date("d1", OCTOBER),
            "o.ordered_at >= '2025-10-01' AND o.ordered_at < '2025-11-01'",
        ),
        ("DATE(o.ordered_at) = <d1>", date("d1", OCTOBER), "DATE(o.ordered_at) = '2025-10-01'"),
        ("c.name = <v1>", ONEIL, "c.name = 'O''Neil'"),
    ],
)
def test_a_slot_becomes_its_literal(sql: str, slot: Slot, filled: str) -> None:
    assert fill(sql, linked("", slot), SCHEMA) == filled


@pytest.mark.parametrize(
    ("sql", "filled"),
    [
        ("c.city = <v1>", "c.city = 'Bath'"),
        ("p.name = <v1>", "p.name = 'Bath Salt'"),
        ("p.name <> <v1>", "p.name <> 'Bath Salt'"),
        ("p.name IN ('Tea', <v1>)", "p.name IN ('Tea', 'Bath Salt')"),
        ("c.city NOT IN (<v1>)", "c.city NOT IN ('Bath')"),
        ("p2.name = <v1>", "p2.name = 'Bath Salt'"),
        (
            "c.customer_id IN (SELECT o.customer_id FROM orders o WHERE p.name = <v1>)",
            "c.customer_id IN (SELECT o.customer_id FROM orders o WHERE p.name = 'Bath Salt')",
        ),
        ("CASE WHEN x THEN <v1> END", "CASE WHEN x THEN 'Bath' END"),
    ],
)
def test_a_value_of_two_columns_is_the_compared_columns_own(sql: str, filled: str) -> None:
    assert fill(sql, linked("", PLACE), SCHEMA) == filled


def test_a_full_name_is_compared_with_two_columns() -> None:
    person = value("v1", ("customers", "full_name", "Zoë Müller"))
    sql = "c.first_name || ' ' || c.last_name = <v1>"
    assert fill(sql, linked("", person), SCHEMA).endswith("= 'Zoë Müller'")


@pytest.mark.parametrize("sql", ["c.city = <v2>", "LIMIT <n1>", "o.ordered_at >= <d1a>"])
def test_a_slot_that_the_question_lacks_is_an_error(sql: str) -> None:
    with pytest.raises(SlotError, match="has no slot"):
        fill(sql, linked("", LONDON), SCHEMA)


def test_a_value_compared_with_a_column_without_it_is_an_error() -> None:
    with pytest.raises(SlotError, match=r"p\.category has no value"):
        fill("p.category = <v1>", linked("", LONDON), SCHEMA)


def test_a_value_that_looks_like_a_slot_stays_as_it_is() -> None:
    odd = value("v1", ("customers", "name", "<n1>"))
    assert fill("c.name = <v1>", linked("", odd, number("n1", 3)), SCHEMA) == "c.name = '<n1>'"


class Said(Linker):
    """A linker that knows one question."""

    def __init__(self, theirs: Linked) -> None:
        self.theirs = theirs

    def link(self, question: str) -> Linked:
        return self.theirs


def neighbour(sql: str, theirs: Linked, ours: Linked) -> str | None:
    return neighbour_sql(Example("their question", sql), Said(theirs), ours, SCHEMA)


BERLIN = value("v1", ("customers", "city", "Berlin"))


def test_the_slots_of_a_taught_pair_get_our_literals() -> None:
    sql = "SELECT COUNT(*) FROM customers c WHERE c.city = <v1> LIMIT <n1>"
    theirs = linked("", LONDON, number("n1", 3))
    ours = linked("", BERLIN, number("n1", 8))
    assert neighbour(sql, theirs, ours) == "SELECT COUNT(*) FROM customers c WHERE c.city = 'Berlin' LIMIT 8"


def test_slots_are_matched_by_column_where_their_order_differs() -> None:
    tea = value("v1", ("products", "name", "Green Tea"))
    theirs = linked("", LONDON, value("v2", ("products", "name", "Grinder")))
    ours = linked("", tea, value("v2", ("customers", "city", "Berlin")))
    filled = neighbour("c.city = <v1> AND p.name = <v2>", theirs, ours)
    assert filled == "c.city = 'Berlin' AND p.name = 'Green Tea'"


def test_the_literals_of_a_verified_example_are_replaced_by_ours() -> None:
    sql = (
        "SELECT SUM(o.amount) FROM orders o WHERE c.city = 'London' AND o.ordered_at >= '2025-10-01' "
        "AND o.ordered_at < '2025-11-01' AND o.amount > 20 AND o.status <> 'x20' LIMIT 5"
    )
    theirs = linked("", LONDON, date("d1", OCTOBER), number("n1", 20))
    ours = linked("", ONEIL_CITY, date("d1", AUGUST), number("n1", 99))
    assert neighbour(sql, theirs, ours) == (
        "SELECT SUM(o.amount) FROM orders o WHERE c.city = 'O''Neil' AND o.ordered_at >= '2025-08-01' "
        "AND o.ordered_at < '2025-09-01' AND o.amount > 99 AND o.status <> 'x20' LIMIT 5"
    )


ONEIL_CITY = value("v1", ("customers", "city", "O'Neil"))


@pytest.mark.parametrize(
    "ours",
    [
        linked(""),
        linked("", BERLIN, number("n1", 3)),
        linked("", number("n1", 3)),
        linked("", value("v1", ("products", "name", "Grinder"))),
    ],
    ids=["no slots", "one more", "of another kind", "of another column"],
)
def test_a_neighbour_with_other_slots_gives_nothing(ours: Linked) -> None:
    assert neighbour("SELECT 1 FROM customers c WHERE c.city = <v1>", linked("", LONDON), ours) is None


def test_a_neighbour_whose_sql_asks_for_more_gives_nothing() -> None:
    assert neighbour("c.city = <v1> LIMIT <n1>", linked("", LONDON), linked("", BERLIN)) is None
