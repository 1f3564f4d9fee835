"""People's questions become rows in the form of Quarry's own; what does not fit is left out."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from training.base.corpora import HELD_OUT, spider, wikisql

SCHEMA = {
    "db": "farms",
    "tables": [
        {
            "name": "Farm",
            "words": "farms",
            "columns": [
                {"name": "Farm_ID", "words": "farm id", "type": "number"},
                {"name": "Name", "words": "name", "type": "text"},
                {"name": "Cows", "words": "cows", "type": "number"},
            ],
            "primary_key": ["Farm_ID"],
        },
        {
            "name": "barn",
            "words": "barns",
            "columns": [
                {"name": "Color", "words": "color", "type": "text"},
                {"name": "Farm_ID", "words": "farm id", "type": "number"},
            ],
            "primary_key": [],
        },
    ],
    "foreign_keys": [["barn.Farm_ID", "Farm.Farm_ID"]],
}
ASKED = [
    ("How many farms are there?", "SELECT count(*) FROM farm"),
    ("Names of farms with more than 30 cows", "SELECT name FROM farm WHERE cows > 30"),
    (
        'Farms that have a "red" barn',
        'SELECT T2.name FROM barn AS T1 JOIN farm AS T2 ON T1.farm_id = T2.farm_id WHERE T1.color = "red"',
    ),
    ("Pairs of farms", "SELECT T1.name FROM farm AS T1 JOIN barn AS T2 ON T1.cows = T2.color"),
    ("Farms with a blue barn", "SELECT name FROM farm WHERE farm_id = 'navy'"),
    ("Farms since 1999", "SELECT name FROM farm WHERE cows > 1999"),
    ("nonsense", "SELECT FROM WHERE"),
]
TABLE = [
    ("What is the rank of Ann?", 'SELECT RANK_FIELD FROM data WHERE NAME_FIELD = "ann"'),
    ("highest score", "SELECT MAX SCORE_FIELD FROM data"),
    ("which score has Bob", 'SELECT MAX SCORE_FIELD FROM data WHERE NAME_FIELD = "Bob"'),
    ("who scored more than 7", "SELECT NAME_FIELD FROM data WHERE SCORE_FIELD > 7"),
]


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    databases = ("farms", "yelp")
    asked = [{"db": db, "question": q, "sql": sql} for db in databases for q, sql in ASKED]
    _write(tmp_path / "spider_train.jsonl.gz", asked)
    _write(tmp_path / "spider_schemas.jsonl.gz", [SCHEMA | {"db": db} for db in databases])
    rows = [{"table": "1-1", "split": "train", "question": q, "sql": sql} for q, sql in TABLE]
    rows += [row | {"table": "1-2", "split": "test"} for row in rows]
    _write(tmp_path / "wikisql.jsonl.gz", rows)
    return tmp_path


def test_whole_databases(corpora: Path) -> None:
    (lesson,) = spider(corpora)
    assert lesson.name == "spider farms"
    assert lesson.rows == (
        ("<|ask|>how many farms are there<|sql|>", "SELECT COUNT(*) FROM Farm f"),
        (
            "<|ask|>names of farms with more than <n1> cows<|sql|>",
            "SELECT f.Name FROM Farm f WHERE f.Cows > <n1>",
        ),
        (
            "<|ask|>farms that have a <v1> barn|<v1>b.Color<|sql|>",
            "SELECT f.Name FROM barn b JOIN Farm f ON f.Farm_ID = b.Farm_ID WHERE b.Color = <v1>",
        ),
    )


def test_single_tables(corpora: Path) -> None:
    (lesson,) = wikisql(corpora)
    assert lesson.rows == (
        (
            "<|ask|>what is the rank of <v1>|<v1>d.name<|sql|>",
            "SELECT d.rank FROM data d WHERE d.name = <v1>",
        ),
        ("<|ask|>highest score<|sql|>", "SELECT MAX(d.score) FROM data d"),
        ("<|ask|>who scored more than <n1><|sql|>", "SELECT d.name FROM data d WHERE d.score > <n1>"),
    )


def test_what_somebody_is_measured_on_is_held_out(corpora: Path) -> None:
    assert {"academic", "advising", "atis", "scholar", "yelp", "restaurants", "broker"} <= HELD_OUT
    assert all("yelp" not in lesson.name for lesson in spider(corpora))
