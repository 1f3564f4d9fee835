"""A database that nobody has: things of one domain, named in some team's manner, filled at random."""

import random
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import yaml

from training.base.domains import Attribute, Thing, domains, pools, synonyms
from training.english import plural

TODAY = date(2026, 6, 17)
_OPEN_END = re.compile(
    r"^(end|clos|cancel|paid|return|fix|moved out|landed|discharg|deliver|repair|decid|fin)"
)
_TYPES = {"date": "DATE", "stamp": "TIMESTAMP", "flag": "INTEGER"}
_SHORT = {
    "number": "nr", "amount": "amt", "quantity": "qty", "date": "dt", "customer": "cust", "account": "acct",
    "department": "dept", "employee": "emp", "price": "prc", "product": "prod", "address": "addr",
    "average": "avg", "maximum": "max", "minimum": "min", "category": "cat", "organisation": "org",
    "transaction": "trx", "description": "descr", "percentage": "pct", "duration": "dur", "budget": "bdgt",
}  # fmt: skip


@dataclass(frozen=True)
class Manner:
    """How a team names: tables and columns from words, keys from the table's."""

    table: Callable[[str], str]
    column: Callable[[str], str]
    plain_id: bool
    prefixed: bool


def invent(seed: int, folder: Path) -> str:
    """Write `database.sqlite` and, for every second seed, a glossary into `folder`; gives the domain's name.

    The same seed gives the same database.
    """
    rng = random.Random(seed)
    name, told = rng.choice(sorted(domains().items()))
    things = _some(told, rng)
    manner = _manner(rng)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "database.sqlite"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        sizes: dict[str, int] = {}
        for thing in _parents_first(things):
            sizes[thing.words] = rng.randint(8, 40) if not thing.parents else rng.randint(40, 260)
            _fill(connection, thing, sizes, manner, rng)
    connection.close()
    if seed % 2:
        (folder / "glossary.yaml").write_text(
            yaml.safe_dump({"terms": _glossary(things, manner, rng)}, sort_keys=False)
        )
    return name


def _some(told: tuple[Thing, ...], rng: random.Random) -> list[Thing]:
    """Some of a domain's things, each with its name and most of its attributes; no key leads out of them."""
    count = rng.randint(min(2, len(told)), len(told))
    chosen = {thing.words for thing in rng.sample(told, count)}
    kept = []
    for thing in told:
        if thing.words in chosen:
            first, *others = thing.attributes
            share = rng.uniform(0.55, 1.0)
            attributes = (first, *(a for a in others if rng.random() < share))
            parents = tuple((parent, role) for parent, role in thing.parents if parent in chosen)
            kept.append(replace(thing, attributes=attributes, parents=parents))
    return kept


def _manner(rng: random.Random) -> Manner:
    def snake(words: str) -> str:
        return words.lower().replace(" ", "_")

    def short(words: str) -> str:
        return "_".join(_SHORT.get(word, word) for word in words.lower().split())

    def camel(words: str) -> str:
        return "".join(word.capitalize() for word in words.split())

    def lower_camel(words: str) -> str:
        return words.split()[0].lower() + camel(" ".join(words.split()[1:]))

    many: Callable[[str], str] = plural if rng.random() < 0.6 else str
    prefix = rng.choice(["", "", "", "", "tbl_", "t_", "fct_", "app_"])
    style = rng.choices([snake, short, camel, lower_camel], weights=[60, 14, 14, 12])[0]
    base = camel if style is camel else snake
    return Manner(
        table=lambda words: prefix + base(many(words)),
        column=style,
        plain_id=rng.random() < 0.55,
        prefixed=rng.random() < 0.15,
    )


def _named(thing: Thing, attribute: Attribute, manner: Manner) -> str:
    words = attribute.words
    if manner.prefixed and not words.startswith(thing.words):
        words = f"{thing.words} {words}"
    return manner.column(words)


def _key(thing: str, manner: Manner) -> str:
    return manner.column("id") if manner.plain_id else manner.column(f"{thing} id")


