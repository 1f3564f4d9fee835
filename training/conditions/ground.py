"""A condition, and what the functions that draw one stand on."""

import random
from dataclasses import dataclass, field

from training.catalogue import Catalogue
from training.phrases import When, date_phrase
from training.things import Field


@dataclass(frozen=True)
class Condition:
    """`before` goes in front of the noun, `after` behind it, `instead` in its place; one of them is set."""

    sql: str
    needs: frozenset[str]
    before: str = ""
    after: str = ""
    instead: str = ""
    columns: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Ground:
    """The catalogue to draw from, the random numbers that alone decide, and the years that are spoken of."""

    catalogue: Catalogue
    rng: random.Random
    years: tuple[int, int]

    def fields(self, base: str, kind: str) -> list[Field]:
        """Fields of this kind on the table (three times as likely) and above it, but what it holds itself."""
        reach = self.catalogue.routes.reachable(base)
        held = {(key.to_table, key.to_columns[0]) for key in self.catalogue.routes.up.get(base, ())}
        found = [
            f
            for f in self.catalogue.fields
            if f.kind == kind
            and f.table in reach
            and len(reach[f.table]) <= 3
            and (f.table, f.column) not in held
        ]
        found = self.catalogue.by_usage(found)
        own = [f for f in found if f.table == base]
        return found + own * 2

    def owner(self, base: str, found: Field) -> str:
        """The noun that has to be named when the field is not the base table's own."""
        return "" if found.table == base else self.rng.choice(self.catalogue.things[found.table].nouns)

    def date(self) -> When:
        return date_phrase(self.rng, self.years)
