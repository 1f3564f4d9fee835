"""What a question's words may name, as a specialist reads it."""

import pytest

from graph.mentioned import MOST, mentioned
from graph.vocabulary import Vocabulary
from knowledge.glossary import Term
from knowledge.link import Linked
from knowledge.schema import Column, Schema, Table
from knowledge.values import ValueHit

SCHEMA = Schema(
    "sqlite",
    (
        Table("orders", (Column("order_id", "INTEGER"), Column("state", "TEXT"), Column("paid_at", "DATE"))),
        Table(
            "tickets", (Column("ticket_id", "INTEGER"), Column("state", "TEXT"), Column("rank", "INTEGER"))
        ),
        Table("order details", (Column("unit price", "REAL"),)),
    ),
)
TERMS = (
    Term("order", "A purchase.", ("purchase",), table="orders", verbs={"orders.paid_at": ("settled",)}),
    Term("takings", "Money.", ("turnover",), metric=('SUM("order details"."unit price")',)),
)
VOCABULARY = Vocabulary(SCHEMA, TERMS)


def hit(table: str, column: str, value: str, start: int = 0) -> ValueHit:
    return ValueHit(table, column, value, value, start, start + len(value), 1.0, True)


def of(text: str, *hits: ValueHit) -> tuple[str, ...]:
    return mentioned(Linked(text, text, (), hits), VOCABULARY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("all purchases", (" FROM orders o",)),
        ("what was settled", ("o.paid_at",)),
        ("turnover", ('od."unit price"',)),
        ("the turnover of settled purchases", ('od."unit price"', "o.paid_at", " FROM orders o")),
        ("nothing that is known", ()),
        ("turnover and turnover", ('od."unit price"',)),
    ],
)
def test_words_of_the_glossary_name_columns_and_tables(text: str, told: tuple[str, ...]) -> None:
    assert of(text) == told


def test_stored_values_come_first_with_all_their_readings() -> None:
    one, other = hit("orders", "state", "open", 0), hit("tickets", "state", "open", 0)
    assert of("open purchases", one, other) == ("o.state = 'open'/t.state = 'open'", " FROM orders o")


def test_values_come_in_the_order_of_the_question() -> None:
    hits = (hit("orders", "state", "paid", 9), hit("orders", "state", "open", 0))
    assert of("x", *hits) == ("o.state = 'open'", "o.state = 'paid'")


def test_a_number_stands_without_quotes_and_a_quote_is_doubled() -> None:
    assert of("x", hit("tickets", "rank", "1")) == ("t.rank = 1",)
    assert of("x", hit("orders", "state", "it's")) == ("o.state = 'it''s'",)


def test_words_of_too_many_meanings_say_nothing() -> None:
    columns = tuple(Column(name, "DATE") for name in ("due_day", "sent_day", "paid_day", "made_day"))
    vocabulary = Vocabulary(Schema("sqlite", (Table("bills", columns),)), ())
    assert mentioned(Linked("day", "day", (), ()), vocabulary) == ()


def test_no_more_than_some_are_told() -> None:
    hits = [hit("orders", "state", f"s{n}", n) for n in range(20)]
    assert len(of("x", *hits)) == MOST


def test_what_the_schema_no_longer_has_is_not_told() -> None:
    assert of("x", hit("gone", "state", "a"), hit("orders", "gone", "b", 3)) == ()
