"""Nothing that a case asks for may have been taught."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.suite.case import Case
from evals.suite.leak import BATCH, leaks, read_pairs
from graph.checks import CheckContext
from knowledge.errors import SettingsError
from knowledge.examples import Example

GOLD = "SELECT {name, id} FROM staff WHERE is_test = 0 AND team = 'A' AND pay > 150"
CASE = Case("rich", "Who of team A has more than 150?", gold=(GOLD,), file="dev.yaml", line=3)
SPIDER = Path(__file__).parents[4] / "shared" / "corpora" / "spider_train.jsonl.gz"


def kinds(question: str, sql: str, context: CheckContext, case: Case = CASE) -> list[str]:
    return [leak.kind for leak in leaks([case], [Example(question, sql)], context)]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("who of team a has MORE than 150", ["question"]),
        ("Who of team A has more then 150?", ["question"]),
        ("Who of team B has more than 250?", ["wording"]),
        ("Who of team B has more than 150?", ["wording"]),
        ("Who of team A earns best?", []),
    ],
)
def test_a_question_that_is_taught_is_found(question: str, found: list[str], ruled: CheckContext) -> None:
    assert kinds(question, "SELECT id FROM staff WHERE team = 'B' AND pay > 7", ruled) == found


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT s.id FROM staff AS s WHERE s.pay > 150 AND s.is_test = 0 AND 'A' = s.team", ["sql"]),
        ("select id from STAFF where team = 'A' and 150 < pay", ["sql"]),
        ("SELECT name AS team, id AS pay FROM staff WHERE team = 'A' AND pay > 150", ["sql"]),
        ("SELECT id FROM staff WHERE team = 'a' AND pay > 150", []),
        ("SELECT id FROM staff WHERE team = <v1> AND pay > 150", []),
        ("SELECT id FROM staff WHERE team = 'A' AND pay > 150 AND boss = 1", []),
        ("SELECT COUNT(id) FROM staff WHERE team = 'A' AND pay > 150", []),
        ("SELECT id FROM staff WHERE team = 'A' AND pay > 150 (", []),
    ],
)
def test_sql_that_is_taught_is_found_however_it_is_written(
    sql: str, found: list[str], ruled: CheckContext
) -> None:
    assert kinds("Something else altogether", sql, ruled) == found


def test_a_follow_up_is_not_taught_by_its_last_words_alone(ruled: CheckContext) -> None:
    follow_up = Case("next", "And in team B?", previous=("Who works in team A?",))
    assert kinds("And in team B?", "SELECT 1", ruled, follow_up) == []
    assert kinds("Who works in team A? And in team B?", "SELECT 1", ruled, follow_up) == ["question"]


def test_a_long_corpus_is_read_once_and_each_leak_told_once(ruled: CheckContext) -> None:
    read = 0

    def corpus() -> Iterator[Example]:
        nonlocal read
        for number in range(2 * BATCH + 10):
            read += 1
            yield Example(f"What is number {number}?", "SELECT 1")
        yield from [Example(CASE.question, "SELECT 1")] * 3

    (found,) = leaks([CASE], corpus(), ruled)
    assert (found.case, found.kind, read) == (CASE, "question", 2 * BATCH + 10)


@pytest.mark.parametrize("packed", [False, True])
def test_pairs_are_read_from_json_lines(packed: bool, tmp_path: Path) -> None:
    rows = [{"question": "Who?", "sql": "SELECT 1"}, {"question": "What?", "target": "SELECT 2", "kind": "x"}]
    text = "\n".join(map(json.dumps, rows)).encode()
    path = tmp_path / ("pairs.jsonl.gz" if packed else "pairs.jsonl")
    path.write_bytes(gzip.compress(text) if packed else text)
    assert [(pair.question, pair.sql) for pair in read_pairs(path)] == [
        ("Who?", "SELECT 1"),
        ("What?", "SELECT 2"),
    ]


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"question": "Who?"}', '{"sql": "SELECT 1"}'])
def test_a_line_that_is_no_pair_is_told(line: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"question": "Who?", "sql": "SELECT 1"}\n' + line)
    with pytest.raises(SettingsError, match="line 2: this is no pair"):
        list(read_pairs(path))


@pytest.mark.skipif(not SPIDER.is_file(), reason=f"the corpus {SPIDER.name} is not here")
def test_a_public_corpus_is_looked_through(ruled: CheckContext) -> None:
    (one, *_) = read_pairs(SPIDER)
    taught = Case("copied", one.question, gold=("SELECT id FROM staff",))
    assert {leak.kind for leak in leaks([taught, CASE], read_pairs(SPIDER), ruled)} == {"question"}
