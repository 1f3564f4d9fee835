"""What follow-ups are read as: pure functions of the turn before and the words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from graph.followup import Follower, PastTurn
from graph.followup.edits import KINDS
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.link import Linker
from knowledge.schema import Schema
from tests.conftest import TODAY
from tests.graph.followup_shop import RULES, TERMS, make_shop

_COUNTRIES = (
    "FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
    "JOIN countries co ON co.country_id = c.country_id WHERE "
)
_OCTOBER = "o.ordered_at >= '2025-10-01' AND o.ordered_at < '2025-11-01'"
_YEAR = "o.ordered_at >= '2025-01-01' AND o.ordered_at < '2026-01-01'"
TURNS = {
    "revenue by country this year": f"SELECT co.name, SUM(o.amount) {_COUNTRIES}{_YEAR} GROUP BY 1",
    "revenue in germany last month": (
        f"SELECT SUM(o.amount) {_COUNTRIES}co.name = 'Germany' AND {_OCTOBER} AND c.is_test = 0"
    ),
    "how many orders did we get in october?": f"SELECT COUNT(*) FROM orders o WHERE {_OCTOBER}",
    "web orders per month this year": (
        f"SELECT STRFTIME('%Y-%m', o.ordered_at), COUNT(*) FROM orders o WHERE o.channel = 'web' AND {_YEAR} "
        "GROUP BY 1 ORDER BY 1"
    ),
    "top 10 products by revenue": (
        "SELECT p.name, SUM(o.amount) FROM orders o JOIN products p ON p.product_id = o.product_id "
        "GROUP BY 1 ORDER BY 2 DESC LIMIT 10"
    ),
    "which products have a price of more than 10?": "SELECT p.name FROM products p WHERE p.price > 10",
    "revenue in germany, france and in austria by channel": (
        f"SELECT o.channel, SUM(o.amount) {_COUNTRIES}co.name IN ('Germany', 'France', 'Austria') GROUP BY 1"
    ),
    "orders from germany of the web shop and orders from france": (
        f"SELECT COUNT(*) {_COUNTRIES}co.name IN ('Germany', 'France')"
    ),
}
COUNTRY, GERMANY, ORDERS, WEB, TOP, PRICE, LISTED, APART = TURNS


class Shop(NamedTuple):
    follower: Follower
    database: Database
    schema: Schema
    linker: Linker


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    database, schema, linker = make_shop(tmp_path_factory.mktemp("followup") / "shop.sqlite")
    yield Shop(Follower(schema, TERMS, RULES, linker, FrozenClock(TODAY)), database, schema, linker)
    database.close()


def turn(question: str, sql: str | None = None, kind: str = "answered") -> PastTurn:
    return {
        "question": question,
        "composed": question,
        "sql": TURNS[question] if sql is None else sql,
        "kind": kind,
        "columns": [],
        "confidence": 0.6,
    }


READ_AS = [
    (COUNTRY, "only germany", "revenue for germany by country this year"),
    (COUNTRY, "just germany and france please", "revenue for germany and france by country this year"),
    (COUNTRY, "by month", "revenue by month this year"),
    (COUNTRY, "also by channel", "revenue by country and channel this year"),
    (COUNTRY, "per channel instead of country", "revenue by channel this year"),
    (COUNTRY, "in total", "revenue this year"),
    (COUNTRY, "and last year?", "revenue by country last year"),
    (COUNTRY, "top 2", "top 2 countries by revenue this year"),
    (COUNTRY, "which of them is the lowest?", "which country has the lowest revenue this year"),
    (COUNTRY, "only business customers", "revenue of business customers by country this year"),
    (COUNTRY, "without austria", "revenue by country this year, without austria"),
    (COUNTRY, "same for refunds", "refund amount by country this year"),
    (COUNTRY, "no, I meant gross", "gross sales by country this year"),
    (COUNTRY, "and the average order value?", "average order value by country this year"),
    (COUNTRY, "add the number of orders", "revenue and number of orders by country this year"),
    (COUNTRY, "as a share", "revenue by country this year, as a share of the total"),
    (COUNTRY, "as a bar chart", "revenue by country this year"),
    (COUNTRY, "highest first", "revenue by country this year, highest first"),
    (COUNTRY, "only thsoe over 100", "revenue by country this year, only those with more than 100"),
    (GERMANY, "and france?", "revenue in france last month"),
    (GERMANY, "no, not germany, france", "revenue in france last month"),
    (GERMANY, "back to all countries", "revenue last month"),
    (GERMANY, "the year before", "revenue in germany in October 2024"),
    (GERMANY, "and last year?", "revenue in germany in October 2024"),
    (GERMANY, "and the one before?", "revenue in germany in September 2025"),
    (GERMANY, "and this month?", "revenue in germany this month"),
    (GERMANY, "compared to the month before", "revenue in germany last month vs in September 2025"),
    (ORDERS, "not orders, customers", "how many customers did we get in october"),
    (ORDERS, "in euros, not the count", "revenue did we get in october"),
    (ORDERS, "only web", "how many web orders did we get in october"),
    (ORDERS, "which ones?", "which orders did we get in october"),
    (WEB, "and for the app?", "app orders per month this year"),
    (WEB, "not just web", "orders per month this year"),
    (WEB, "weekly", "web orders by week this year"),
    (TOP, "top 3 is enough", "top 3 products by revenue"),
    (TOP, "make it 20", "top 20 products by revenue"),
    (TOP, "by average order value instead", "top 10 products by average order value"),
    (TOP, "just the first one", "top 1 products by revenue"),
    (
        PRICE,
        "sort them by price, lowest first",
        "which products have a price of more than 10, sorted by price",
    ),
    (PRICE, "and over 50?", "which products have a price of more than 50"),
    (LISTED, "only france", "revenue in france by channel"),
    (LISTED, "just germany and austria", "revenue in germany and austria by channel"),
    (LISTED, "all countries", "revenue by channel"),
    (APART, "and austria?", "orders from austria of the web shop and orders"),
    (PRICE, "how many are they?", "how many products have a price of more than 10"),
    (
        PRICE,
        "what are their categories?",
        "which products have a price of more than 10, with their categories",
    ),
]


@pytest.mark.parametrize(("before", "said", "whole"), READ_AS)
def test_a_follow_up_is_read_as_a_whole_question(shop: Shop, before: str, said: str, whole: str) -> None:
    found = shop.follower.follow(said, [turn(before)])
    assert found is not None
    assert found.question == whole
    assert found.sure


EDITED = [
    (COUNTRY, "only germany", "SELECT co.name, SUM(o.amount) {} AND co.name = 'Germany' GROUP BY 1"),
    (COUNTRY, "without austria", "SELECT co.name, SUM(o.amount) {} AND co.name <> 'Austria' GROUP BY 1"),
    (COUNTRY, "top 2", "SELECT co.name, SUM(o.amount) {} GROUP BY 1 ORDER BY 2 DESC LIMIT 2"),
    (COUNTRY, "the worst one", "SELECT co.name, SUM(o.amount) {} GROUP BY 1 ORDER BY 2 ASC LIMIT 1"),
    (COUNTRY, "no, I meant gross", "SELECT co.name, SUM(o.gross) {} GROUP BY 1"),
    (
        COUNTRY,
        "only those over 100",
        "SELECT co.name, SUM(o.amount) {} GROUP BY 1 HAVING SUM(o.amount) > 100",
    ),
    (
        COUNTRY,
        "only business customers",
        "SELECT co.name, SUM(o.amount) {} AND NOT c.company IS NULL GROUP BY 1",
    ),
    (COUNTRY, "add the number of orders", "SELECT co.name, SUM(o.amount), COUNT(*) {} GROUP BY 1"),
    (COUNTRY, "in total", "SELECT SUM(o.amount) {}"),
    (
        COUNTRY,
        "as a share",
        "SELECT co.name, 100.0 * SUM(o.amount) / NULLIF(SUM(SUM(o.amount)) OVER (), 0) AS share {} "
        "GROUP BY 1",
    ),
    (
        COUNTRY,
        "also by tier",
        "SELECT co.name, c.tier, SUM(o.amount) {} GROUP BY co.name, c.tier",
    ),
]


@pytest.mark.parametrize(("before", "said", "sql"), EDITED)
def test_the_statement_before_is_edited(shop: Shop, before: str, said: str, sql: str) -> None:
    found = shop.follower.follow(said, [turn(before)])
    assert found is not None
    rows = (
        "FROM orders AS o JOIN customers AS c ON c.customer_id = o.customer_id JOIN countries AS co ON "
        f"co.country_id = c.country_id WHERE {_YEAR}"
    )
    assert found.sql == sql.format(rows)


def test_a_value_brings_its_table_along(shop: Shop) -> None:
    found = shop.follower.follow("only in germany", [turn(ORDERS)])
    assert found is not None
    assert " JOIN countries AS " in found.sql
    assert shop.database.run(found.sql).rows == ((2,),)


def test_an_alias_that_is_taken_is_not_used_again(shop: Shop) -> None:
    sql = "SELECT COUNT(*) FROM orders o JOIN customers c ON c.customer_id = o.customer_id"
    found = shop.follower.follow("only in germany", [turn("how many orders are there", sql)])
    assert found is not None
    assert shop.database.run(found.sql).rows == ((4,),)


def test_a_missing_value_is_not_taken_for_another(shop: Shop) -> None:
    """Rows without a tier are not gold, so they stay."""
    sql = "SELECT COUNT(*) FROM customers c"
    found = shop.follower.follow("without gold", [turn("how many customers are there", sql)])
    assert found is not None
    assert shop.database.run(found.sql).rows == ((2,),)


def test_a_measure_of_another_table_is_left_to_the_model(shop: Shop) -> None:
    """Refunds summed over the rows of orders would be counted more than once."""
    found = shop.follower.follow("same for refunds", [turn(COUNTRY)])
    assert found is not None
    assert found.sql == ""


def test_rows_of_groups_are_looked_up_by_their_key(shop: Shop) -> None:
    found = shop.follower.follow("what is their price?", [turn(TOP)])
    assert found is not None
    assert set(shop.database.run(found.sql).rows) == {
        ("Espresso Beans", 12.5), ("Green Tea", 8.0), ("Grinder", 99.0),
    }  # fmt: skip


def test_another_event_moves_the_period_to_its_date(shop: Shop) -> None:
    sql = f"SELECT COUNT(*) FROM orders o WHERE {_OCTOBER}"
    found = shop.follower.follow("sorry, not placed. paid", [turn("orders placed in october", sql)])
    assert found is not None
    assert found.question == "orders paid in october"
    assert shop.database.run(found.sql).rows == ((1,),)


def test_a_filter_of_a_rule_that_is_lifted_goes(shop: Shop) -> None:
    found = shop.follower.follow("including test accounts", [turn(GERMANY)])
    assert found is not None
    assert found.question == "revenue in germany last month, including test accounts"
    assert "is_test" not in found.sql


WHOLE = [
    "how many customers signed up last month?",
    "and how many refunds did we get last year?",
    "which products are in the category tea?",
    "what is our revenue per channel?",
    "who has the highest revenue",
    "revenue by month",
    "gold customers in france",
    "list all products with their price",
    "just wondering, how many customers do we have",
    "why did people return their orders?",
    "top 5 customers by revenue last year",
    "refunds of this year",
    "how many orders have not been paid yet",
    "show me the orders that were placed by phone",
    "customers without an order",
]


@pytest.mark.parametrize("question", WHOLE)
@pytest.mark.parametrize("before", [COUNTRY, ORDERS, PRICE])
def test_a_whole_question_is_left_alone(shop: Shop, before: str, question: str) -> None:
    assert shop.follower.follow(question, [turn(before)]) is None


def test_the_first_question_of_a_thread_follows_nothing(shop: Shop) -> None:
    assert shop.follower.follow("by month", []) is None


def test_a_turn_without_an_answer_is_skipped(shop: Shop) -> None:
    past = [turn(GERMANY), turn("how tall are the customers", "", "unanswered")]
    found = shop.follower.follow("and france?", past)
    assert found is not None
    assert found.question == "revenue in france last month"


def test_a_correction_may_mean_a_turn_without_an_answer(shop: Shop) -> None:
    past = [turn(GERMANY), turn("sales by country", "", "unanswered")]
    found = shop.follower.follow("no, I meant gross", past)
    assert found is not None
    assert found.question == "gross sales by country"
    assert found.sql == ""


def test_going_back_asks_the_question_before_the_last(shop: Shop) -> None:
    found = shop.follower.follow("ok, go back", [turn(COUNTRY), turn(GERMANY)])
    assert found is not None
    assert (found.question, found.sql) == (COUNTRY, TURNS[COUNTRY])


@pytest.mark.parametrize("said", ["why?", "why is that so low?", "what explains this?", "how come?"])
def test_a_cause_is_told_apart(shop: Shop, said: str) -> None:
    found = shop.follower.follow(said, [turn(COUNTRY)])
    assert found is not None
    assert found.why


def test_what_is_only_half_understood_is_put_behind(shop: Shop) -> None:
    found = shop.follower.follow("and only with ribbons", [turn(COUNTRY)])
    assert found is not None
    assert (found.question, found.sql, found.sure) == (
        "revenue by country this year, only with ribbons",
        "",
        False,
    )


def test_a_statement_with_parts_of_its_own_is_not_edited(shop: Shop) -> None:
    sql = "WITH g AS (SELECT * FROM orders) SELECT COUNT(*) FROM g"
    found = shop.follower.follow("only web", [turn("how many orders", sql)])
    assert found is not None
    assert found.sql == ""


@pytest.mark.parametrize(
    ("dialect", "said", "written"),
    [
        ("postgres", "by month", "TO_CHAR(CAST(o.ordered_at AS TIMESTAMP), 'YYYY-MM') AS month"),
        ("postgres", "by week", ""),
        ("mysql", "by month", "DATE_FORMAT(o.ordered_at, '%Y-%m') AS month"),
        ("duckdb", "by day", "CAST(o.ordered_at AS DATE) AS day"),
        ("duckdb", "by quarter", ""),
    ],
)
def test_a_grain_is_written_in_the_dialect_or_left_to_the_model(
    shop: Shop, dialect: str, said: str, written: str
) -> None:
    schema = replace(shop.schema, dialect=dialect)
    follower = Follower(schema, TERMS, RULES, shop.linker, FrozenClock(TODAY))
    found = follower.follow(said, [turn(ORDERS)])
    assert found is not None
    assert written in found.sql
    assert bool(found.sql) == bool(written)


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
