"""Conditions on what a column stores: a code, a name, a flag, a number, or a segment of the glossary."""

import re

from training.conditions.ground import Condition, Ground
from training.english import say
from training.phrases import number_phrase, value_marker
from training.things import Field

SELDOM = 0.9
"""So often a column that holds one value everywhere is not spoken of."""


def enum_value(ground: Ground, base: str) -> Condition | None:
    fields = [f for f in ground.fields(base, "enum") if f.values]
    if not fields:
        return None
    found = ground.rng.choice(fields)
    if len(found.values) == 1 and ground.rng.random() < SELDOM:
        return None
    stored, words = ground.rng.choice(found.values)
    if not words:
        return None
    literal = f"'{stored}'" if isinstance(stored, str) else str(stored)
    rng, word, name = ground.rng, ground.rng.choice(words), ground.rng.choice(found.words)
    columns = frozenset([f"{found.table}.{found.column}"])
    needs = frozenset([found.table])
    if rng.random() < 0.08:
        return Condition(
            f"{found.sql} <> {literal}", needs, columns=columns, after=say(rng, _NOT_SO, word=word)
        )
    if rng.random() < 0.08 and len(found.values) > 2:
        other, others = rng.choice([v for v in found.values if v[0] != stored])
        if others:
            second = f"'{other}'" if isinstance(other, str) else str(other)
            after = say(rng, "(with|for|in|via|by|on|) {a} (or|and) {b}", a=word, b=rng.choice(others))
            return Condition(f"{found.sql} IN ({literal}, {second})", needs, after=after, columns=columns)
    if rng.random() < 0.5:
        return Condition(f"{found.sql} = {literal}", needs, before=word, columns=columns)
    owner = ground.owner(base, found)
    after = (
        say(
            rng,
            "(with|having|where|for|by|of) (the |) {name} (is |of |= |) {word}"
            "|(from|in|on|by|via|through|with|for|using|at|paid by|to) (the |) {word} (|{name}|{owner})"
            "|(with a|that are|which are|that were|who are|that have been|in status|marked|flagged"
            "|currently) {word}",
            name=name,
            word=word,
            owner=owner,
        )
        if rng.random() < 0.8
        else say(rng, "{word} {owner}", word=word, owner=owner)
    )
    return Condition(f"{found.sql} = {literal}", needs, after=after, columns=columns)


_NOT_SO = (
    "(not|other than|except|excluding|apart from|but not) {word}"
    "|(that|which|who) (are not|aren't|arent|are not yet|weren't|were not) {word} (yet|)|not {word} yet"
    "|(that|which) (isn't|is not|are still not) {word}"
)


def open_value(ground: Ground, base: str) -> Condition | None:
    fields = [f for f in ground.fields(base, "open") if ground.catalogue.open_values[f"{f.table}.{f.column}"]]
    names = [
        t
        for t in ground.catalogue.things.values()
        if len(t.label) == 2 and t.table in ground.catalogue.routes.reachable(base)
    ]
    rng = ground.rng
    if names and rng.random() < 0.12:
        return person(ground, base, rng.choice(names).table)
    if not fields:
        return None
    found = rng.choice(fields)
    column = f"{found.table}.{found.column}"
    value = rng.choice(ground.catalogue.open_values[column])
    said = _said(ground, column, value)
    name = rng.choice(found.words)
    owner = ground.owner(base, found)
    marker = value_marker(column, value)
    if rng.random() < 0.15:
        other = rng.choice(ground.catalogue.open_values[column])
        if other != value:
            after = say(
                rng, "(from|in|for|of|with|on) {a} (and|or) {b}", a=said, b=_said(ground, column, other)
            )
            sql = f"{found.sql} IN ({marker}, {value_marker(column, other)})"
            return Condition(sql, frozenset([found.table]), after=after, columns=frozenset([column]))
    if rng.random() < 0.06:
        after = say(rng, "(outside|outside of|not in|not from|except|excluding|other than) {said}", said=said)
        return Condition(f"{found.sql} <> {marker}", frozenset([found.table]), after=after)
    before, after = "", ""
    if rng.random() < 0.2:
        before = said
    else:
        after = say(
            rng,
            "(from|in|for|of|by|with|on|to|at|via|out of|based in|located in|who live in|containing"
            "|called) (the |) {said}|(from|in|for|of|by|with|on|to|at) (the |) {said} "
            "(|{name}|{owner}|{owner})|(from|in|for|of|with|where|where the) {name} (is|=|) {said}",
            said=said,
            name=name,
            owner=owner,
        )
    return Condition(
        f"{found.sql} = {marker}", frozenset([found.table]), before, after, columns=frozenset([column])
    )


