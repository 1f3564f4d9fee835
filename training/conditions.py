"""Conditions on a thing: how they are said before or after its noun, and what they are in SQL."""

import random
from dataclasses import dataclass, field
from datetime import date

from training.catalogue import Catalogue, Field
from training.english import say
from training.phrases import date_phrase, long_ago, number_phrase, value_marker


@dataclass(frozen=True)
class Condition:
    """`before` goes in front of the noun ('cancelled'), `after` behind it ('from Germany'); one of them is empty."""

    sql: str
    needs: frozenset[str]
    before: str = ""
    after: str = ""
    instead: str = ""
    columns: frozenset[str] = field(default=frozenset())


class Conditions:
    """Draws conditions that make sense for one base table."""

    def __init__(self, catalogue: Catalogue, rng: random.Random, today: date, years: tuple[int, int]) -> None:
        self.catalogue = catalogue
        self.rng = rng
        self.today = today
        self.years = years

    def draw(self, base: str, verb_dates: bool = True) -> Condition | None:
        """One condition, mostly on the table itself or on what it belongs to; None where nothing fits."""
        rng = self.rng
        makers = [
            (self._value, 30),
            (self._enum, 34),
            (self._segment, 14),
            (self._number, 6),
            (self._flag, 6),
        ]
        makers += [(self._null, 4), (self._child, 4)]
        makers += [(self._gap, 4), (self._running, 2)]
        if verb_dates:
            makers.append((self._verb_date, 8))
        for _ in range(6):
            maker = rng.choices([m for m, _ in makers], weights=[w for _, w in makers])[0]
            made = maker(base)
            if made:
                return made
        return None

    def _fields(self, base: str, kind: str) -> list[Field]:
        """Fields of this kind on the table (three times as likely) and above it."""
        reach = self.catalogue.routes.reachable(base)
        found = [
            f
            for f in self.catalogue.fields
            if f.kind == kind and f.table in reach and len(reach[f.table]) <= 3
        ]
        own = [f for f in found if f.table == base]
        return found + own * 2

    def _owner(self, base: str, found: Field) -> str:
        """The noun that has to be named when the field is not the base table's own."""
        return "" if found.table == base else self.rng.choice(self.catalogue.things[found.table].nouns)

    def _enum(self, base: str) -> Condition | None:
        fields = [f for f in self._fields(base, "enum") if f.values]
        if not fields:
            return None
        found = self.rng.choice(fields)
        stored, words = self.rng.choice(found.values)
        if not words:
            return None
        literal = f"'{stored}'" if isinstance(stored, str) else str(stored)
        rng, word, name = self.rng, self.rng.choice(words), self.rng.choice(found.words)
        columns = frozenset([f"{found.table}.{found.column}"])
        needs = frozenset([found.table])
        if rng.random() < 0.06:
            return Condition(
                f"{found.sql} <> {literal}", needs, columns=columns,
                after=say(rng, "(that are not|not|other than|except|excluding) {word}", word=word),
            )  # fmt: skip
        if rng.random() < 0.08 and len(found.values) > 2:
            other, others = rng.choice([v for v in found.values if v[0] != stored])
            if others:
                second = f"'{other}'" if isinstance(other, str) else str(other)
                after = say(rng, "(with|for|in|via|by|on|) {a} (or|and) {b}", a=word, b=rng.choice(others))
                return Condition(f"{found.sql} IN ({literal}, {second})", needs, after=after, columns=columns)
        if rng.random() < 0.5:
            return Condition(f"{found.sql} = {literal}", needs, before=word, columns=columns)
        owner = self._owner(base, found)
        after = say(
            rng,
            "(with|having|where|for|by|of) (the |) {name} (is |of |= |) {word}"
            "|(from|in|on|by|via|through|with|for|using|at|paid by|to) (the |) {word} (|{name}|{owner})"
            "|(with a|that are|which are|that were|who are|that have been|in status|marked|flagged|currently) {word}",
            name=name, word=word, owner=owner,
        ) if rng.random() < 0.8 else say(rng, "{word} {owner}", word=word, owner=owner)  # fmt: skip
        return Condition(f"{found.sql} = {literal}", needs, after=after, columns=columns)

    def _value(self, base: str) -> Condition | None:
        fields = [
            f for f in self._fields(base, "open") if self.catalogue.open_values[f"{f.table}.{f.column}"]
        ]
        names = [
            t for t in self.catalogue.things.values()
            if len(t.label) == 2 and t.table in self.catalogue.routes.reachable(base)
        ]  # fmt: skip
        rng = self.rng
        if names and rng.random() < 0.12:
            return self._person(base, rng.choice(names).table)
        if not fields:
            return None
        found = rng.choice(fields)
        column = f"{found.table}.{found.column}"
        value = rng.choice(self.catalogue.open_values[column])
        said = self._said(column, value)
        name = rng.choice(found.words)
        owner = self._owner(base, found)
        marker = value_marker(column, value)
        if rng.random() < 0.15:
            other = rng.choice(self.catalogue.open_values[column])
            if other != value:
                after = say(
                    rng, "(from|in|for|of|with|on) {a} (and|or) {b}", a=said, b=self._said(column, other)
                )
                sql = f"{found.sql} IN ({marker}, {value_marker(column, other)})"
                return Condition(sql, frozenset([found.table]), after=after, columns=frozenset([column]))
        if rng.random() < 0.06:
            after = say(
                rng, "(outside|outside of|not in|not from|except|excluding|other than) {said}", said=said
            )
            return Condition(f"{found.sql} <> {marker}", frozenset([found.table]), after=after)
        before, after = "", ""
        if rng.random() < 0.2:
            before = said
        else:
            after = say(
                rng,
                "(from|in|for|of|by|with|on|to|at|via|out of|based in|located in|who live in|containing|called) (the |) {said}"
                "|(from|in|for|of|by|with|on|to|at) (the |) {said} (|{name}|{owner}|{owner})"
                "|(from|in|for|of|with|where|where the) {name} (is|=|) {said}",
                said=said, name=name, owner=owner,
            )  # fmt: skip
        return Condition(
            f"{found.sql} = {marker}", frozenset([found.table]), before, after, columns=frozenset([column])
        )

    def _said(self, column: str, value: str) -> str:
        """The value as stored, in lower case, or in one of the glossary's words for it."""
        field_words = (
            dict(self.catalogue.by_column[column].values) if column in self.catalogue.by_column else {}
        )
        words = [w for v, w in field_words.items() if v == value]
        if words and words[0] and self.rng.random() < 0.4:
            return self.rng.choice(words[0])
        return value if self.rng.random() < 0.6 else value.lower()

    def _person(self, base: str, table: str) -> Condition | None:
        people = self.catalogue.people(table)
        if not people:
            return None
        alias = self.catalogue.schema.aliases[table]
        name = self.rng.choice(people)
        after = say(
            self.rng,
            "(by|of|from|for|handled by|assigned to|belonging to|made by|of customer) {name}",
            name=name,
        )
        marker = value_marker(f"{table}.full_name", name)
        sql = f"{alias}.first_name || ' ' || {alias}.last_name = {marker}"
        return Condition(sql, frozenset([table]), after=after)

    def _segment(self, base: str) -> Condition | None:
        reach = self.catalogue.routes.reachable(base)
        fitting = [s for s in self.catalogue.segments if s.base in reach]
        own = [s for s in fitting if s.base == base]
        if not fitting:
            return None
        found = self.rng.choice(own * 3 + fitting)
        words = self.rng.choice(found.words)
        if found.base == base:
            if self.rng.random() < 0.75:
                return Condition(found.sql, found.needs, instead=words)
            after = say(self.rng, "(that are|which are|who are|counting only|only) {w}", w=words)
            return Condition(found.sql, found.needs, after=after)
        return Condition(
            found.sql, found.needs, after=say(self.rng, "(of|from|by|for|with|on|in) {w}", w=words)
        )

    def _number(self, base: str) -> Condition | None:
        fields = [f for f in self._fields(base, "number") if f.table == base] or self._fields(base, "number")
        if not fields:
            return None
        found = self.rng.choice(fields)
        name = self.rng.choice(found.words)
        said, marker = number_phrase(self.rng, self.catalogue.numbers(found))
        more = self.rng.random() < 0.65
        word = self.rng.choice(
            ["over", "above", "more than", "greater than", "higher than", "exceeding"]
            if more
            else ["under", "below", "less than", "lower than"]
        )
        sign = ">" if more else "<"
        if self.rng.random() < 0.2:
            word, sign = self.rng.choice(
                [
                    ("at least", ">="),
                    ("at most", "<="),
                    ("of exactly", "="),
                    ("no more than", "<="),
                    ("equal to", "="),
                ]
            )
        after = say(
            self.rng,
            "(with|having) (a |an |) {name} (of |) {word} {n}|(where|whose) (the |) {name} (is|was) {word} {n}"
            "|{word} {n} (|{unit}) (|{name})|{name} {word} {n}|(that cost|costing|worth|priced at|that take) {word} {n}",
            name=name, word=word, n=said, unit=self.rng.choice(["euros", "EUR", "€", "days", ""]),
        )  # fmt: skip
        return Condition(f"{found.sql} {sign} {marker}", frozenset([found.table]), after=after)

    def _flag(self, base: str) -> Condition | None:
        fields = [f for f in self._fields(base, "flag") if f.table == base] or self._fields(base, "flag")
        if not fields:
            return None
        found = self.rng.choice(fields)
        stored, words = self.rng.choice(found.values) if found.values else (1, ())
        if not words:
            return None
        word = self.rng.choice(words)
        columns = frozenset([f"{found.table}.{found.column}"])
        sql = f"{found.sql} = {stored}"
        if self.rng.random() < 0.4:
            return Condition(sql, frozenset([found.table]), before=word, columns=columns)
        after = say(self.rng, "(that are|who are|which are|who|that|with|) {word}", word=word)
        return Condition(sql, frozenset([found.table]), after=after, columns=columns)

    def _null(self, base: str) -> Condition | None:
        fields = [f for f in self.catalogue.fields if f.table == base and f.nullable]
        keys = [
            k for k in self.catalogue.routes.up.get(base, []) if self.catalogue.nullable(base, k.columns[0])
        ]
        rng = self.rng
        if keys and rng.random() < 0.5:
            key = rng.choice(keys)
            noun = rng.choice(self.catalogue.things[key.to_table].nouns)
            alias = self.catalogue.schema.aliases[base]
            missing = rng.random() < 0.7
            after = say(rng, _MISSING_THING if missing else _HAVING_THING, noun=noun)
            return Condition(
                f"{alias}.{key.columns[0]} IS {'' if missing else 'NOT '}NULL", frozenset(), after=after
            )
        if not fields:
            return None
        found = rng.choice(fields)
        verbs = [w for column, w in self.catalogue.things[base].verbs if column == found.sql]
        missing = rng.random() < 0.75
        if verbs and verbs[0]:
            template = (
                _NOT_DONE if missing else "(that|which|who) (were|have been|have|got|) (already |) {done}"
            )
            after = say(rng, template, done=rng.choice(verbs[0]))
        else:
            after = say(
                rng,
                _MISSING if missing else "(that have|with|having) (a |an |) {name}",
                name=rng.choice(found.words),
            )
        return Condition(f"{found.sql} IS {'' if missing else 'NOT '}NULL", frozenset(), after=after)

    def _child(self, base: str) -> Condition | None:
        """Things that have, or lack, something that points to them."""
        links = self.catalogue.children(base)
        if not links:
            return None
        key = self.rng.choice(links)
        thing = self.catalogue.things[key.table]
        lacking = self.rng.random() < 0.6
        inner: list[str] = []
        verbs = [w for _, words in thing.verbs[:1] for w in words]
        if lacking:
            after = say(
                self.rng,
                "(without|with no|that have no|who have no|having no|lacking|with zero) (any |) {noun}"
                "|(who|that|which) (never|did not|didn't|have never|haven't|have not) (had|made|got|placed|have) (a|any) {noun}"
                "|(who|that|which) (never|have never|haven't ever|haven't|did not) {verb} (anything|)",
                noun=self.rng.choice(thing.plurals + thing.nouns), verb=self.rng.choice(verbs or ["had"]),
            )  # fmt: skip
        else:
            after = say(
                self.rng,
                "(with|having|who have|that have|that had) (at least one|a|an|any) {noun}|(who|that) (made|had|placed|got) (a|an) {noun}"
                "|(who|that|which) (have |) {verb} (something|)",
                noun=self.rng.choice(thing.nouns), verb=self.rng.choice(verbs or ["had"]),
            )  # fmt: skip
        if thing.date and self.rng.random() < 0.5:
            when = date_phrase(self.rng, self.today, self.years)
            inner.append(when.within(thing.date))
            after = f"{after} {when.text}"
        word = "NOT EXISTS" if lacking else "EXISTS"
        sql = f"{word} {self.catalogue.exists(key, inner)}"
        return Condition(sql, frozenset(), after=after)

    def _gap(self, base: str) -> Condition | None:
        """How long it took from the thing's date to another of its dates: 'closed within 24 hours'."""
        thing = self.catalogue.things[base]
        ends = [(c, w) for c, w in thing.verbs if c != thing.date and w]
        if not ends or not thing.date:
            return None
        column, words = self.rng.choice(ends)
        hours = self.rng.random() < 0.4
        said, marker = number_phrase(self.rng, [12, 24, 36, 48, 72] if hours else [1, 2, 3, 5, 7, 10, 14, 30])
        gap = f"JULIANDAY({column}) - JULIANDAY({thing.date})"
        gap = f"({gap}) * 24" if hours else gap
        soon = self.rng.random() < 0.6
        start = [w for c, w in thing.verbs if c == thing.date]
        after = say(
            self.rng,
            "(that were |we |which got |that |) {done} (within|in under|in less than|in) {n} {unit} (of being {start}|after being {start}||)|(that took|taking) (less than|under) {n} {unit} (to be|to get|until) {done}" if soon
            else "(that were |we |that |) {done} (after more than|only after|more than|later than|over) {n} {unit} (after being {start}||)|(that took|taking|which took) (more than|over|longer than) {n} {unit} (to be|to get|until) {done}",
            done=self.rng.choice(words), n=said, start=self.rng.choice(start[0]) if start else "started",
            unit=self.rng.choice(["hours", "h", "hrs"]) if hours else "days",
        )  # fmt: skip
        return Condition(f"{gap} {'<=' if soon else '>'} {marker}", frozenset(), after=after, columns=frozenset([column]))

    def _running(self, base: str) -> Condition | None:
        """Things that have begun and not ended on the day of asking."""
        dates = [f for f in self.catalogue.fields if f.table == base and f.kind == "date"]
        start = next((f for f in dates if "start" in f.column), None)
        end = next((f for f in dates if "end" in f.column), None)
        if start is None or end is None:
            return None
        sql = f"{start.sql} <= CURRENT_DATE AND {end.sql} >= CURRENT_DATE"
        if self.rng.random() < 0.4:
            return Condition(sql, frozenset(), before=self.rng.choice(["running", "live", "ongoing", "current", "active"]))
        after = say(self.rng, "(that are |which are |) (live|running|active|ongoing|on) (right now|at the moment|now|currently|these days|)")
        return Condition(sql, frozenset(), after=after)

    def _verb_date(self, base: str) -> Condition | None:
        verbs = [(column, words) for column, words in self.catalogue.things[base].verbs if words]
        if not verbs:
            return None
        column, words = self.rng.choice(verbs)
        when = (
            long_ago(self.rng) if self.rng.random() < 0.15 else date_phrase(self.rng, self.today, self.years)
        )
        done = self.rng.choice(words)
        after = say(
            self.rng,
            "(|that were |which were |who |that |who have |which got |we ) {done} {when}",
            done=done,
            when=when.text,
        )
        return Condition(when.within(column), frozenset(), after=after)


_MISSING_THING = (
    "(without|with no|that have no|lacking|missing) (a |an |any |assigned |) {noun}"
    "|(that are|that were|) not (linked to|assigned to|part of|from|tied to) (a|an|any) {noun}"
    "|(that|which) (nobody|no {noun}) (has taken|handles|has)|that do not (belong to|have) (a|an|any) {noun}"
)
_HAVING_THING = "(with|that have|having|linked to|tied to|coming from|from|that belong to) (a|an|any) {noun}"
_MISSING = "(without|with no|that have no|missing|lacking) (a |an |any |) {name}|where (the |) {name} is (missing|unknown|empty)"
_NOT_DONE = (
    "(that|which|who) (were|have|have been|are|has|had|) (not|never|not yet|n't) (been |) {done}"
    "|not (yet |) {done}|(that|who|which) (haven't|hasn't|weren't|aren't|didn't get) (been |) {done} (yet|so far|)|still not {done}|never {done}"
)