def _fill(
    connection: sqlite3.Connection, thing: Thing, sizes: dict[str, int], manner: Manner, rng: random.Random
) -> None:
    columns = [f'"{_key(thing.words, manner)}" INTEGER PRIMARY KEY']
    columns += [f'"{_named(thing, a, manner)}" {_type(a)}' for a in thing.attributes]
    for parent, role in thing.parents:
        target = f'REFERENCES "{manner.table(parent)}" ("{_key(parent, manner)}")'
        columns.append(f'"{manner.column(f"{role} id")}" INTEGER {target}')
    table = manner.table(thing.words)
    connection.execute(f'CREATE TABLE "{table}" ({", ".join(columns)})')
    rows = []
    for number in range(1, sizes[thing.words] + 1):
        values = [_value(a, number, rng) for a in thing.attributes]
        keys = [_parent_key(parent, thing.words, number, sizes, rng) for parent, _ in thing.parents]
        rows.append((number, *values, *keys))
    connection.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(columns))})', rows)


def _parent_key(parent: str, own: str, number: int, sizes: dict[str, int], rng: random.Random) -> int | None:
    """Some parents have no children; the first rows of a table that refers to itself have no parent."""
    if parent == own:
        return rng.randint(1, max(1, number // 3)) if number > 2 else None
    return rng.randint(1, max(1, round(sizes[parent] * 0.85)))


def _type(attribute: Attribute) -> str:
    if attribute.kind == "number":
        return "INTEGER" if attribute.whole else "REAL"
    return _TYPES.get(attribute.kind, "TEXT")


def _value(attribute: Attribute, number: int, rng: random.Random) -> object:
    kind = attribute.kind
    if kind == "number":
        if attribute.whole:
            return rng.randint(int(attribute.low), int(attribute.high))
        return round(rng.uniform(attribute.low, attribute.high), 2)
    if kind == "enum":
        return rng.choice(attribute.values)
    if kind == "flag":
        return int(rng.random() < 0.4)
    if kind in ("date", "stamp"):
        if _OPEN_END.match(attribute.words) and rng.random() < 0.3:
            return None
        day = datetime(TODAY.year, TODAY.month, TODAY.day, rng.randint(6, 22)) - timedelta(
            rng.randint(0, 1000)
        )
        return day.date().isoformat() if kind == "date" else day.isoformat(" ")
    return _name(kind, number, rng) if rng.random() > 0.02 or kind in ("title", "person") else None


def _name(kind: str, number: int, rng: random.Random) -> str:
    pick = {name: rng.choice(words) for name, words in pools().items()}
    made = {
        "person": f"{pick['first']} {pick['last']}",
        "company": f"{pick['last']} {pick['firm']}",
        "title": f"{pick['adjective']} {pick['noun']}",
        "place": f"{pick['noun']} {pick['spot']}",
        "code": f"{pick['noun'][:2].upper()}{number:03d}",
        "text": f"{pick['adjective'].lower()} {pick['noun'].lower()}",
    }
    return made.get(kind) or pick[kind]


def _parents_first(things: list[Thing]) -> list[Thing]:
    by_name = {thing.words: thing for thing in things}
    order: list[Thing] = []

    def visit(thing: Thing) -> None:
        for parent, _ in thing.parents:
            if parent != thing.words and by_name[parent] not in order:
                visit(by_name[parent])
        if thing not in order:
            order.append(thing)

    for thing in things:
        visit(thing)
    return order


def _glossary(things: list[Thing], manner: Manner, rng: random.Random) -> list[dict[str, object]]:
    """Terms for most of what has other words."""
    terms: list[dict[str, object]] = []
    for thing in things:
        words = synonyms().get(thing.words) or synonyms().get(thing.words.split()[-1], [])
        if rng.random() < 0.7:
            date = next((a for a in thing.attributes if a.kind in ("date", "stamp")), None)
            term = _term(thing.words, "table", manner.table(thing.words), words, rng)
            if date:
                term["date"] = f"{manner.table(thing.words)}.{_named(thing, date, manner)}"
            terms.append(term)
        for attribute in thing.attributes:
            others = synonyms().get(attribute.words) or synonyms().get(attribute.words.split()[-1], [])
            if others and rng.random() < 0.7:
                column = f"{manner.table(thing.words)}.{_named(thing, attribute, manner)}"
                term = _term(attribute.words, "column", column, others, rng)
                if all(t["term"] != term["term"] for t in terms):
                    terms.append(term)
    return terms


def _term(words: str, role: str, name: str, others: list[str], rng: random.Random) -> dict[str, object]:
    drawn = [other for other in others if rng.random() < 0.8]
    return {"term": words, "meaning": words, role: name, "synonyms": drawn}
