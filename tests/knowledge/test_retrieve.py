"""What is found for a question, with the fake embedder."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.cards import Card
from knowledge.clock import FrozenClock
from knowledge.errors import IndexingError
from knowledge.examples import Example
from knowledge.glossary import Term
from knowledge.index import Index
from knowledge.link import Linker
from knowledge.retrieve import Retriever, shape_of
from knowledge.value_keys import Keys, ValueColumn
from knowledge.values import Values
from knowledge.words import key
from tests.conftest import FakeEmbedder

TEXTS = {
    "orders": "what people bought",
    "customers": "who buys",
    "tickets": "questions to the support",
    "zebras": "zzz",
    "warehouses": "where goods lie",
    "products": "what we sell",
    "tags": "words for products",
    "payroll": "wages",
}
CARDS = tuple(Card(name, text, name, gist=f"{name}: {text}") for name, text in TEXTS.items())
TERMS = (
    Term(
        "revenue",
        "money that came in",
        synonyms=("turnover",),
        metric=("SUM(orders.amount)",),
        date="orders.day",
    ),
    Term("gross revenue", "with tax", metric=("SUM(orders.gross)",)),
    Term("customer", "who buys", synonyms=("client",), table="customers"),
)
EXAMPLES = (
    Example("turnover in Berlin", "SELECT 1", by="ada", on="2025-01-01"),
    Example("open tickets", "SELECT 2"),
)
PAIRS = (Example("number of clients in Paris", "SELECT 3", origin="taught"),)
OTHER_PAIRS = (Example("number of clients in Berlin", "SELECT 4", origin="taught"),)


class CountingEmbedder(FakeEmbedder):
    calls = 0

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        self.calls += 1
        return super().embed(texts)


def make_linker() -> Linker:
    keys = Keys([ValueColumn("warehouses", "city", enum=False), ValueColumn("tickets", "status", enum=True)])
    for city in ("Berlin", "Paris", "Wuppertal"):
        keys.add(key(city), 0, city, 1.0)
    keys.add("open", 1, "open", 1.0)
    return Linker(Values(keys, set()), FrozenClock(date(2025, 11, 14)))


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    embedder, linker = CountingEmbedder(), make_linker()
    index = Index.open(tmp_path, embedder)
    index.sync("card", CARDS)
    index.sync("term", TERMS)
    index.sync("example", EXAMPLES, text=shape_of(linker))
    index.sync("pair-1", PAIRS, text=shape_of(linker))
    index.sync("pair-2", OTHER_PAIRS, text=shape_of(linker))
    embedder.calls = 0
    return Retriever(index, linker, embedder, CARDS, TERMS, pairs="pair-1")


def test_one_call_of_the_embedder_serves_a_question(retriever: Retriever) -> None:
    retriever.retrieve("revenue in Berlin")
    assert isinstance(retriever.embedder, CountingEmbedder)
    assert retriever.embedder.calls == 1


def test_tables_of_values_and_of_named_terms_come_first(retriever: Retriever) -> None:
    found = retriever.retrieve("open questions of clients in Wuppertal")
    assert [card.table for card, _ in found.cards][:3] == ["warehouses", "tickets", "customers"]
    assert len(found.cards) == 6


def test_a_named_term_is_certain_and_the_longer_name_wins(retriever: Retriever) -> None:
    found = retriever.retrieve("gross revenue by client")
    assert [(term.term, score) for term, score in found.terms][:2] == [
        ("gross revenue", 1.0),
        ("customer", 1.0),
    ]


def test_a_question_is_like_an_example_with_other_literals(retriever: Retriever) -> None:
    example, score = retriever.retrieve("turnover in Wuppertal").examples[0]
    assert example == EXAMPLES[0]
    assert score == pytest.approx(1, abs=1e-3)


def test_taught_pairs_are_kept_apart_from_verified_examples(retriever: Retriever) -> None:
    found = retriever.retrieve("number of clients in Berlin")
    assert [pair for pair, _ in found.pairs] == list(PAIRS)
    assert found.pairs[0][1] == pytest.approx(1, abs=1e-3)
    assert {example.question for example, _ in found.examples} == {"turnover in Berlin", "open tickets"}


def test_pairs_of_another_specialist_are_not_found(retriever: Retriever) -> None:
    retriever.pairs = "pair-2"
    assert [pair for pair, _ in retriever.retrieve("number of clients in Rome").pairs] == list(OTHER_PAIRS)


def test_a_model_that_was_taught_nothing_has_no_pairs(retriever: Retriever) -> None:
    retriever.pairs = ""
    assert list(retriever.retrieve("number of clients in Rome").pairs) == []


def test_scores_fall_from_the_first_to_the_last(retriever: Retriever) -> None:
    scores = [score for _, score in retriever.retrieve("tickets that are open").examples]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 2


def test_what_left_the_knowledge_since_the_index_was_made_is_not_found(retriever: Retriever) -> None:
    fewer = Retriever(retriever.index, retriever.linker, retriever.embedder, CARDS[:1], ())
    found = fewer.retrieve("revenue of clients in Berlin")
    assert [card.table for card, _ in found.cards] == ["orders"]
    assert found.terms == []


def test_without_an_index_the_remedy_is_named(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    retriever = Retriever(Index.open(tmp_path / "none", embedder), make_linker(), embedder, CARDS, TERMS)
    with pytest.raises(IndexingError, match="quarry index"):
        retriever.retrieve("revenue")
