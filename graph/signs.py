"""Does a statement speak of what the question speaks of? Counted from its tree and the workspace's words."""

import re
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from graph.shape import contradictions
from graph.vocabulary import Mention, Vocabulary, roots
from knowledge.link import Linked
from knowledge.schema import Schema

_SLOT = re.compile(r"<\w+>")


@dataclass(frozen=True)
class Signs:
    """`uncovered`: names in the question of things that the statement does not touch. `against`: forms of it
    that go against the question's words.
    """

    uncovered: int = 0
    against: int = 0


UNKNOWN = Signs()


def signs(sql: str, linked: Linked, vocabulary: Vocabulary) -> Signs:
    """Of a statement as it was proposed, before rules are added to it."""
    tree = _parsed(sql, vocabulary.schema.dialect)
    if tree is None:
        return UNKNOWN
    read = _places(tree, vocabulary.schema)
    uncovered = sum(not _touches(mention, read) for mention in _named(linked.text, vocabulary))
    return Signs(uncovered, contradictions(tree, linked.text, vocabulary))


@lru_cache(maxsize=64)
def _named(text: str, vocabulary: Vocabulary) -> tuple[Mention, ...]:
    mentions = vocabulary.mentions(roots(_SLOT.sub(" ", text)))
    return tuple(mention for mention in mentions if mention.terms and mention.places)


def _touches(mention: Mention, read: set[str]) -> bool:
    """A table that is named is read; of anything else, one of its columns."""
    if any(term.table in read for term in mention.terms if term.table):
        return True
    columns = {place for place in mention.places if "." in place}
    return bool((columns or mention.places) & read)


@lru_cache(maxsize=512)
def _parsed(sql: str, dialect: str) -> exp.Expr | None:
    try:
        return sqlglot.parse_one(sql, dialect=dialect)
    except SqlglotError:
        return None


def _places(tree: exp.Expr, schema: Schema) -> set[str]:
    """Tables and columns that a statement reads."""
    named = {alias: table for table, alias in schema.aliases.items()}
    for source in tree.find_all(exp.Table):
        named[source.alias_or_name] = source.name
    read = {source.name for source in tree.find_all(exp.Table)}
    read |= {f"{named[c.table]}.{c.name}" for c in tree.find_all(exp.Column) if c.table in named}
    return read
