"""What can be asked of a database: things, measures, fields and segments, from its schema and knowledge.

The synthesiser composes questions from this catalogue alone, so whatever a team writes into its glossary
(synonyms, ways of asking, words for codes) is what the specialist learns to understand.
"""

import random
from dataclasses import dataclass
from functools import cached_property

from knowledge.aliased import aliased
from knowledge.database import Database
from knowledge.glossary import Term
from knowledge.profile import Profiles
from knowledge.schema import Column, ForeignKey, Schema, Table
from training.english import plural
from training.query import Routes, join_text

ENUM_VALUES = 12


@dataclass(frozen=True)
class Thing:
    """A table that people speak of, with its nouns (singular) and the columns that name one of its rows."""

    table: str
    nouns: tuple[str, ...]
    label: tuple[str, ...]
    date: str
    verbs: tuple[tuple[str, tuple[str, ...]], ...]
    key: str

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
    kind: str  # enum, open, number, date, flag
    values: tuple[tuple[object, tuple[str, ...]], ...] = ()
    nullable: bool = False


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


class Catalogue:
    """Everything the synthesiser may combine, built once per workspace."""

    def __init__(
        self, schema: Schema, terms: list[Term], profiles: Profiles, database: Database, hidden: set[str]
    ) -> None:
        self.schema = schema
        self.terms = terms
        self.hidden = hidden
        self.sizes = {name: profiles.rows(name) for name in schema.by_name}
        self.routes = Routes(schema, self.sizes)
        self.profiles = profiles
        self.things = {t.name: self._thing(t) for t in schema.tables}
        self.fields = [f for table in schema.tables for c in table.columns if (f := self._field(table, c))]
        self.by_column = {f"{f.table}.{f.column}": f for f in self.fields}
        self.measures = [m for term in terms if term.metric for m in self._measures(term)]
        self.segments = [s for term in terms if term.filter and (s := self._segment(term))]
        self.open_values = {
            f"{f.table}.{f.column}": self._values(database, f) for f in self.fields if f.kind == "open"
        }
        self.full_names = {
            table.name: self._full_names(database, table)
            for table in schema.tables
            if {"first_name", "last_name"} <= set(table.by_name)
        }

    def _words(self, term: Term) -> tuple[str, ...]:
        return tuple(dict.fromkeys([term.term, *term.synonyms]))

    def _thing(self, table: Table) -> Thing:
        term = next((t for t in self.terms if t.table == table.name), None)
        key = table.primary_key[0] if len(table.primary_key) == 1 else ""
        if term is None:
            noun = _singular(table.name.replace("_", " "))
            return Thing(table.name, (noun,), self._label(table), "", (), key)
        verbs = tuple((self.alias(column), tuple(words)) for column, words in term.verbs.items())
        label = tuple(self.alias(c) for c in term.label) or self._label(table)
        return Thing(table.name, self._words(term), label, self.alias(term.date), verbs, key)

    def _label(self, table: Table) -> tuple[str, ...]:
        alias = self.schema.aliases[table.name]
        names: list[str] = [c for c in ("name", "title", "label") if c in table.by_name]
        if not names and {"first_name", "last_name"} <= set(table.by_name):
            names = ["first_name", "last_name"]
        return tuple(f"{alias}.{name}" for name in (names[:2] or table.primary_key[:1]))

    def alias(self, name: str) -> str:
        """'orders.ordered_at' -> 'o.ordered_at'; an empty name stays empty."""
        if not name:
            return ""
        table, _, column = name.partition(".")
        return f"{self.schema.aliases[table]}.{column}"

    def _field(self, table: Table, column: Column) -> Field | None:
        full = f"{table.name}.{column.name}"
        keys = {c for k in self.schema.foreign_keys if k.table == table.name for c in k.columns}
        if column.name in keys or column.name in table.primary_key or full in self.hidden:
            return None
        term = next((t for t in self.terms if t.column == full), None)
        words = self._words(term) if term else (column.name.replace("_", " "),)
        spoken: dict[object, tuple[str, ...]] = {}
        stats = self.profiles.column(table.name, column.name)
        if column.is_temporal:
            kind = "date"
        elif column.is_text:
            kind = "enum" if 0 < stats.distinct <= ENUM_VALUES else "open"
            if column.name in ("first_name", "last_name") or not stats.distinct:
                return None
        elif stats.distinct == 2 and {str(v) for v, _ in stats.frequent} <= {"0", "1"}:
            kind = "flag"
        elif term and term.values:
            kind = "enum"
        else:
            kind = "number"
        if kind in ("enum", "flag"):
            said = {str(v): tuple(w) for v, w in term.values.items()} if term else {}
            for value, _ in stats.frequent:
                default = (str(value).replace("_", " "),) if column.is_text else ()
                spoken[value] = tuple(dict.fromkeys([*said.get(str(value), ()), *default]))
        return Field(
            table.name, column.name, self.alias(full), words, kind, tuple(spoken.items()), stats.nulls > 0
        )

    def _measures(self, term: Term) -> list[Measure]:
        found = []
        for n, sql in enumerate(term.metric):
            text, tables = aliased(sql, self.schema)
            base = self._base(tables)
            if base:
                key = self.things[base].key
                if text == f"COUNT({self.schema.aliases[base]}.{key})":
                    text = "COUNT(*)"
                words, asks = self._words(term), tuple(term.asks)
                date = self.alias(term.date)
                found.append(
                    Measure(term.term, words, asks, text, base, frozenset(tables), date, term.unit, n > 0)
                )
        return found

    def _segment(self, term: Term) -> Segment | None:
        text, tables = aliased(term.filter, self.schema)
        base = self._base(tables)
        return Segment(self._words(term), text, base, frozenset(tables)) if base else None

    def _base(self, tables: tuple[str, ...]) -> str:
        """The one table from which all the others can be reached upwards."""
        return next((t for t in tables if set(tables) <= set(self.routes.reachable(t))), "")

    def people(self, table: str) -> list[str]:
        """Full names of a table with first and last names; empty for other tables."""
        return self.full_names.get(table, [])

    def names_of(self, column: str) -> list[tuple[str, str]]:
        """(SQL, words) of the values of a naming column: literals for an enum, markers for an open column."""
        found = self.by_column.get(column)
        if found and found.kind == "enum":
            return [(f"'{v}'", w) for v, words in found.values for w in words]
        return [(f"⟦v:{column}:{v}⟧", v) for v in self.open_values.get(column, [])]

    def some_name(self, table: str, rng: random.Random) -> tuple[str, str]:
        """(column, value) that names one row of a table, where open values name it; else empty."""
        if self.full_names.get(table):
            return f"{table}.full_name", rng.choice(self.full_names[table])
        for label in self.things[table].label[:1]:
            column = f"{table}.{label.split('.')[1]}"
            if self.open_values.get(column):
                return column, rng.choice(self.open_values[column])
        return "", ""

    def bridges(self) -> list[tuple[ForeignKey, ForeignKey]]:
        """Pairs of keys of a many-to-many table: it holds two keys and hardly anything else."""
        pairs = []
        for table, keys in self.routes.up.items():
            if len(keys) == 2 and len(self.schema.by_name[table].columns) <= 3:
                pairs += [(keys[0], keys[1])]
        return pairs

    def upper(self, key: ForeignKey) -> Upper | None:
        """The name of the row above, where one column names it."""
        label = self.things[key.table].label
        if len(label) != 1:
            return None
        alias = self.schema.aliases[key.table]
        sql = label[0].replace(f"{alias}.", f"{alias}2.")
        return Upper(self.link_words(key).above, sql, frozenset([key.table, f"{key.table}^"]))

    def link_words(self, key: ForeignKey) -> LinkWords:
        """How people call the two ends of a key from a table to itself."""
        name = key.columns[0].removesuffix("_id").replace("_", " ")
        return LINKS.get(name, LinkWords((name,), (f"rows under that {name}",), ("have",), ("has",)))

    def nullable(self, table: str, column: str) -> bool:
        return self.profiles.column(table, column).nulls > 0

    def exists(self, key: ForeignKey, conditions: list[str]) -> str:
        """`(SELECT 1 FROM child ...)` for a parent's row; joined upwards where a condition needs that."""
        child, parent = self.schema.aliases[key.table], self.schema.aliases[key.to_table]
        joins = ""
        for condition in conditions:
            alias = condition.split(".")[0]
            table = next((t for t, a in self.schema.aliases.items() if a == alias), key.table)
            if table != key.table and not joins:
                joins = "".join(
                    " " + join_text(self.schema, k) for k in self.routes.reachable(key.table)[table]
                )
        link = f"{child}.{key.columns[0]} = {parent}.{key.to_columns[0]}"
        return f"(SELECT 1 FROM {key.table} {child}{joins} WHERE {' AND '.join([link, *conditions])})"

    def children(self, table: str) -> list[ForeignKey]:
        """Keys by which other tables point to this one."""
        return [k for keys in self.routes.up.values() for k in keys if k.to_table == table]

    def numbers(self, found: Field) -> list[int]:
        """Round numbers within the column's range, to compare it with."""
        stats = self.profiles.column(found.table, found.column)
        low, high = float(stats.min or 0), float(stats.max or 10)
        steps = [
            1,
            2,
            3,
            4,
            5,
            7,
            10,
            12,
            14,
            15,
            20,
            25,
            30,
            40,
            50,
            60,
            75,
            100,
            120,
            150,
            200,
            250,
            300,
            400,
            500,
        ]
        steps += [750, 1000, 1500, 2000, 2500, 3000, 5000, 10000, 20000, 50000]
        return [n for n in steps if low < n < high] or [max(1, int(low))]

    def _full_names(self, database: Database, table: Table) -> list[str]:
        sql = f'SELECT first_name, last_name FROM "{table.name}"'
        rows = database.run(sql, max_rows=3000).rows
        return sorted({f"{first} {last}" for first, last in rows if first and last})

    def _values(self, database: Database, found: Field) -> list[str]:
        sql = f'SELECT DISTINCT "{found.column}" FROM "{found.table}" WHERE "{found.column}" IS NOT NULL'
        rows = database.run(sql, max_rows=2000).rows
        return sorted(str(row[0]) for row in rows)


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
