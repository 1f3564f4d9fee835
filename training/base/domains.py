"""Kinds of businesses, as the file of domains tells them: things, their attributes and their parents."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Attribute:
    """`kind` is a word ('person', 'date', 'flag', ...), 'number' or 'enum'.

    `low` and `high` bound a number, whole where `whole`; `values` are an enum's.
    """

    words: str
    kind: str
    low: float = 0
    high: float = 0
    whole: bool = True
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Thing:
    """`parents` are (thing, role): the role is the thing's own name where nothing else is said."""

    words: str
    attributes: tuple[Attribute, ...]
    parents: tuple[tuple[str, str], ...]


@cache
def domains() -> dict[str, tuple[Thing, ...]]:
    """Domain -> its things."""
    told = yaml.safe_load((HERE / "domains.yaml").read_text())
    return {
        name: tuple(_thing(words, text) for words, text in things.items()) for name, things in told.items()
    }


@cache
def pools() -> dict[str, list[str]]:
    """Names to draw values from."""
    told: dict[str, list[str]] = yaml.safe_load((HERE / "pools.yaml").read_text())
    return told


@cache
def synonyms() -> dict[str, list[str]]:
    """Other words for things and attributes."""
    told: dict[str, list[str]] = yaml.safe_load((HERE / "synonyms.yaml").read_text())
    return told


def _thing(words: str, text: str) -> Thing:
    attributes, _, parents = text.partition(";")
    return Thing(
        words,
        tuple(_attribute(part.strip()) for part in attributes.split(",") if part.strip()),
        tuple(_parent(part.strip()) for part in parents.split(",") if part.strip()),
    )


def _attribute(text: str) -> Attribute:
    """
    >>> _attribute("price:0.5-40.5")
    Attribute(words='price', kind='number', low=0.5, high=40.5, whole=False, values=())
    """
    words, _, kind = text.partition(":")
    if "|" in kind:
        return Attribute(words, "enum", values=tuple(kind.split("|")))
    if found := _RANGE.fullmatch(kind):
        return Attribute(words, "number", float(found[1]), float(found[2]), "." not in kind)
    return Attribute(words, kind)


def _parent(text: str) -> tuple[str, str]:
    thing, _, role = text.partition(" as ")
    return thing, role or thing
