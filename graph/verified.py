"""A question that a verified example answers: it says the same, perhaps with other values.

The embedding only finds the example. That it says the same is decided word by word: the words that carry
meaning are the same, in the same order, and the values, numbers and dates are of the same kinds. 'Customers
without orders' and 'orders without customers' are near in meaning, and are not the same.
"""

from dataclasses import dataclass

from graph.grounding import grounding
from graph.roots import root
from graph.shape import asks_the_same
from graph.signs import signs
from graph.specialist import neighbour_sql
from graph.vocabulary import Vocabulary
from knowledge.examples import Example
from knowledge.link import Linked, Linker
from knowledge.retrieve import Retrieval
from knowledge.schema import Schema
from knowledge.words import tokens

VERIFIED = "verified"
SURE = 0.99
"""The confidence of such an answer: a person has looked at it."""

NEAR = 0.85
NEAR_IN_OTHER_WORDS = 0.7
VERY_NEAR = 0.8

_FREE = """
a an the our we us me i you please pls plz thanks thank thx hi hello hey show tell give list display get see
find can could would will need want like know what which is are was were be been do does did have has had
there all of quick quickly exactly just now currently actually also so ok okay
"""
_SAYS_NOTHING = frozenset(_FREE.split())


@dataclass(frozen=True)
class Verified:
    """The example, and its statement with the values of the question."""

    example: Example
    sql: str
    similarity: float


def verified(retrieval: Retrieval, linker: Linker, schema: Schema) -> Verified | None:
    """The nearest example that says the same and that somebody put a name to; None where none does."""
    said = _meaning(retrieval.linked)
    for example, similarity in retrieval.examples:
        if similarity >= NEAR and example.by and _meaning(linker.link(example.question)) == said:
            sql = neighbour_sql(example, linker, retrieval.linked, schema)
            if sql is not None:
                return Verified(example, sql, similarity)
    return None


def is_reworded(
    example: Example, sql: str, similarity: float, linked: Linked, linker: Linker, vocabulary: Vocabulary
) -> bool:
    """Whether a verified example may say the same in other words: near, of the same form, and its statement
    leaves out no more of what the question names than of what its own question names; one thing more where
    they are very near.
    """
    if (
        not example.by
        or similarity < NEAR_IN_OTHER_WORDS
        or not asks_the_same(linked.question, example.question)
    ):
        return False
    said, own = (
        _amiss(*found, vocabulary) for found in ((sql, linked), (example.sql, linker.link(example.question)))
    )
    if said.against > own.against or said.unused > own.unused:
        return False
    return said.untouched <= own.untouched + (similarity >= VERY_NEAR)


@dataclass(frozen=True)
class _Amiss:
    """How many forms of a statement go against the question, how many of its values it leaves unused, and of
    how many things it does not speak as the question does.
    """

    against: int
    unused: int
    untouched: int


def _amiss(sql: str, linked: Linked, vocabulary: Vocabulary) -> _Amiss:
    grounds, said = grounding(sql, linked, vocabulary.schema, slotted=False), signs(sql, linked, vocabulary)
    return _Amiss(said.against, grounds.unused, grounds.missing + grounds.unfounded + said.uncovered)


def told(example: Example) -> str:
    """For the person who asked: 'verified by Nadia on 2025-10-06'."""
    return f"verified by {example.by}{f' on {example.on}' if example.on else ''}"


def _meaning(linked: Linked) -> tuple[str, ...]:
    """The words that carry meaning, in their order, with its kind for each value, number and date: which
    column a value is of is told by its readings, and one may have several.
    """
    text = linked.text
    for slot in linked.slots:
        text = text.replace(f"<{slot.name}>", slot.kind)
    words = (token.folded for token in tokens(text))
    return tuple(root(word) for word in words if word not in _SAYS_NOTHING)
