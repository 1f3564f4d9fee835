"""Questions with their literals turned into slots."""

from datetime import date

import pytest

from knowledge.clock import FrozenClock
from knowledge.link import Linked, Linker, masked
from knowledge.value_keys import Keys, ValueColumn
from knowledge.values import Values
from knowledge.words import key

NAMES = ("Espresso Machines", "Tea & Cocoa", "Coffee")


def few_values() -> Values:
    keys = Keys(
        [
            ValueColumn("categories", "name", enum=False),
            ValueColumn("countries", "name", enum=False),
            ValueColumn("customers", "city", enum=False),
            ValueColumn("warehouses", "city", enum=True),
            ValueColumn("orders", "payment_method", enum=True),
            ValueColumn("campaigns", "name", enum=False),
        ]
    )
    for name in NAMES:
        keys.add(key(name), 0, name, 1.0)
    for place, value in (
        (1, "Germany"),
        (2, "Hamburg"),
        (3, "Hamburg"),
        (4, "gift_card"),
        (5, "Spring Bloom 2025"),
    ):
        keys.add(key(value), place, value, 1.0)
    return Values(keys, {"customers", "cancelled", "revenue", "gift", "card"})


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(few_values(), FrozenClock(date(2025, 11, 14)))


def slots(linked: Linked) -> dict[str, object]:
    return {
        slot.name: slot.number if slot.kind == "number" else slot.window or [r.value for r in slot.readings]
        for slot in linked.slots
    }


def test_values_dates_and_numbers_become_slots(linker: Linker) -> None:
    linked = linker.link("How much did we sell of espresso machines in Germany last month, top 5?")
    assert linked.text == "how much did we sell of <v1> in <v2> <d1>, top <n1>"
    assert [slot.name for slot in linked.slots] == ["v1", "v2", "d1", "n1"]
    assert [slot.text for slot in linked.slots] == ["espresso machines", "Germany", "last month", "5"]
    assert linked.slots[0].readings[0].value == "Espresso Machines"
    assert linked.slots[2].window is not None
    assert str(linked.slots[2].window.first) == "2025-10-01"
    assert linked.slots[3].number == 5


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("  Revenue   by month?! ", "revenue by month"),
        ("Orders since January by week", "orders <d1> by week"),
        ("2025 vs 2024", "<d1> vs <d2>"),
        ('price of "Coffee"', "price of <v1>"),
        ("discounts over 20%", "discounts over <n1> percent"),
        ("orders over €1,000", "orders over <n1>"),
        ("Germany\u2019s revenue", "<v1>'s revenue"),
        ("tickets that arent closed", "tickets that arent closed"),
        ("", ""),
        ("???", ""),
    ],
)
def test_the_text_is_lower_case_with_single_spaces(linker: Linker, question: str, text: str) -> None:
    assert linker.link(question).text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("cancled orders", "cancelled orders"),
        ("custmers in Germany", "customers in <v1>"),
        ("revnue", "revenue"),
        ("paid by gift crad", "paid by gift crad"),
        ("latte orders", "latte orders"),
        ("cancelling orders", "cancelling orders"),
    ],
)
def test_a_typo_is_mended_only_towards_a_word_of_the_team(linker: Linker, question: str, text: str) -> None:
    assert linker.link(question).text == text


def test_enum_values_stay_words_and_are_reported(linker: Linker) -> None:
    linked = linker.link("orders by gift card")
    assert linked.text == "orders by gift card"
    assert linked.slots == ()
    assert [(hit.table, hit.column, hit.value) for hit in linked.hits] == [
        ("orders", "payment_method", "gift_card")
    ]


def test_a_word_in_an_open_and_an_enum_column_is_one_slot_with_both_readings(linker: Linker) -> None:
    linked = linker.link("orders in Hamburg")
    assert linked.text == "orders in <v1>"
    assert [(r.table, r.column) for r in linked.slots[0].readings] == [
        ("customers", "city"),
        ("warehouses", "city"),
    ]
    assert linked.hits == ()


def test_a_value_that_holds_a_date_is_a_value(linker: Linker) -> None:
    linked = linker.link("Spring Bloom 2025 revenue in 2025")
    assert linked.text == "<v1> revenue <d1>"


def test_numbers_inside_dates_and_values_are_not_numbers(linker: Linker) -> None:
    assert slots(linker.link("orders in the last 30 days of Spring Bloom 2025")).keys() == {"d1", "v1"}


def test_slots_of_a_kind_are_numbered_from_left_to_right(linker: Linker) -> None:
    linked = linker.link("Coffee in Hamburg, Germany: top 3 of 7")
    assert slots(linked) == {
        "v1": ["Coffee"],
        "v2": ["Hamburg", "Hamburg"],
        "v3": ["Germany"],
        "n1": 3,
        "n2": 7,
    }


def test_spans_point_into_the_question(linker: Linker) -> None:
    linked = linker.link("Top 3 for  Germany   in March")
    assert [linked.question[slot.start : slot.end] for slot in linked.slots] == ["3", "Germany", "in March"]
    assert linked.question == "Top 3 for  Germany   in March"


def test_a_slot_is_found_by_its_name(linker: Linker) -> None:
    linked = linker.link("orders in Germany")
    assert linked.slot("v1") is linked.slots[0]
    assert linked.slot("v2") is None


def test_questions_that_differ_in_literals_alone_look_alike_when_masked(linker: Linker) -> None:
    one = masked(linker.link("Revenue of Coffee in March, top 5"))
    other = masked(linker.link("revenue of espresso machines in 2024, top ten"))
    assert one == other == "revenue of category last month, top 10"
    assert masked(linker.link("revenue in Hamburg since March")) == "revenue in city since march"


def test_two_questions_do_not_share_what_was_found(linker: Linker) -> None:
    first = linker.link("orders in Germany")
    linker.link("orders in Hamburg")
    assert linker.link("orders in Germany") == first


def test_strange_input_is_linked_without_an_error(linker: Linker) -> None:
    for question in ("\x00", "İstanbul İzmir last month", "🦜" * 50, "a" * 5000, "<v1> <d1>", "' \" \u2019"):
        assert isinstance(linker.link(question).text, str)
