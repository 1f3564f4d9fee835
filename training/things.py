"""What questions are made of: things, measures, fields, segments, and the words for each."""

from dataclasses import dataclass
from functools import cached_property

from training.english import plural
from training.lexicon import PLAIN, Manner


@dataclass(frozen=True)
class Thing:
    """A table that people speak of, with its nouns (singular) and the columns that name one of its rows.

    `repeats`: without a key the same thing may stand in several rows, and counts once.
    """

    table: str
    nouns: tuple[str, ...]
    label: tuple[str, ...]
    date: str
    verbs: tuple[tuple[str, tuple[str, ...]], ...]
    key: str
    repeats: bool = False

    @property
    def counted(self) -> str:
        return f"COUNT(DISTINCT {self.label[0]})" if self.repeats else "COUNT(*)"

    @cached_property
    def plurals(self) -> tuple[str, ...]:
        return tuple(plural(noun) for noun in self.nouns)


@dataclass(frozen=True)
class Measure:
    """A metric in one of its forms: an aggregate expression over `base` and the tables above it."""

    name: str
    words: tuple[str, ...]
    asks: tuple[str, ...]
    sql: str
    base: str
    needs: frozenset[str]
    date: str
    unit: str
    finer: bool

    @property
    def is_count(self) -> bool:
        return self.sql.startswith("COUNT(")

    @property
    def is_sum(self) -> bool:
        return self.sql.startswith(("SUM(", "COUNT("))


@dataclass(frozen=True)
class Field:
    """A column as people name it. `values` are the words for each stored value of an enum column."""

    table: str
    column: str
    sql: str
    words: tuple[str, ...]
    kind: str  # enum, open, number, date, flag, other
    values: tuple[tuple[object, tuple[str, ...]], ...] = ()
    nullable: bool = False
    manner: Manner = PLAIN


@dataclass(frozen=True)
class Segment:
    """A named condition of the glossary: 'late shipments'."""

    words: tuple[str, ...]
    sql: str
    base: str
    needs: frozenset[str]


@dataclass(frozen=True)
class LinkWords:
    """`above` and `below` are nouns; `do` completes 'who does X ...', `done` 'who ... X'."""

    above: tuple[str, ...]
    below: tuple[str, ...]
    do: tuple[str, ...]
    done: tuple[str, ...]


@dataclass(frozen=True)
class Upper:
    """The row above in a table that refers to itself, as something to group by."""

    words: tuple[str, ...]
    sql: str
    needs: frozenset[str]


LINKS = {
    "manager": LinkWords(
        ("manager", "boss", "supervisor", "team lead", "line manager"),
        ("direct reports", "reports", "people under them", "team members", "people reporting to them"),
        ("report to", "work for", "work under"),
        ("manages", "supervises", "leads"),
    ),
    "parent": LinkWords(
        ("parent", "parent category", "top level category", "main category"),
        ("subcategories", "sub-categories", "children", "sub categories"),
        ("belong to", "fall under", "sit under"),
        ("contains", "includes"),
    ),
    "referred by": LinkWords(
        ("referrer", "recommender", "person who referred them", "customer who referred them"),
        (
            "referrals",
            "people they referred",
            "referred customers",
            "friends referred",
            "customers they brought in",
        ),
        ("come through", "come from"),
        ("referred", "brought in", "recruited", "recommended"),
    ),
}
