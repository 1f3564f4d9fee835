"""Suites of others: SQL-Eval's CSV, Spider's and BIRD's JSON, with the layout of their databases."""

import datetime as dt
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from evals.suite.case import load_suite
from knowledge.errors import SettingsError

HEADER = "db_name,query_category,question,query,instructions,full_instructions"
CSV = f"""{HEADER}
bakery,group_by,"Which loaves sell,
and how many?","SELECT {{loaf, id}}, SUM(1) FROM s GROUP BY {{}};SELECT 1",,Loaves are breads.
bakery,order_by,Sort by price.,SELECT loaf FROM loaves ORDER BY 2,Dearest first means DESC.,Loaves are breads.
ferry,ratio,Sort out what share of trips was late,SELECT AVG(late) FROM trips,,
"""
SPIDER = [
    {
        "db_id": "bakery",
        "question": "Name the loaves from cheap to dear.",
        "query": "SELECT loaf FROM loaves ORDER BY price",
    },
    {
        "db_id": "ferry",
        "question": "How many trips?",
        "query": "SELECT count(*) FROM (SELECT * FROM trips ORDER BY id)",
    },
]
BIRD = [
    {
        "question_id": 7,
        "db_id": "ferry",
        "question": "How many trips were late?",
        "evidence": "late means late = 1",
        "SQL": "SELECT COUNT(*) FROM trips WHERE late = 1",
        "difficulty": "simple",
    },
    {
        "question_id": 9,
        "db_id": "bakery",
        "question": "How many loaves?",
        "evidence": "",
        "SQL": "SELECT COUNT(*) FROM loaves",
    },
]


def database(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    sqlite3.connect(path).close()
    path.touch()
    return path


def write(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return path


@pytest.fixture
def spider(tmp_path: Path) -> Path:
    for name in ("bakery", "ferry"):
        database(tmp_path / "database" / name / f"{name}.sqlite")
    return write(tmp_path / "dev.json", SPIDER)


def test_a_file_of_spider_is_read_with_its_databases(spider: Path) -> None:
    first, second = load_suite(spider)
    assert (first.id, first.suite, first.origin) == ("dev-00001", "dev", "spider")
    assert first.golds == ("SELECT loaf FROM loaves ORDER BY price",)
    assert first.database == str(spider.parent / "database" / "bakery" / "bakery.sqlite")
    assert (first.tags, first.line, second.line) == (("bakery",), 2, 7)


def test_order_matters_to_spider_where_the_gold_sorts_at_its_top_level(spider: Path) -> None:
    assert [case.ordered for case in load_suite(spider)] == [True, False]


@pytest.mark.parametrize("lines", [False, True])
def test_a_file_of_bird_is_read_as_an_array_or_as_lines(lines: bool, tmp_path: Path) -> None:
    for name in ("bakery", "ferry"):
        database(tmp_path / "dev_databases" / name / f"{name}.sqlite")
    text = "\n".join(map(json.dumps, BIRD)) if lines else json.dumps(BIRD, indent=1)
    first, second = load_suite(write(tmp_path / ("mini.jsonl" if lines else "mini.json"), text))
    assert (first.id, first.category, first.evidence) == ("mini-7", "simple", "late means late = 1")
    assert (second.id, second.category, second.tags, second.ordered) == ("mini-9", "bird", ("bakery",), False)
    assert second.database.endswith("dev_databases/bakery/bakery.sqlite")
    assert second.line == (2 if lines else 10)


def test_a_csv_of_sql_eval_is_read_with_braces_and_alternatives(tmp_path: Path) -> None:
    first, second, third = load_suite(write(tmp_path / "gen.csv", CSV), "postgresql://me@host/{db_name}")
    assert len(first.golds) == 4
    assert (first.evidence, second.evidence, third.evidence) == (
        "Loaves are breads.",
        "Dearest first means DESC.",
        "",
    )
    assert [case.ordered for case in (first, second, third)] == [False, True, False]
    assert [case.line for case in (first, second, third)] == [2, 4, 5]
    assert (first.database, third.database) == ("postgresql://me@host/bakery", "postgresql://me@host/ferry")
    assert (first.id, first.category, first.tags, first.origin) == (
        "gen-0001",
        "group_by",
        ("bakery",),
        "sql-eval",
    )


@pytest.mark.parametrize("shape", ["{0}.sqlite", "{0}/{0}.sqlite", "{0}.duckdb"])
def test_databases_may_lie_in_a_folder_of_any_known_shape(shape: str, tmp_path: Path) -> None:
    files = [database(tmp_path / "dbs" / shape.format(name)) for name in ("bakery", "bakery", "ferry")]
    cases = load_suite(write(tmp_path / "gen.csv", CSV), "dbs")
    assert [case.database for case in cases] == [str(file) for file in files]


def test_a_suite_of_our_own_may_stand_for_a_file_of_others(spider: Path) -> None:
    write(
        spider.parent / "public.yaml",
        "from: dev.json\ndatabase: database/{db_id}/{db_id}.sqlite\ntoday: 2020-01-01\norigin: benchmark\n",
    )
    first, _ = load_suite(spider.parent / "public.yaml")
    assert (first.suite, first.origin, first.today) == ("public", "benchmark", dt.date(2020, 1, 1))
    assert first.database == str(spider.parent / "database" / "bakery" / "bakery.sqlite")
    assert first.file.endswith("dev.json")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from: dev.json\ncases: []\n", "line 2: `cases` does not go with `from`"),
        ("from: nowhere.json\n", "line 1: `from` must name a CSV or JSON file that exists"),
    ],
)
def test_a_suite_that_stands_for_nothing_is_told(text: str, why: str, spider: Path) -> None:
    with pytest.raises(SettingsError, match=why):
        load_suite(write(spider.parent / "public.yaml", text))


