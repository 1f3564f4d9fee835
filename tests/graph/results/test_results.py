# ruff: noqa: E501
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from graph.checks import CheckContext
from graph.results import RESULT_CHECKS, Remarks, Seen, look
from knowledge.clock import FrozenClock
from knowledge.glossary import Term
from knowledge.result import Result
from knowledge.rules import Rule
from tests.conftest import shop_schema

TERMS = (
    Term("revenue", "Sales.", unit="EUR", metric=("SUM(orders.amount)",)),
    Term("price level", "Price.", unit="EUR", metric=("AVG(products.price)",)),
    Term(
        "paid rate",
        "Paid.",
        unit="%",
        metric=("100.0 * SUM(orders.amount) / NULLIF(SUM(products.price), 0)",),
    ),
    Term("city", "Where.", column="customers.city"),
    Term("status", "How far.", column="orders.status"),
    Term("customer", "Who.", table="customers"),
)
LONDON = frozenset({("customers", "city", "London")})


def seen(
    sql: str, *rows: tuple[Any, ...], question: str = "", rules: tuple[Rule, ...] = (), **more: Any
) -> Remarks:
    """What is said of rows that a statement gave."""
    tree = sqlglot.parse_one(sql, dialect="sqlite")
    assert isinstance(tree, exp.Query)
    context = CheckContext(shop_schema(), rules, question, FrozenClock(dt.date(2025, 11, 14)), TERMS)
    names = tuple(item.alias_or_name or f"c{n}" for n, item in enumerate(tree.selects))
    return look(Seen(Result(names, rows, truncated=more.pop("truncated", False)), tree, context, **more))


def against(remarks: Remarks) -> list[str]:
    return [finding.check for finding in remarks.findings]


def told(remarks: Remarks) -> list[str]:
    return [note.check for note in remarks.notes]


LONDONERS = "SELECT o.order_id FROM orders o JOIN customers c ON c.customer_id = o.customer_id WHERE c.city = 'London' AND o.amount > 999"


def test_no_rows_for_a_value_that_is_stored_speaks_against_the_result() -> None:
    remarks = seen(LONDONERS, values=LONDON)
    assert against(remarks) == ["empty"]
    assert str(remarks.findings[0]) == (
        "customers.city = 'London' is there, but no row matches that and the other conditions"
    )


def test_a_count_of_none_is_an_answer_and_only_a_note() -> None:
    remarks = seen(LONDONERS.replace("o.order_id", "COUNT(*)", 1), (0,), values=LONDON)
    assert (against(remarks), told(remarks)) == ([], ["empty"])


def test_no_rows_without_a_known_value_are_just_no_rows() -> None:
    assert seen(LONDONERS) == Remarks()
    assert seen(LONDONERS, (1,), values=LONDON) == Remarks()


def test_a_column_without_values_is_told_and_a_result_without_any_doubted() -> None:
    sql = "SELECT c.name, MAX(o.amount) AS most FROM customers c LEFT JOIN orders o ON o.customer_id = c.customer_id GROUP BY 1"
    half = seen(sql, ("Ada", None), ("Max", None))
    assert (against(half), [str(note) for note in half.notes]) == ([], ["most is empty in every row"])
    assert against(seen("SELECT SUM(o.amount) FROM orders o", (None,))) == ["empty_columns"]


@pytest.mark.parametrize("cell", [-1, -0.5, Decimal("-3.20")])
def test_money_below_zero_is_doubted(cell: Any) -> None:
    remarks = seen(
        "SELECT o.status, SUM(o.amount) AS revenue FROM orders o GROUP BY 1", ("a", 5), ("b", cell)
    )
    assert [str(finding) for finding in remarks.findings] == ["revenue is money, and below zero in 1 row"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT SUM(o.amount) - SUM(p.price) FROM orders o JOIN products p ON p.product_id = o.product_id",
        "SELECT -SUM(o.amount) FROM orders o",
        "SELECT o.order_id FROM orders o",
        "SELECT * FROM orders o",
    ],
)
def test_what_may_be_below_zero_is_not_doubted(sql: str) -> None:
    assert against(seen(sql, (-4,))) == []


