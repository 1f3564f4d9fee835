"""Synthetic and verified rows as a chat model is asked: its own prompt, and SQL with the values in it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from graph.context import Context
from graph.models.base import Prompt
from graph.prompts import chat_prompt
from graph.specialist import SlotError, fill
from knowledge.cards import cards
from knowledge.examples import Example
from knowledge.link import Linked, Linker
from knowledge.retrieve import Retrieval
from training.curriculum import level
from training.material import Material
from training.synthesis import Row

if TYPE_CHECKING:
    from graph.models.base import Model
    from knowledge.retrieve import Retriever


@dataclass(frozen=True)
class ChatRow:
    """`level` is the phase of training in which it comes in."""

    prompt: Prompt
    sql: str
    level: int = 1


@dataclass(frozen=True)
class _Nothing:
    """Stands for what a prompt does not need."""

    linker: Linker


def chat_rows(material: Material, rows: Sequence[Row], seed: int) -> Iterator[ChatRow]:
    """Each with the prompt that the agent would write; now and then with an example, as in retrieval."""
    rng = random.Random(seed)
    context = _context(material)
    for row in rows:
        linked = material.linker.link(row.question)
        try:
            sql = fill(row.target, linked, material.schema)
        except SlotError:
            continue
        known = rng.sample(material.examples, 1) if material.examples and rng.random() < 0.5 else []
        yield ChatRow(chat_prompt(context, _retrieval(linked, known, material)), sql, level(row))


def _context(material: Material) -> Context:
    nothing: Any = _Nothing(material.linker)
    return Context(
        database=material.database,
        schema=material.schema,
        model=cast("Model", nothing),
        retriever=cast("Retriever", nothing),
        clock=material.clock,
        rules=tuple(material.rules),
        cards=tuple(cards(material.schema, material.profiles, material.terms)),
        terms=tuple(material.terms),
    )


def _retrieval(linked: Linked, known: Sequence[Example], material: Material) -> Retrieval:
    """What stands in the words of the question; nothing is looked up by meaning."""
    text = f" {linked.text.lower()} "
    terms = [
        (term, 1.0) for term in material.terms if any(f" {name.lower()} " in text for name in term.names)
    ]
    return Retrieval(linked, [], terms, [(example, 1.0) for example in known], [])
