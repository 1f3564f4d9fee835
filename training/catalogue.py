"""What can be asked of a database: things, measures, fields and segments, from its schema and knowledge.

The synthesiser composes questions from this catalogue alone, so whatever a team writes into its glossary
(synonyms, ways of asking, words for codes) is what the specialist learns to understand.
"""

import random
import re

from graph.specialist import bare
from knowledge.aliased import aliased
from knowledge.database import Database
from knowledge.glossary import Term
from knowledge.naming import parts, short_forms, spelled
from knowledge.plural import singular_noun
from knowledge.profile import ColumnProfile, Profiles
from knowledge.schema import Column, ForeignKey, Schema, Table
from training.lexicon import PLAIN, also_called, manner
from training.query import Routes, join_text
from training.stored_names import full_names, homes, values
from training.things import LINKS, Field, LinkWords, Measure, Segment, Thing, Upper
from training.usage import Usage
from training.verbs import verbs

ENUM_VALUES = 12
NEVER_LOOKED = Usage()
ROUND = (
    *(1, 2, 3, 4, 5, 7, 10, 12, 14, 15, 20, 25, 30, 40, 50, 60, 75, 100, 120, 150, 200, 250, 300, 400, 500),
    *(750, 1000, 1500, 2000, 2500, 3000, 5000, 10000, 20000, 50000),
)
OWN_NAMES = 0.9
"""Share of the rows whose text must be another, so that it names something of the row's own."""


