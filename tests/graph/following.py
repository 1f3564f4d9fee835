"""The small shop with one example that is found for every question, and a specialist that follows."""

from pathlib import Path
from typing import Any

from graph.context import Context
from knowledge.cards import Card
from knowledge.clock import FrozenClock
from knowledge.examples import Example
from knowledge.link import Linker
from knowledge.retrieve import Retrieval
from tests.conftest import TODAY, FakeModel
from tests.graph.followup_shop import RULES, TERMS, make_shop


class Retriever:
    """Links for real."""

    def __init__(self, linker: Linker, example: Example, similarity: float) -> None:
        self.linker, self.example, self.similarity = linker, example, similarity

    def holding(self, words: object, linked: object) -> list[object]:
        return []

    def retrieve(self, question: str) -> Retrieval:
        card = Card("orders", "Orders of customers.", "orders o: order_id, amount")
        return Retrieval(self.linker.link(question), [(card, 0.9)], [], [(self.example, self.similarity)], [])


def shop_context(folder: Path, example: Example, similarity: float) -> Context:
    """Close its database."""
    database, schema, linker = make_shop(folder / "shop.sqlite")
    retriever: Any = Retriever(linker, example, similarity)
    return Context(
        database, schema, following(), retriever, FrozenClock(TODAY),
        rules=RULES, terms=TERMS, without=frozenset({"constraint", "missing"}), repairs=0,
    )  # fmt: skip


def following(*texts: str) -> FakeModel:
    """A specialist that says these, one call after the other."""
    model = FakeModel(*(texts or ("SELECT SUM(o.amount) FROM orders o",)), format="specialist")
    model.follows = True
    return model
