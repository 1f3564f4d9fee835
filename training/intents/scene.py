"""What every intent draws from: subjects with conditions, measures, dimensions and dates."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from knowledge.schema import ForeignKey
from training.catalogue import Catalogue
from training.conditions import Condition, Ground, draw
from training.english import say
from training.phrases import When
from training.query import Query, render
from training.things import Field, Measure, Thing

T = TypeVar("T")


class NothingToAskError(Exception):
    """The schema and the glossary hold nothing of the kind that an intent needs."""


@dataclass(frozen=True)
class Subject:
    """A noun phrase ('cancelled orders from Germany') and the query behind it, without a select list."""

    phrase: str
    query: Query
    thing: Thing
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Dimension:
    """Something to group by: how it is said, what is selected, and what is grouped."""

    words: tuple[str, ...]
    select: tuple[str, ...]
    group: str
    needs: frozenset[str]
    is_time: bool = False


@dataclass(frozen=True)
class Pair:
    """A question and its SQL, with markers for literals; `kind` names the intent."""

    question: str
    sql: str
    kind: str


GRAINS = {
    "day": ("DATE({c})", ("day", "date", "calendar day")),
    "week": ("STRFTIME('%Y-%W', {c})", ("week", "calendar week", "wk")),
    "month": ("STRFTIME('%Y-%m', {c})", ("month", "calendar month", "mth")),
    "quarter": ("STRFTIME('%Y', {c}) || '-Q' || ((STRFTIME('%m', {c}) + 2) / 3)", ("quarter", "qtr")),
    "year": ("STRFTIME('%Y', {c})", ("year", "calendar year", "yr")),
    "weekday": ("STRFTIME('%w', {c})", ("weekday", "day of the week", "day of week")),
    "hour": ("STRFTIME('%H', {c})", ("hour", "hour of the day", "time of day")),
}
ADVERBS = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}


class Scene:
    """One random draw of all that an intent needs. `rng` alone decides."""

    def __init__(self, catalogue: Catalogue, rng: random.Random, years: tuple[int, int]) -> None:
        self.catalogue = catalogue
        self.rng = rng
        self.ground = Ground(catalogue, rng, years)
        linking = {key.table for pair in (*catalogue.bridges(), *catalogue.mutual()) for key in pair}
        self.askable = [
            t
            for t in catalogue.things.values()
            if t.key or t.date or (catalogue.sizes[t.table] and t.label and t.table not in linking)
        ]

    def say(self, template: str, **words: str) -> str:
        return say(self.rng, template, **words)

    def render(self, query: Query) -> str:
        return render(query, self.catalogue.routes)

    def pick(self, options: Sequence[T]) -> T:
        """One of these. Raises NothingToAskError where there is none."""
        if not options:
            raise NothingToAskError
        return self.rng.choice(options)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def thing(self) -> Thing:
        """A table to ask about; big and dated tables more often. Raises NothingToAskError without any."""
        if not self.askable:
            raise NothingToAskError
        weights = [
            (1 + (2 if t.date else 0) + (1 if self.catalogue.sizes[t.table] > 1000 else 0))
            * self.catalogue.usage.of_table(t.table)
            for t in self.askable
        ]
        return self.rng.choices(self.askable, weights=weights)[0]

    def when(self, share: float) -> When | None:
        return self.date() if self.chance(share) else None

    def date(self) -> When:
        return self.ground.date()

    def condition(self, base: str, verb_dates: bool = True) -> Condition | None:
        return draw(self.ground, base, verb_dates)

    def alias(self, table: str) -> str:
        return self.catalogue.schema.aliases[table]

    def below(self, thing: Thing) -> list[tuple[ForeignKey, Thing]]:
        """Keys that point to a thing by its key, and the things that people ask about which hold them."""
        askable = {child.table: child for child in self.askable}
        return [
            (key, askable[key.table])
            for key in self.catalogue.children(thing.table)
            if key.table in askable and key.to_columns[0] == thing.key
        ]

    def subject(self, thing: Thing, most: int = 2, verb_dates: bool = True, least: int = 0) -> Subject:
        """The thing with up to `most` conditions, worded as one noun phrase (plural)."""
        count = max(least, self.rng.choices(range(most + 1), weights=[30, 40, 24, 10][: most + 1])[0])
        noun = self.pick(thing.plurals)
        before: list[str] = []
        after: list[str] = []
        query = Query(thing.table)
        columns: frozenset[str] = frozenset()
        for _ in range(count):
            drawn = self.condition(thing.table, verb_dates)
            if drawn is None or drawn.sql in query.where or (drawn.columns & columns):
                continue
            if drawn.instead and noun not in thing.plurals:
                continue
            query = query.also([drawn.sql], drawn.needs)
            columns |= drawn.columns
            if drawn.instead:
                noun = drawn.instead
                if not noun.endswith("s"):
                    self.chance(0.3)
            elif drawn.before:
                before.append(drawn.before)
            else:
                after.append(drawn.after)
        phrase = " ".join([*before, noun, self.chain(after)])
        return Subject(phrase.strip(), query, thing, columns)

    def chain(self, phrases: Sequence[str]) -> str:
        """Phrases one after the other, or with what people put between them: 'over 150 euros, unpaid'."""
        text = " ".join(phrases[:1])
        for phrase in phrases[1:]:
            between = self.say("(|||,|,| and|, and| but| -)")
            text = f"{text}{between} {phrase}"
        return text

    def measure(self) -> Measure:
        """A metric of the glossary, or an average, total or extreme of a number column."""
        if self.catalogue.measures and self.chance(0.75):
            return self.pick(self.catalogue.measures)
        return self.of_number(self.pick([f for f in self.catalogue.fields if f.kind == "number"]))

    def of_number(self, found: Field) -> Measure:
        function, words = self.pick(
            [
                ("AVG", "(average|avg|mean|typical)"),
                ("AVG", "(average|avg|mean)"),
                ("SUM", "(total|sum of|overall|combined)"),
                ("SUM", "(total|overall)"),
                ("MAX", "(highest|maximum|max|largest|biggest)"),
                ("MIN", "(lowest|minimum|min|smallest)"),
            ]
        )
        name = self.pick(found.words)
        said = self.say(words) + " " + name
        thing = self.catalogue.things[found.table]
        sql = f"{function}({found.sql})"
        return Measure(name, (said,), (), sql, found.table, frozenset([found.table]), thing.date, "", False)

    def qualifier(self, measure: Measure, most: int = 2, least: int = 0) -> Subject:
        """Conditions on a measure: 'revenue from Germany', 'paypal revenue', 'revenue of weekend orders'."""
        thing = self.catalogue.things[measure.base]
        words = self.pick(measure.words)
        query = Query(measure.base, needs=measure.needs)
        count = max(least, self.rng.choices(range(most + 1), weights=[42, 36, 18, 6][: most + 1])[0])
        before: list[str] = []
        after: list[str] = []
        columns: frozenset[str] = frozenset()
        for _ in range(count):
            drawn = self.condition(measure.base, verb_dates=False)
            if drawn is None or drawn.sql in query.where or (drawn.columns & columns):
                continue
            query = query.also([drawn.sql], drawn.needs)
            columns |= drawn.columns
            noun = self.pick(thing.plurals)
            if drawn.instead:
                after.append(self.say("(of|from|for|on|in|across) {w}", w=drawn.instead))
            elif drawn.before and self.chance(0.45):
                before.append(drawn.before)
            elif drawn.before:
                after.append(
                    self.say("(of|from|for|on|across|in|via|by|with) {w} (|{n}|{n})", w=drawn.before, n=noun)
                )
            elif self.chance(0.3):
                after.append(self.say("(of|from|for|on|across) {n}", n=noun) + " " + drawn.after)
            else:
                after.append(drawn.after)
        phrase = " ".join([*before, words, self.chain(after)])
        return Subject(phrase.strip(), query, thing, columns)

    def dimension(self, base: str, time: str = "", avoid: frozenset[str] = frozenset()) -> Dimension | None:
        """A column, a named thing or (with `time`, a date column) a grain to group the rows of `base` by."""
        if time and self.chance(0.3):
            return self.grain(time)
        reach = self.catalogue.routes.reachable(base)
        fields = [
            f
            for f in self.catalogue.fields
            if f.table in reach
            and f.kind in ("enum", "flag", "open")
            and f"{f.table}.{f.column}" not in avoid
            and (f.kind != "open" or len(self.catalogue.open_values[f"{f.table}.{f.column}"]) < 400)
            and len(reach[f.table]) <= 3
        ]
        things = [
            t
            for t in self.catalogue.things.values()
            if t.table in reach and t.table != base and t.label and t.key and len(reach[t.table]) <= 3
        ]
        fields = self.catalogue.by_usage(fields)
        own = [f for f in fields if f.table == base]
        if things and self.chance(0.35):
            return self.named(self.pick(things))
        uppers = [k for k in self.catalogue.schema.foreign_keys if k.table == k.to_table and k.table in reach]
        if uppers and self.chance(0.06):
            upper = self.catalogue.upper(self.pick(uppers))
            if upper:
                return Dimension(upper.words, (upper.sql,), "1", upper.needs)
        if not fields:
            return None
        found = self.pick(own * 2 + fields)
        words = found.words
        if found.table != base:
            owner = self.pick(self.catalogue.things[found.table].nouns)
            words = (*words, f"{owner} {words[0]}")
        return Dimension(words, (found.sql,), "1", frozenset([found.table]))

    def named(self, thing: Thing) -> Dimension:
        """Group by the thing itself: by its name where one column names it, by its key where two do."""
        alias = self.alias(thing.table)
        group = "1" if len(thing.label) == 1 else f"{alias}.{thing.key}"
        return Dimension(thing.nouns, thing.label, group, frozenset([thing.table]))

    def grain(self, column: str, names: tuple[str, ...] = ()) -> Dimension:
        weights = {"month": 10, "day": 4, "week": 5, "quarter": 4, "year": 4, "weekday": 2, "hour": 1}
        options = list(names or GRAINS)
        name = self.rng.choices(options, weights=[weights[o] for o in options])[0]
        sql, words = GRAINS[name]
        return Dimension(words, (sql.replace("{c}", column),), "1", frozenset(), True)

    def per(self, words: str) -> str:
        """How a grouping is said."""
        many = words if words.endswith("s") else words + "s"
        return self.say(
            "(by|per|by|per|for each|for every|split by|broken down by|grouped by|in each|across"
            "|for all|by each|, by|split per) {w}|(across|for|for the different|over) {many}"
            "|({w}-wise|in every {w}|(split|break) it (out |down |)by {w})",
            w=words,
            many=many,
        )

    def adverb(self, dimension: Dimension) -> str:
        """'monthly' for the month grain; empty for the others."""
        return ADVERBS.get(dimension.words[0], "")
