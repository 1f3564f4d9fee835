"""Lessons from corpora of people's questions: what they ask, in their words, about schemas of others.

Spider (CC BY-SA 4.0, Yu et al. 2018) and WikiSQL (BSD-3-Clause, Zhong et al. 2017), by text2sql-data.
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from graph.canonical import NotCanonicalError, canonical
from graph.specialist import ASK, WRITE
from knowledge.link import tidy
from knowledge.plural import singular_noun
from knowledge.schema import Column, ForeignKey, Schema, Table
from training.base.lessons import Lesson
from training.pieces import Words, head, pieces
from training.query import join_text

HELD_OUT = frozenset(
    (
        *("academic", "advising", "atis", "scholar", "yelp", "restaurants", "restaurant", "broker"),
        *("car_dealership", "derm_treatment", "ewallet", "geo", "geography", "imdb"),
    )
)
"""Databases that somebody is measured on."""

FEWEST = 4  # questions that a table of WikiSQL must have, so that its columns are known
_AGGREGATE = re.compile(r"SELECT (?:(MAX|MIN|SUM|AVG|COUNT) )?(\S+_FIELD) FROM data(?: WHERE (.+))?$")
_CONDITION = re.compile(r"(\S+_FIELD) (=|<|>) (?:\"([^\"]*)\"|(-?[\d.]+))$")
_SAID = {
    "MAX": r"max|high|most|larg|latest|last|great|top|best|big|long|more than one",
    "MIN": r"min|low|least|small|earl|first|few|short",
    "SUM": r"sum|total|how (many|much)|combined|altogether",
    "AVG": r"average|mean",
    "COUNT": r"how many|number of|count|total",
}
_YEAR = re.compile(r"\b(1[89]|20)\d\d\b")
_TYPES = {"number": "INTEGER", "text": "TEXT", "time": "DATE", "boolean": "INTEGER"}


def spider(folder: Path) -> Iterator[Lesson]:
    """One lesson for each database of Spider's training part that is not held out."""
    asked: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _lines(folder / "spider_train.jsonl.gz"):
        asked[row["db"]].append((row["question"], row["sql"]))
    for told in _lines(folder / "spider_schemas.jsonl.gz"):
        name = told["db"]
        if name in asked and not any(part in HELD_OUT for part in (name, re.sub(r"_\d+$", "", name))):
            schema, words = _schema(told)
            rows = tuple(_rows(asked[name], schema))
            if rows:
                yield Lesson(f"spider {name}", tuple(pieces(schema, words)), head(schema), rows)


def _schema(told: dict[str, Any]) -> tuple[Schema, Words]:
    """Names that need quotes are left out."""
    tables = []
    words = Words({}, {})
    for table in told["tables"]:
        if not table["name"].isidentifier():
            continue
        columns = [c for c in table["columns"] if c["name"].isidentifier()]
        made = tuple(Column(c["name"], _TYPES.get(c["type"], "TEXT")) for c in columns)
        tables.append(Table(table["name"], made, tuple(table["primary_key"])))
        words.tables[table["name"]] = singular_noun(table["words"])
        words.columns.update({(table["name"], c["name"]): c["words"] for c in columns})
    known = {(t.name, c.name) for t in tables for c in t.columns}
    ends = [[tuple(end.split(".", 1)) for end in key] for key in told["foreign_keys"]]
    keys = tuple(
        ForeignKey(child[0], (child[1],), parent[0], (parent[1],))
        for child, parent in ends
        if child in known and parent in known
    )
    return Schema("sqlite", tuple(sorted(tables, key=lambda t: t.name)), keys), words


def _rows(asked: Iterable[tuple[str, str]], schema: Schema) -> Iterator[tuple[str, str]]:
    joins = {join_text(schema, key) for key in schema.foreign_keys}
    for question, sql in asked:
        try:
            tree = sqlglot.parse_one(sql.rstrip("; "), dialect="sqlite")
            for column in list(tree.find_all(exp.Column)):
                if column.this.args.get("quoted") and not column.table:  # Spider writes "text" so
                    column.replace(exp.Literal.string(column.name))
            text = canonical(tree, schema)
        except (SqlglotError, NotCanonicalError):
            continue
        ways = re.findall(r"JOIN \S+ \S+ ON \S+ = \S+", text)
        if " JOIN " in text and not all(way in joins for way in ways):
            continue  # a join along no key teaches nothing of keys
        row = _slotted(question, text)
        if row is not None:
            yield row


def wikisql(folder: Path) -> Iterator[Lesson]:
    """One lesson for each table of WikiSQL's training part that has enough questions."""
    asked: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _lines(folder / "wikisql.jsonl.gz"):
        if row["split"] == "train":
            asked[row["table"]].append((row["question"], row["sql"]))
    for name, questions in asked.items():
        if len(questions) >= FEWEST and (lesson := _of_table(name, questions)) is not None:
            yield lesson


