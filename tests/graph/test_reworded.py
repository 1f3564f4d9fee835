"""What may be another wording of a verified question, and what only looks like one."""

from collections.abc import Iterator

import pytest

from graph.shape import asks_the_same
from graph.verified import is_reworded
from graph.vocabulary import Vocabulary
from knowledge.examples import Example
from knowledge.link import Linker
from tests.graph.followup_shop import TERMS, make_shop

BY_COUNTRY = (
    "SELECT co.name, SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
    "JOIN countries co ON co.country_id = c.country_id GROUP BY 1"
)
KNOWN = Example("revenue by country", BY_COUNTRY, by="Olga")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Vocabulary, Linker]]:
    database, schema, linker = make_shop(tmp_path_factory.mktemp("shop") / "shop.sqlite")
    yield Vocabulary(schema, TERMS), linker
    database.close()


@pytest.mark.parametrize(
    ("text", "known", "same"),
    [
        ("highest revenue first", "revenue, best on top", True),
        ("orders not paid", "unpaid orders", True),
        ("which plan has the most subscribers", "subscribers per plan", False),
        ("countries with more than one supplier", "suppliers by country", False),
        ("customers without orders", "customers with orders", False),
        ("customers with orders", "customers without orders", False),
        ("average price", "price", False),
        ("share of paid orders", "paid orders", False),
        ("subscribers per plan", "plan with the most subscribers", True),
    ],
)
def test_form_is_compared_word_by_word(text: str, known: str, same: bool) -> None:
    assert asks_the_same(text, known) is same


@pytest.mark.parametrize(
    ("question", "similarity", "example", "told"),
    [
        ("sales for each country", 0.9, KNOWN, True),
        ("sales for each country", 0.6, KNOWN, False),
        ("sales for each country", 0.9, Example("revenue by country", BY_COUNTRY), False),
        ("country with the highest revenue", 0.9, KNOWN, False),
        ("revenue by country above 100", 0.9, KNOWN, False),
    ],
)
def test_only_a_near_question_of_the_same_form_is_another_wording(
    shop: tuple[Vocabulary, Linker], question: str, similarity: float, example: Example, told: bool
) -> None:
    vocabulary, linker = shop
    linked = linker.link(question)
    assert is_reworded(example, BY_COUNTRY, similarity, linked, linker, vocabulary) is told