SHARES = {
    "SELECT SUM(CASE WHEN o.status = 'paid' THEN 1 ELSE 0 END) * 1.0 / COUNT(*) FROM orders o": (0.4, 1.2),
    "SELECT 100.0 * SUM(CASE WHEN o.status = 'paid' THEN o.amount ELSE 0 END) / SUM(o.amount) FROM orders o": (
        99.9,
        130,
    ),
    "SELECT ROUND(100.0 * COUNT(CASE WHEN o.status = 'paid' THEN 1 END) / NULLIF(COUNT(*), 0), 1) FROM orders o": (
        100,
        101,
    ),
    "SELECT AVG(o.status = 'paid') FROM orders o": (1, 1.01),
    "SELECT 100 * AVG(CASE WHEN o.status = 'paid' THEN 1.0 ELSE 0 END) FROM orders o": (77, -1),
    "SELECT 100.0 * SUM(o.amount) / NULLIF(SUM(p.price), 0) FROM orders o JOIN products p ON p.product_id = o.product_id": (
        50,
        300,
    ),
}


@pytest.mark.parametrize("sql", SHARES)
def test_a_share_is_no_more_than_the_whole(sql: str) -> None:
    fine, wrong = SHARES[sql]
    assert against(seen(sql, (fine,))) == []
    assert against(seen(sql, (wrong,))) == ["shares"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 100.0 * (SUM(o.amount) - SUM(p.price)) / SUM(p.price) FROM orders o JOIN products p ON p.product_id = o.product_id",
        "SELECT SUM(o.amount) / COUNT(*) FROM orders o",
        "SELECT SUM(CASE WHEN o.status = 'paid' THEN o.amount ELSE 0 END) / COUNT(*) FROM orders o",
        "SELECT SUM(CASE WHEN o.status = 'a' THEN 1 ELSE 0 END) * 1.0 / SUM(CASE WHEN o.status = 'b' THEN 1 ELSE 0 END) FROM orders o",
        "SELECT AVG(o.amount) FROM orders o",
    ],
)
def test_a_ratio_of_different_things_may_be_any_number(sql: str) -> None:
    assert against(seen(sql, (217.5,))) == []


def test_a_rule_says_what_a_column_or_a_metric_may_be() -> None:
    rule = Rule("sane", "Sane figures.", range={"orders.amount": "0..500", "revenue": "..10000"})
    sql = "SELECT o.status, AVG(o.amount) AS average, SUM(o.amount) AS revenue FROM orders o GROUP BY 1"
    assert against(seen(sql, ("a", 20, 400), rules=(rule,))) == []
    remarks = seen(sql, ("a", 900, 40000), rules=(rule,))
    assert [str(finding) for finding in remarks.findings] == [
        "the rule sane lets orders.amount be 0..500, and 900 is not",
        "the rule sane lets revenue be ..10000, and 40,000 is not",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "revenue by city",
        "top 5 cities",
        "orders by month",
        "revenue month by month",
        "orders for each status",
        "grouped by customer",
    ],
)
def test_one_figure_is_no_list(question: str) -> None:
    remarks = seen("SELECT SUM(o.amount) AS revenue FROM orders o", (120,), question=question)
    assert [str(finding) for finding in remarks.findings] == [
        "the question asks for several rows, and this is one figure for all of them"
    ]
    assert (
        against(seen("SELECT o.status, SUM(o.amount) FROM orders o GROUP BY 1", ("a", 1), question=question))
        == []
    )


@pytest.mark.parametrize(
    "question",
    [
        "revenue in October",
        "orders placed by customers in London",
        "average orders by month",
        "orders of the last 3 months",
        "the top city",
    ],
)
def test_one_figure_may_be_what_was_asked_for(question: str) -> None:
    assert against(seen("SELECT SUM(o.amount) AS revenue FROM orders o", (120,), question=question)) == []


def test_rows_that_were_cut_off_are_told() -> None:
    remarks = seen("SELECT o.order_id FROM orders o", *((n,) for n in range(1000)), truncated=True)
    assert [str(note) for note in remarks.notes] == [
        "there are more than these 1,000 rows, so do not add them up"
    ]


def test_a_rule_may_skip_a_check_that_does_not_fit() -> None:
    skip = Rule("bookings", "Bookings may be negative.", skip=("negative_money",))
    assert seen("SELECT SUM(o.amount) FROM orders o", (-1,), rules=(skip,)) == Remarks()


@pytest.mark.parametrize("check", RESULT_CHECKS)
def test_every_check_tells_when_it_applies_what_violates_it_and_what_it_says(check: Any) -> None:
    heads = ["Applies when:", "Violated when:", "Says:"]
    assert [head for head in heads if head in check.__doc__] == heads