def _of_table(name: str, questions: list[tuple[str, str]]) -> Lesson | None:
    parsed = [(q, found) for q, sql in questions if (found := _parsed(sql)) and _means(q, found[0])]
    columns: dict[str, str] = {}
    for _, (_, column, conditions) in parsed:
        columns.setdefault(column, "TEXT")
        for other, sign, _, number in conditions:
            columns.setdefault(other, "TEXT")
            if number or sign != "=":
                columns[other] = "REAL"
    made = tuple(Column(_plain(column), kind) for column, kind in sorted(columns.items()))
    if len({c.name for c in made}) < max(2, len(made)) or not all(c.name.isidentifier() for c in made):
        return None
    schema = Schema("sqlite", (Table("data", made),))
    words = Words({"data": "row"}, {("data", c.name): c.name.replace("_", " ") for c in made})
    rows = []
    for question, (function, column, conditions) in parsed:
        what = f"d.{_plain(column)}"
        sql = f"SELECT {f'{function}({what})' if function else what} FROM data d"
        said = [
            f"d.{_plain(other)} {sign} " + (number or "'" + text.replace("'", "''") + "'")
            for other, sign, text, number in conditions
        ]
        sql += " WHERE " + " AND ".join(said) if said else ""
        row = _slotted(question, sql)
        if row is not None:
            rows.append(row)
    return (
        Lesson(f"wikisql {name}", tuple(pieces(schema, words)), head(schema), tuple(rows)) if rows else None
    )


Conditions = list[tuple[str, str, str, str]]


def _parsed(sql: str) -> tuple[str, str, Conditions] | None:
    found = _AGGREGATE.match(sql)
    if found is None:
        return None
    parts = [_CONDITION.match(part) for part in re.split(r" AND (?=\S+_FIELD )", found[3] or "") if part]
    if not all(parts):
        return None
    conditions = [(p[1], p[2], p[3] or "", p[4] or "") for p in parts if p]
    return found[1] or "", found[2], conditions


def _means(question: str, function: str) -> bool:
    """WikiSQL's aggregates are often wrong: one that the question has no word for is not believed."""
    return not function or bool(re.search(_SAID[function], question.lower()))


def _plain(column: str) -> str:
    return re.sub(r"\W+", "_", column.removesuffix("_FIELD").lower()).strip("_")


def _slotted(question: str, sql: str) -> tuple[str, str] | None:
    """(prompt, target) with slots for literals; None where one is not in the question, or more is in it."""
    if _YEAR.search(question):
        return None  # Quarry reads it as a stretch of time
    text = " " + question.replace("\u2019", "'") + " "
    try:
        tree = sqlglot.parse_one(sql, dialect="sqlite")
    except SqlglotError:  # a name that is a keyword
        return None
    slots: dict[tuple[bool, str], str] = {}
    spans: list[tuple[int, int, tuple[bool, str]]] = []
    for node in tree.find_all(exp.Literal):
        key = (bool(node.is_string), node.name)
        found = re.search(rf"(?<![\w<]){re.escape(node.name)}(?!\w)", text, re.IGNORECASE)
        if key[0] and not found:
            return None
        if found and all(found.start() >= end or found.end() <= start for start, end, _ in spans):
            spans.append((found.start(), found.end(), key))
    count = {True: 0, False: 0}
    said, place = "", 0
    for start, end, key in sorted(spans):
        count[key[0]] += 1
        slots[key] = f"<{'v' if key[0] else 'n'}{count[key[0]]}>"
        said += text[place:start].lower() + slots[key]
        place = end
    said += text[place:].lower()
    if max(count.values()) > 6 or re.search(r"\d", re.sub(r"<[vn]\d>", "", said)):
        return None
    links = _links(tree, slots)
    for node in list(tree.find_all(exp.Literal)):
        if slot := slots.get((bool(node.is_string), node.name)):
            node.replace(exp.Var(this=slot))
        elif node.is_string:
            return None
    target = re.sub(r"\b(FROM|JOIN) (\w+) AS (\w+)", r"\1 \2 \3", tree.sql(dialect="sqlite"))
    return f"{ASK}{tidy(said)}{links}{WRITE}", target


def _links(tree: exp.Expr, slots: dict[tuple[bool, str], str]) -> str:
    """The column that each value is compared with, as the linker would tell it."""
    told = []
    for (is_text, name), slot in slots.items():
        if not is_text:
            continue
        for node in tree.find_all(exp.Literal):
            if node.is_string and node.name == name and node.parent is not None:
                column = node.parent.find(exp.Column)
                if column is not None:
                    told.append(f"|{slot}{column.table}.{column.name}")
                    break
    return "".join(sorted(told))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
