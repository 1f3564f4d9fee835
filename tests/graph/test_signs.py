"""What a question names and a statement does not touch; forms that go against the question's words."""

from collections.abc import Iterator

import pytest
import sqlglot

from graph import shape
from graph.signs import UNKNOWN, signs
from graph.vocabulary import Vocabulary
from knowledge.link import Linker
from tests.graph.followup_shop import TERMS, make_shop

BY_COUNTRY = (
    "SELECT co.name, SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
    "JOIN countries co ON co.country_id = c.country_id GROUP BY 1"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Vocabulary, Linker]]:
    database, schema, linker = make_shop(tmp_path_factory.mktemp("shop") / "shop.sqlite")
    yield Vocabulary(schema, TERMS), linker
    database.close()


@pytest.mark.parametrize(
    ("question", "sql", "uncovered"),
    [
        ("revenue by country", BY_COUNTRY, 0),
        ("revenue by country", "SELECT SUM(o.amount) FROM orders o", 1),
        ("how many customers", "SELECT COUNT(*) FROM customers c", 0),
        ("how many customers", "SELECT COUNT(*) FROM orders o", 1),
    ],
)
def test_names_in_the_question_that_the_statement_does_not_touch(
    shop: tuple[Vocabulary, Linker], question: str, sql: str, uncovered: int
) -> None:
    vocabulary, linker = shop
    assert signs(sql, linker.link(question), vocabulary).uncovered == uncovered


def test_what_does_not_parse_tells_nothing(shop: tuple[Vocabulary, Linker]) -> None:
    vocabulary, linker = shop
    assert signs("SELECT FROM (", linker.link("revenue"), vocabulary) is UNKNOWN


def test_forms_against_the_question_are_counted(shop: tuple[Vocabulary, Linker]) -> None:
    vocabulary, linker = shop
    sql = "SELECT c.name, COUNT(*) FROM customers c GROUP BY 1 ORDER BY 2 LIMIT 5"
    assert signs(sql, linker.link("average revenue of the biggest customers"), vocabulary).against == 3


CASES = {
    shape.sorts: (
        ("the biggest ones", "SELECT a FROM t ORDER BY a LIMIT 5", "SELECT a FROM t ORDER BY a DESC LIMIT 5"),
        ("the cheapest", "SELECT a FROM t ORDER BY a DESC LIMIT 1", "SELECT a FROM t ORDER BY a LIMIT 1"),
    ),
    shape.limits: (
        ("top <n1> customers", "SELECT a FROM t ORDER BY a DESC", "SELECT a FROM t ORDER BY a DESC LIMIT 5"),
    ),
    shape.negates: (
        (
            "customers without an order",
            "SELECT a FROM t",
            "SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.a = t.a)",
        ),
        (
            "customers with an order",
            "SELECT a FROM t WHERE NOT a IN (SELECT a FROM u)",
            "SELECT a FROM t WHERE a IN (SELECT a FROM u)",
        ),
        ("unpaid orders", "SELECT COUNT(*) FROM t", "SELECT COUNT(*) FROM t WHERE a IS NULL"),
        ("orders not paid", "SELECT COUNT(*) FROM t", "SELECT COUNT(*) FROM t LEFT JOIN u ON u.a = t.a"),
    ),
    shape.groups: (
        ("revenue by country", "SELECT SUM(a) FROM t", "SELECT b, SUM(a) FROM t GROUP BY b"),
        ("how many orders", "SELECT b, COUNT(*) FROM t GROUP BY b", "SELECT COUNT(*) FROM t"),
    ),
    shape.extremes: (
        (
            "the smallest one",
            "SELECT a FROM t WHERE b = (SELECT MAX(b) FROM t)",
            "SELECT a FROM t WHERE b = (SELECT MIN(b) FROM t)",
        ),
    ),
    shape.names: (
        ("how many products are there", "SELECT p.name FROM products p", "SELECT COUNT(*) FROM products p"),
        ("how big is it", "SELECT p.name FROM products p", "SELECT p.price FROM products p"),
    ),
    shape.figures: (
        (
            "which product has the highest price",
            "SELECT p.price FROM products p ORDER BY p.price DESC LIMIT 1",
            "SELECT p.name FROM products p ORDER BY p.price DESC LIMIT 1",
        ),
        (
            "which order is the latest",
            "SELECT o.amount FROM orders o ORDER BY o.ordered_at DESC LIMIT 1",
            "SELECT o.order_id FROM orders o ORDER BY o.ordered_at DESC LIMIT 1",
        ),
    ),
    shape.counts: (
        ("revenue last month", "SELECT COUNT(*) FROM t", "SELECT SUM(a) FROM t"),
    ),
    shape.averages: (
        ("average amount", "SELECT SUM(a) FROM t", "SELECT AVG(a) FROM t"),
        ("mean amount", "SELECT SUM(a) FROM t", "SELECT SUM(a) / COUNT(*) FROM t"),
    ),
    shape.shares: (
        ("what share is open", "SELECT COUNT(*) FROM t", "SELECT AVG(a = 1) FROM t"),
        ("discount percent", "SELECT a FROM t", "SELECT discount_pct FROM t"),
    ),
    shape.measures_time: (
        (
            "how many days until it is sent",
            "SELECT AVG((JULIANDAY(b) - JULIANDAY(a)) * 24) FROM t",
            "SELECT AVG(JULIANDAY(b) - JULIANDAY(a)) FROM t",
        ),
        (
            "how many hours until it is sent",
            "SELECT AVG(JULIANDAY(b) - JULIANDAY(a)) FROM t",
            "SELECT AVG((JULIANDAY(b) - JULIANDAY(a)) * 24) FROM t",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("check", "text", "against", "fitting"),
    [
        pytest.param(check, *case, id=f"{check.__name__}-{case[0]}")
        for check, cases in CASES.items()
        for case in cases
    ],
)
def test_a_form_is_held_against_the_words(
    shop: tuple[Vocabulary, Linker], check: shape.Check, text: str, against: str, fitting: str
) -> None:
    vocabulary, _ = shop
    assert check(sqlglot.parse_one(against, dialect="sqlite"), text, vocabulary)
    assert not check(sqlglot.parse_one(fitting, dialect="sqlite"), text, vocabulary)


def test_every_form_has_a_case() -> None:
    assert set(CASES) == set(shape.CHECKS)
