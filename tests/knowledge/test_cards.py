from knowledge.cards import BUDGET, Card, cards
from knowledge.glossary import Term
from knowledge.profile import ColumnProfile, Profiles, TableProfile
from knowledge.schema import Column, ForeignKey, Schema, Table

SCHEMA = Schema(
    "sqlite",
    (
        Table(
            "customers",
            (
                Column("customer_id", "INTEGER", False),
                Column("city", "TEXT"),
                Column("referred_by", "INTEGER"),
                Column("birthday", "DATE"),
            ),
            ("customer_id",),
        ),
        Table(
            "orders",
            (
                Column("order_id", "INTEGER", False),
                Column("customer_id", "INTEGER", False),
                Column("status", "TEXT", False),
                Column("channel", "TEXT", False),
                Column("team", "TEXT"),
                Column("priority", "INTEGER"),
                Column("is_gift", "INTEGER"),
                Column("ordered_at", "TIMESTAMP"),
                Column("net_amount", "REAL", comment="without VAT"),
            ),
            ("order_id",),
            "Every purchase.",
        ),
    ),
    (
        ForeignKey("customers", ("referred_by",), "customers", ("customer_id",)),
        ForeignKey("orders", ("customer_id",), "customers", ("customer_id",)),
    ),
)


def seen(*values: str | int, rows: int = 100, nulls: int = 0) -> ColumnProfile:
    return ColumnProfile(
        rows, nulls, len(values), tuple((value, 1) for value in values), values[0], values[-1]
    )


PROFILES = Profiles(
    SCHEMA.fingerprint,
    {
        "customers": TableProfile(
            4200, columns={"city": ColumnProfile(4200, 0, 300, (("Berlin", 90), ("Wien", 80)))}
        ),
        "orders": TableProfile(
            100,
            columns={
                "status": seen("P", "N"),
                "channel": seen("web", "app"),
                "team": seen("it", "support", nulls=25),
                "priority": seen(2, 1),
                "is_gift": seen(0, 1),
                "net_amount": ColumnProfile(100, 0, 90, (), 2.5, 99.0),
            },
        ),
    },
)
GLOSSARY = (
    Term("order", "One purchase.", ("sale",), table="orders"),
    Term("order status", "How far.", column="orders.status", values={"N": ("new", "fresh"), "P": ("paid",)}),
    Term("priority", "How urgent.", column="orders.priority", values={"1": ("urgent",), "2": ("normal",)}),
    Term("team", "Who.", column="orders.team", values={"it": ("IT people",)}),
    Term("is a gift", "Gift.", column="orders.is_gift", values={"1": ("gift",)}),
    Term("revenue", "Money.", metric=("SUM(orders.net_amount)",), unit="EUR"),
    Term("paid share", "Share.", metric=("100.0 * AVG(orders.status = 'P')",), unit="%"),
    Term("paid order", "Paid.", filter="orders.status = 'P'"),
)


def made(glossary: tuple[Term, ...] = GLOSSARY, budget: int = BUDGET) -> dict[str, Card]:
    return {card.table: card for card in cards(SCHEMA, PROFILES, glossary, budget=budget)}


def test_a_compact_card_names_all_columns_with_their_values() -> None:
    assert made()["orders"].compact == (
        "orders o: order_id customer_id status(N=new|P=paid) channel(web|app) team(it|support)"
        " priority(1=urgent|2=normal) is_gift ordered_at net_amount"
    )


def test_a_compact_card_tells_keys_and_dates_that_the_names_do_not() -> None:
    assert made()["customers"].compact == "customers c: customer_id city referred_by>customers birthday:date"


def test_codes_are_told_first_and_names_always() -> None:
    names = len("\n".join(card.compact for card in made(budget=0).values()))

    tight = made(budget=names + 20)

    assert "status(N=new|P=paid)" in tight["orders"].compact
    assert "channel " in tight["orders"].compact


def test_compact_cards_stay_in_their_budget() -> None:
    for budget in range(200, 320, 10):
        assert sum(len(card.compact) + 1 for card in made(budget=budget).values()) <= budget


def test_without_a_glossary_the_values_stand_alone() -> None:
    assert "status(P|N)" in made(glossary=())["orders"].compact


def test_a_card_tells_purpose_synonyms_and_size() -> None:
    text = made()["orders"].text

    assert text.startswith(
        "Table orders (o)\norder: One purchase. Also called sale.\nEvery purchase.\n100 rows\n"
    )


def test_a_card_tells_of_each_column_what_is_known() -> None:
    text = made()["orders"].text

    assert "- customer_id: INTEGER; points to customers.customer_id\n" in text
    assert "one of N (new, fresh), P (paid)\n" in text
    assert "- net_amount: REAL; without VAT; EUR; 2.5 to 99.0\n" in text
    assert "one of it (IT people), support; empty in 25%\n" in text
    assert "- city: TEXT; 300 values such as Berlin, Wien" in made()["customers"].text


def test_a_unit_belongs_to_the_column_that_is_added_up_and_to_no_other() -> None:
    status = next(line for line in made()["orders"].text.splitlines() if line.startswith("- status"))

    assert "%" not in status


def test_a_card_tells_how_its_table_joins() -> None:
    assert "Joins:\n- customers on o.customer_id = c.customer_id\n" in made()["orders"].text
    assert "Joins:\n- orders on o.customer_id = c.customer_id" in made()["customers"].text


def test_a_card_tells_the_terms_that_are_made_of_its_columns() -> None:
    text = made()["orders"].text

    assert "- revenue: SUM(orders.net_amount)\n" in text
    assert "- paid order: orders.status = 'P'" in text
    assert "Terms:" not in made()["customers"].text


def test_a_schema_that_was_not_profiled_still_has_cards() -> None:
    found = cards(SCHEMA, Profiles(SCHEMA.fingerprint))

    assert [card.table for card in found] == ["customers", "orders"]
    assert "status channel" in found[1].compact