class Catalogue:
    """Everything the synthesiser may combine, built once per workspace."""

    def __init__(
        self,
        schema: Schema,
        terms: list[Term],
        profiles: Profiles,
        database: Database,
        hidden: set[str],
        usage: Usage = NEVER_LOOKED,
    ) -> None:
        self.usage = usage
        self.schema = schema
        self.bare, self.by_bare = schema.renamed(bare), {bare(name): name for name in schema.by_name}
        self.terms = terms
        self.hidden = hidden
        self.sizes = {name: profiles.rows(name) for name in schema.by_name}
        self.routes = Routes(schema, self.sizes)
        self.profiles = profiles
        self.short = short_forms(terms)
        self.things = {t.name: self._thing(t) for t in schema.tables}
        self.fields = [f for table in schema.tables for c in table.columns if (f := self._field(table, c))]
        self.by_column = {f"{f.table}.{f.column}": f for f in self.fields}
        self.measures = [m for term in terms if term.metric for m in self._measures(term)]
        self.segments = [s for term in terms if term.filter and (s := self._segment(term))]
        self.open_values = {
            f"{f.table}.{f.column}": values(database, f.table, f.column)
            for f in self.fields
            if f.kind == "open"
        }
        self.full_names = {
            table.name: full_names(database, table.name)
            for table in schema.tables
            if {"first_name", "last_name"} <= set(table.by_name)
        }
        self.homes = {key: homes(database, key.table, *names) for key, names in self._homes().items()}

    def _words(self, term: Term) -> tuple[str, ...]:
        return tuple(dict.fromkeys([term.term, *term.synonyms]))

    def _thing(self, table: Table) -> Thing:
        term = next((t for t in self.terms if t.table == table.name), None)
        key = self._key(table)
        if term is None:
            noun = singular_noun(spelled(table.name, self.short))
            label = self._label(table)
            repeats = len(label) == 1 and not key and not table.primary_key
            return Thing(table.name, (noun,), label, self._date(table), (), key, repeats)
        verbs = tuple((self.alias(column), tuple(words)) for column, words in term.verbs.items())
        label = tuple(self.alias(c) for c in term.label) or self._label(table)
        return Thing(table.name, self._words(term), label, self.alias(term.date), verbs, key)

    def _key(self, table: Table) -> str:
        """Its primary key, or else a column that no two rows share; empty where none is one column."""
        if table.primary_key:
            return table.primary_key[0] if len(table.primary_key) == 1 else ""
        unique = (c.name for c in table.columns if self._is_unique(table, c) and not c.is_temporal)
        return next(unique, "")

    def _label(self, table: Table) -> tuple[str, ...]:
        alias = self.schema.aliases[table.name]
        names: list[str] = [c for c in ("name", "title", "label") if c in table.by_name]
        if not names and {"first_name", "last_name"} <= set(table.by_name):
            names = ["first_name", "last_name"]
        texts = [
            c.name for c in table.columns if c.is_text and self.profiles.column(table.name, c.name).distinct
        ]
        named = [
            n for n in texts if parts(n)[-1] in ("name", "title", "label") and not self.points(table.name, n)
        ]
        names = names or named[:1] or [n for n in texts if n == self._key(table)]
        return tuple(f"{alias}.{name}" for name in (names[:2] or table.primary_key[:1] or texts[:1]))

    def _date(self, table: Table) -> str:
        """The one date of a table that nothing is told of; empty where it has several."""
        dates = [c.name for c in table.columns if c.is_temporal]
        return self.alias(f"{table.name}.{dates[0]}") if len(dates) == 1 else ""

    def _is_unique(self, table: Table, column: Column) -> bool:
        seen = self.profiles.column(table.name, column.name)
        return 1 < seen.distinct == seen.rows

    def names_beside(self, thing: Thing) -> list[Field]:
        """Texts of a thing's rows that name something of each, such as a state's capital."""
        rows = self.sizes[thing.table]
        return [
            field
            for field in self.fields
            if field.table == thing.table
            and field.kind == "open"
            and field.sql not in thing.label
            and not self.points(field.table, field.column)
            and self.profiles.column(field.table, field.column).distinct >= OWN_NAMES * rows
        ]

    def points(self, table: str, column: str) -> bool:
        """Whether a column names a row of another table."""
        return any(k.table == table and column in k.columns for k in self.schema.foreign_keys)

    def alias(self, name: str) -> str:
        """'orders.ordered_at' -> 'o.ordered_at'; an empty name stays empty."""
        if not name:
            return ""
        table, _, column = name.partition(".")
        return f"{self.schema.aliases[table]}.{column}"

    def _field(self, table: Table, column: Column) -> Field | None:
        full = f"{table.name}.{column.name}"
        is_key = self.points(table.name, column.name) or column.name in table.primary_key
        if (is_key and not column.is_text) or full in self.hidden:
            return None
        term = next((t for t in self.terms if t.column == full), None)
        if is_key and term is None and self.terms:
            return None
        words = self._words(term) if term else self._spoken(table, column)
        spoken: dict[object, tuple[str, ...]] = {}
        stats = self.profiles.column(table.name, column.name)
        if column.is_temporal:
            kind = "date"
        elif column.is_text:
            kind = "enum" if 0 < stats.distinct <= ENUM_VALUES else "open"
            if column.name in ("first_name", "last_name") or not stats.distinct:
                return None
            kind = "other" if _holds_numbers(stats) else kind
        elif stats.distinct == 2 and {str(v) for v, _ in stats.frequent} <= {"0", "1"}:
            kind = "flag"
        elif term and term.values:
            kind = "enum"
        else:
            kind = "number"
        if kind in ("enum", "flag"):
            said = {str(v): tuple(w) for v, w in term.values.items()} if term else {}
            for value, _ in stats.frequent:
                default = (str(value).replace("_", " "), *also_called(str(value))) if column.is_text else ()
                spoken[value] = tuple(dict.fromkeys([*said.get(str(value), ()), *default]))
        way = manner(spelled(column.name, self.short)) if kind in ("number", "date", "other") else PLAIN
        return Field(
            *(table.name, column.name, self.alias(full), words, kind),
            values=tuple(spoken.items()),
            nullable=stats.nulls > 0,
            manner=way,
        )

    def _spoken(self, table: Table, column: Column) -> tuple[str, ...]:
        """How a column is said that nobody described: its name spelled out, without the table's.

        A text that points to another table is called as that one: 'state' for state_name.
        """
        words = spelled(column.name, self.short)
        noun = singular_noun(spelled(table.name, self.short))
        short = words.removeprefix(f"{noun} ")
        target = next(
            (
                k.to_table
                for k in self.schema.foreign_keys
                if k.table == table.name and column.name in k.columns
            ),
            "",
        )
        called = (singular_noun(spelled(target, self.short)),) if target else ()
        found = (
            *called,
            short,
            words,
            *manner(words).nouns,
            *([column.comment] if _is_short(column.comment) else []),
        )
        return tuple(dict.fromkeys(word for word in found if word))

    def _measures(self, term: Term) -> list[Measure]:
        found = []
        for n, sql in enumerate(term.metric):
            text, tables = self._aliased(sql)
            base = self._base(tables)
            if base:
                key = self.things[base].key
                if text == f"COUNT({self.schema.aliases[base]}.{key})":
                    text = "COUNT(*)"
                words, asks = self._words(term), tuple(term.asks)
                date = self.alias(term.date)
                made = Measure(term.term, words, asks, text, base, frozenset(tables), date, term.unit, n > 0)
                found += [made] * self.usage.of_measure(sql)
        return found

    def _segment(self, term: Term) -> Segment | None:
        text, tables = self._aliased(term.filter)
        base = self._base(tables)
        return Segment(self._words(term), text, base, frozenset(tables)) if base else None

    def _aliased(self, sql: str) -> tuple[str, tuple[str, ...]]:
        """SQL of the glossary in aliases, and its tables."""
        text, tables = aliased(sql, self.bare)
        return text, tuple(self.by_bare[table] for table in tables)

    def _base(self, tables: tuple[str, ...]) -> str:
        """The one table from which all the others can be reached upwards."""
        return next((t for t in tables if set(tables) <= set(self.routes.reachable(t))), "")

    def by_usage(self, fields: list[Field]) -> list[Field]:
        """Each as often as the team's queries use it."""
        return [f for f in fields for _ in range(self.usage.of_column(f"{f.table}.{f.column}"))]

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
            column = f"{table}.{label.partition('.')[2]}"
            if self.open_values.get(column):
                return column, rng.choice(self.open_values[column])
        return "", ""

    def bridges(self) -> list[tuple[ForeignKey, ForeignKey]]:
        """Pairs of keys of a many-to-many table: it holds two keys and hardly anything else."""
        pairs = []
        for table, keys in self.routes.up.items():
            if len(keys) == 2 and len(self.schema.by_name[table].columns) <= 3:
                pairs += [(keys[0], keys[1])]
        return [pair for pair in pairs if pair[0].to_table != pair[1].to_table]

    def mutual(self) -> list[tuple[ForeignKey, ForeignKey]]:
        """Pairs of keys of a table that joins rows of one table with each other, such as neighbours; the one
        whose column tells how comes second.
        """
        small = (
            keys for table, keys in self.routes.up.items() if len(self.schema.by_name[table].columns) <= 3
        )
        pairs = [keys for keys in small if len(keys) == 2 and keys[0].to_table == keys[1].to_table]
        return [tuple(sorted(keys, key=self._tells)) for keys in pairs]  # type: ignore[misc]

    def acting(self) -> list[tuple[ForeignKey, str]]:
        """Keys that are named by a verb, and that name: river.traverse, which points to a state."""
        known = {key.table for keys in self.mutual() for key in keys}
        told = (
            (key, spelled(key.columns[0], self.short))
            for table, keys in self.routes.up.items()
            if table not in known
            for key in keys
        )
        return [(key, word) for key, word in told if verbs(word)]

    def _tells(self, key: ForeignKey) -> int:
        """How many words of a key's column are not its table's name."""
        noun = singular_noun(spelled(key.to_table, self.short)).split()
        return len({*spelled(key.columns[0], self.short).split()} - {*noun, "name", "id"})

    def is_one_to_one(self, key: ForeignKey) -> bool:
        return self._is_unique(
            self.schema.by_name[key.table], self.schema.by_name[key.table].by_name[key.columns[0]]
        )

    def relation_words(self, key: ForeignKey) -> tuple[str, ...]:
        """How people say that rows of one table are joined, by the column's name: 'border'."""
        words = spelled(key.columns[0], self.short).removesuffix(" id").split()
        noun = singular_noun(spelled(key.to_table, self.short))
        kept = " ".join(word for word in words if word != noun and word != "name")
        return (singular_noun(kept or noun),)

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
        return [n for n in ROUND if low < n < high] or [max(1, int(low))]

    def _homes(self) -> dict[ForeignKey, tuple[str, str]]:
        """Keys of one text that tell to which row of another table one that has a name belongs, such as a
        city's state, with the columns of the name and of the other's; nothing that rules forbid.
        """
        named = {
            table: thing.label[0].partition(".")[2] for table, thing in self.things.items() if thing.label
        }
        return {
            key: (named[key.table], key.columns[0])
            for key in self.schema.foreign_keys
            if len(key.columns) == len(self.things[key.table].label) == 1
            and self.schema.by_name[key.table].by_name[key.columns[0]].is_text
            and f"{key.table}.{named[key.table]}" in self.open_values
            and f"{key.table}.{key.columns[0]}" not in self.hidden
            and named[key.table] != key.columns[0]
        }


def _holds_numbers(seen: ColumnProfile) -> bool:
    """Whether a text column holds figures: none of its frequent values is a word."""
    found = [str(value) for value, _ in seen.frequent] or [str(seen.min), str(seen.max)]
    return all(re.fullmatch(r"[-+]?\d+(?:[.,]\d+)*", value) for value in found)


def _is_short(comment: str) -> bool:
    return 0 < len(comment.split()) <= 3