def _said(ground: Ground, column: str, value: str) -> str:
    """The value as stored, in lower case, or in one of the glossary's words for it."""
    field_words = (
        dict(ground.catalogue.by_column[column].values) if column in ground.catalogue.by_column else {}
    )
    words = [w for v, w in field_words.items() if v == value]
    if words and words[0] and ground.rng.random() < 0.4:
        return ground.rng.choice(words[0])
    return value if ground.rng.random() < 0.6 else value.lower()


def person(ground: Ground, base: str, table: str) -> Condition | None:
    people = ground.catalogue.people(table)
    if not people:
        return None
    alias = ground.catalogue.schema.aliases[table]
    name = ground.rng.choice(people)
    after = say(
        ground.rng,
        "(by|of|from|for|handled by|assigned to|belonging to|made by|of customer) {name}",
        name=name,
    )
    marker = value_marker(f"{table}.full_name", name)
    sql = f"{alias}.first_name || ' ' || {alias}.last_name = {marker}"
    return Condition(sql, frozenset([table]), after=after)


def segment(ground: Ground, base: str) -> Condition | None:
    reach = ground.catalogue.routes.reachable(base)
    fitting = [s for s in ground.catalogue.segments if s.base in reach]
    own = [s for s in fitting if s.base == base]
    if not fitting:
        return None
    found = ground.rng.choice(own * 3 + fitting)
    words = ground.rng.choice(found.words)
    if found.base == base:
        if ground.rng.random() < 0.75:
            return Condition(found.sql, found.needs, instead=words)
        after = say(ground.rng, "(that are|which are|who are|counting only|only) {w}", w=words)
        return Condition(found.sql, found.needs, after=after)
    return Condition(
        found.sql, found.needs, after=say(ground.rng, "(of|from|by|for|with|on|in) {w}", w=words)
    )


def flag(ground: Ground, base: str) -> Condition | None:
    fields = [f for f in ground.fields(base, "flag") if f.table == base] or ground.fields(base, "flag")
    if not fields:
        return None
    found = ground.rng.choice(fields)
    stored, words = ground.rng.choice(found.values) if found.values else (1, ())
    if not words:
        return None
    word = ground.rng.choice(words)
    columns = frozenset([f"{found.table}.{found.column}"])
    sql = f"{found.sql} = {stored}"
    if ground.rng.random() < 0.4:
        return Condition(sql, frozenset([found.table]), before=word, columns=columns)
    after = say(ground.rng, "(that are|who are|which are|who|that|with|) {word}", word=word)
    return Condition(sql, frozenset([found.table]), after=after, columns=columns)


def _nameless(found: Field) -> str:
    """How a figure is compared without its name, where English has words for its kind."""
    if re.search(r"price|cost|amount|budget", found.column):
        return "|(that cost|costing|worth|priced at|of|) {word} {n} {unit}"
    return "|that take {word} {n}" if "days" in found.column else ""


def number(ground: Ground, base: str) -> Condition | None:
    fields = [f for f in ground.fields(base, "number") if f.table == base] or ground.fields(base, "number")
    if not fields:
        return None
    found = ground.rng.choice(fields)
    name = ground.rng.choice(found.words)
    said, marker = number_phrase(ground.rng, ground.catalogue.numbers(found))
    more = ground.rng.random() < 0.65
    word = ground.rng.choice(
        ["over", "above", "more than", "greater than", "higher than", "exceeding"]
        if more
        else ["under", "below", "less than", "lower than"]
    )
    sign = ">" if more else "<"
    if ground.rng.random() < 0.2:
        word, sign = ground.rng.choice(
            [
                ("at least", ">="),
                ("at most", "<="),
                ("of exactly", "="),
                ("no more than", "<="),
                ("equal to", "="),
            ]
        )
    after = say(
        ground.rng,
        "(with|having) (a |an |) {name} (of |) {word} {n}"
        "|(where|whose) (the |) {name} (is|was) {word} {n}|{word} {n} (|{unit}) {name}"
        "|{name} {word} {n}" + _nameless(found),
        name=name,
        word=word,
        n=said,
        unit=ground.rng.choice(["euros", "EUR", "€", ""]),
    )
    return Condition(f"{found.sql} {sign} {marker}", frozenset([found.table]), after=after)
