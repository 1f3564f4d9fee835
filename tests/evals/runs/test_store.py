"""The store of runs, on SQLite and on PostgreSQL."""

import csv
import datetime as dt
import io
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evals.runs.export import export
from evals.runs.info import Run, RunInfo, new_id
from evals.runs.score import Score
from evals.runs.store import RunStore
from evals.verdict import Verdict
from knowledge.errors import SettingsError
from tests.servers.postgres import postgres

DAY = dt.datetime(2025, 11, 14, 9, 30, tzinfo=dt.UTC)
INFO = RunInfo("a", ("dev", "limits"), "m", "full", "sum", "schema", "data", 7, 2, 3, "0.1", DAY)


def scored(case: str, **given: object) -> Score:
    facts: dict[str, object] = {
        "question": f"{case}?\x00\ud83d",
        "category": "any",
        "verdict": Verdict.SUPERSET,
        "suite": "dev",
        "right": True,
        "rows": ((1, "é", None, 0.1), (2, "b", True, 2**70)),
        "record": {"prompts": [{"head": "h"}], "linked": {}},
        "times": {"model": 1.5},
        "tags": ("x",),
        "cost": 0.001,
    }
    return Score(case=case, **{**facts, **given})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as started:
        yield started.url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunStore]:
    on_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/evals.sqlite" if on_file else request.getfixturevalue("server")
    opened = RunStore(url)
    yield opened
    for info in opened.all():
        opened.delete(info.id)
    opened.close()


def test_a_run_comes_back_as_it_was(store: RunStore) -> None:
    assert store.create(INFO) == INFO
    scores = (scored("one"), scored("two", repeat=1), scored("two", suite="limits"))
    for score in scores:
        store.append("a", score)
    assert store.get("a") == Run(INFO, scores)
    assert store.find("a") == INFO
    assert store.find("b") is None


def test_scores_come_in_the_order_of_their_places(store: RunStore) -> None:
    store.create(INFO)
    store.append("a", scored("late"), 5)
    store.append("a", scored("early"), 1)
    store.append("a", scored("last"))
    assert [score.case for score in store.get("a").scores] == ["early", "late", "last"]
    store.append("a", scored("late", verdict=Verdict.WRONG), 5)
    assert [score.verdict for score in store.get("a").scores][1] is Verdict.WRONG
    store.arrange("a", [("dev", "last", 0), ("dev", "new", 0), ("dev", "early", 0)])
    assert [score.case for score in store.get("a").scores] == ["last", "early"]


def test_the_latest_run_is_found_by_what_it_was_of(store: RunStore) -> None:
    store.create(INFO)
    store.create(replace(INFO, id="b", suites=("limits", "dev"), started=DAY + dt.timedelta(1)))
    store.create(replace(INFO, id="c", model="other", started=DAY + dt.timedelta(2)))
    assert [info.id for info in store.all()] == ["c", "b", "a"]
    found = store.latest(("dev", "limits"), "m", "full")
    assert found is not None
    assert found.id == "b"
    assert store.latest(("dev",)) is None
    assert (store.latest() or INFO).id == "c"
    assert store.latest(setup="single-shot") is None


def test_a_run_is_finished_reopened_and_forgotten(store: RunStore) -> None:
    begun = store.create(replace(INFO, started=None))
    assert begun.started
    store.append("a", scored("one"))
    assert store.finish("a").finished
    assert store.get("a").info.finished
    assert store.reopen("a").finished is None
    with pytest.raises(SettingsError, match="There is a run a already"):
        store.create(INFO)
    store.delete("a")
    assert store.all() == []
    for gone in (store.get, store.finish, store.delete):
        with pytest.raises(SettingsError, match="There is no run a; `quarry eval runs`"):
            gone("a")


def test_a_store_of_another_version_gives_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "evals.sqlite"
    RunStore.in_file(path).close()
    RunStore.in_file(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE evals_store SET version = 99")
    connection.close()
    with pytest.raises(SettingsError, match=r"made by another version of Quarry .* is 99, .* move the store"):
        RunStore.in_file(path)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense", "no address such as"),
        ("oracle://x/y", "driver of the store of runs oracle is not installed"),
        ("sqlite:////no/such/folder/evals.sqlite", "cannot be opened"),
        ("postgresql://nobody:secret@127.0.0.1:1/x", "cannot be opened"),
    ],
)
def test_a_store_that_cannot_be_opened_gives_one_sentence(url: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why) as caught:
        RunStore(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    path = tmp_path / "evals.sqlite"
    path.write_bytes(b"text" * 500)
    with pytest.raises(SettingsError, match=r"evals.sqlite cannot be opened \(file is not a database\)"):
        RunStore.in_file(path)


def test_a_score_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "evals.sqlite"
    store = RunStore.in_file(path)
    store.create(INFO)
    store.append("a", scored("one"))
    with sqlite3.connect(path) as connection:
        connection.execute("""UPDATE evals_scores SET score = '{"case": 1}'""")
    connection.close()
    with pytest.raises(SettingsError, match="A score of run a is not of this Quarry's"):
        store.get("a")


def test_exports_hold_every_score() -> None:
    run = Run(INFO, (scored("one"), scored("two", why='a "quoted", line\nbreak')))
    whole = json.loads(export(run, "json"))
    assert whole["run"]["started"] == "2025-11-14 09:30:00+00:00"
    assert [Score.from_json(score) for score in whole["scores"]] == list(run.scores)
    lines = [json.loads(line) for line in export(run, "jsonl").splitlines()]
    assert [(line["run"], line["case"]) for line in lines] == [("a", "one"), ("a", "two")]
    rows = list(csv.DictReader(io.StringIO(export(run, "csv").decode())))
    assert [row["why"] for row in rows] == ["", 'a "quoted", line\nbreak']
    assert json.loads(rows[0]["rows"])[0] == [1, "é", None, 0.1]
    with pytest.raises(SettingsError, match="'xlsx'; take one of json, jsonl, csv, parquet"):
        export(run, "xlsx")


def test_parquet_is_written_where_its_library_is() -> None:
    run = Run(INFO, (replace(scored("one"), question="One?"),))
    try:
        import pyarrow  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(SettingsError, match="pip install pyarrow"):
            export(run, "parquet")
    else:
        assert export(run, "parquet").startswith(b"PAR1")


def test_ids_are_short_and_differ() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert {len(one) for one in ids} == {8}
