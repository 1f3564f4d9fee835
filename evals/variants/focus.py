"""What the golds of a suite compare with, and the rows that their conditions let through."""

from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from knowledge.schema import ForeignKey

Witness = dict[str, int]
"""Rows that are read together: alias -> place in the snapshot."""


class NotIn(exp.In):
    """The sign of NOT IN (SELECT ...)."""


@dataclass(frozen=True)
class Condition:
    """`alias`.`column` is compared with literals, or with another column of the same row (`other`).

    The sign is In or NotIn also where the values are (some of) those of a sub-query.
    """

    alias: str
    table: str
    column: str
    sign: type[exp.Expr]
    values: tuple[Any, ...] = ()
    other: str = ""


@dataclass(frozen=True)
class Threshold:
    """How many rows HAVING wants a group to have; with `column` of `alias`, those in which it is filled."""

    sign: type[exp.Expr]
    number: int
    alias: str = ""
    column: str = ""


@dataclass(frozen=True)
class Focus:
    """One SELECT of a gold, with the rows that it reads together (its witnesses).

    `tables` maps an alias to its table. `parents` are the keys that it groups by or gives to an outer query,
    by alias; `owners` the aliases of which each row is a group of its own. `limited` says that only the first
    groups are shown. `groups` numbers the group of each witness, `passing` those that HAVING lets through.
    """

    tables: dict[str, str]
    conditions: tuple[Condition, ...]
    thresholds: tuple[Threshold, ...]
    witnesses: tuple[Witness, ...]
    parents: tuple[tuple[str, ForeignKey], ...] = ()
    owners: tuple[str, ...] = ()
    limited: bool = False
    groups: tuple[int, ...] = ()
    passing: frozenset[int] = frozenset()