@pytest.mark.parametrize(
    ("change", "line", "why"),
    [
        (("db_name", "db_nme"), "line 1", "did you mean `db_nme`?"),
        (("ferry,ratio", "fery,ratio"), "line 5", "did you mean `ferry`?"),
        (("ferry,ratio", "moon,ratio"), "line 5", "there is no database `moon`; put moon/moon.sqlite into"),
        (("ferry,ratio", "../x,ratio"), "line 5", "there is no database `../x`"),
        (("SELECT AVG(late) FROM trips", ""), "line 5", "`query` is missing"),
        (("SELECT AVG(late)", "SELECT {AVG(late)"), "line 5", "no closing one"),
        (("FROM trips,,", 'FROM trips,,"'), "line 4", "this is not valid CSV"),
    ],
)
def test_a_fault_of_a_csv_is_told_with_its_line(
    change: tuple[str, str], line: str, why: str, tmp_path: Path
) -> None:
    for name in ("bakery", "ferry"):
        database(tmp_path / "dbs" / f"{name}.sqlite")
    with pytest.raises(SettingsError) as caught:
        load_suite(write(tmp_path / "gen.csv", CSV.replace(*change)), "dbs")
    assert line in str(caught.value)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[{"db_id": "bakery"', "line 1: this is not valid JSON"),
        ('[{"query": "SELECT 1", "db_id": "bakery", "question": "x"} {}]', "a comma or a closing bracket"),
        (
            '[\n{"query": "SELECT 1", "db_id": "bakery", "question": "x"},\n7]',
            "line 3: each entry must be a mapping",
        ),
        ('[{"db_id": "bakery", "question": "x"}]', "this is no suite that can be read"),
        ('[{"query": "SELECT 1", "question": "x"}]', "`db_id` is missing"),
        ('[{"query": "SELECT 1", "db_id": "bakery", "question": " "}]', "`question` is missing"),
        ("[]", "has no cases"),
        (
            '[{"SQL": "SELECT 1", "db_id": "bakery", "question": "x", "question_id": 1},\n'
            '{"SQL": "SELECT 1", "db_id": "bakery", "question": "x", "question_id": 1}]',
            "line 2: the id 'dev-1'",
        ),
    ],
)
def test_a_fault_of_a_json_file_is_told_with_its_line(text: str, why: str, spider: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_suite(write(spider, text))
    assert why in str(caught.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    for name in ("a.json", "a.csv", "a.yaml"):
        (tmp_path / name).write_bytes(b"\xff\xfe\x00")
        with pytest.raises(SettingsError, match="is not UTF-8 text"):
            load_suite(tmp_path / name)
