"""`quarry feedback` and `quarry stats`, as they are typed."""

import json
from pathlib import Path

import pytest

from tests.assistant.conftest import Quarry
from tests.conftest import FakeModel

RIGHT = "SELECT COUNT(*) FROM orders o WHERE o.status = 'paid'"

pytestmark = pytest.mark.real


@pytest.fixture
def asked(quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which something was asked; its model always says the same."""
    fake = FakeModel("SELECT COUNT(*) FROM orders")
    monkeypatch.setattr("graph.models.open_model", lambda *args, **options: fake)
    assert quarry("ask", "how many orders", "-w", str(shop)).code in (0, 10)
    return shop


def test_a_correction_from_the_thumb_to_the_answer(quarry: Quarry, asked: Path) -> None:
    at = ("-w", str(asked))
    assert "how many orders" in quarry("feedback", "turns", *at).out
    assert quarry("feedback", "vote", "1", "down", "--as", "ada", *at).out == "Turn 1: 0 up, 1 down.\n"
    done = quarry("feedback", "correct", "1", "--sql", RIGHT, "--cause", "filter", "--as", "ada", *at)
    assert "Rows before" in done.out
    assert "Correction 1 waits for a data owner." in done.out
    assert "how many orders" in quarry("feedback", "queue", *at).out
    shown = quarry("feedback", "show", "1", *at).out
    assert "-SELECT COUNT(*) FROM orders\n" in shown
    assert "+SELECT COUNT(*) FROM orders AS o WHERE o.status = 'paid'\n" in shown
    approved = quarry("feedback", "approve", "1", "--as", "olga", *at)
    assert approved.out == "Correction 1 is approved; `quarry feedback undo 1` takes it back.\n"
    answer = quarry("ask", "how many orders?", "--json", *at)
    said = json.loads(answer.out)
    assert "status = 'paid'" in said["sql"]
    assert said["source"] == "verified"
    assert quarry("feedback", "queue", *at).out == "Nothing waits for a decision.\n"
    again = quarry("feedback", "reject", "1", "--as", "otto", *at)
    assert again.sentence() == "Correction 1 was approved by olga already; nothing was changed."
    assert quarry("feedback", "undo", "1", "--as", "olga", *at).code == 0
    assert json.loads(quarry("ask", "how many orders?", "--json", *at).out)["source"] != "verified"


def test_only_owners_decide(quarry: Quarry, asked: Path) -> None:
    with (asked / "quarry.toml").open("a") as file:
        file.write('owners = ["olga"]\n')
    at = ("-w", str(asked))
    quarry("feedback", "correct", "1", "--sql", RIGHT, "--as", "ada", *at)
    refused = quarry("feedback", "approve", "1", "--as", "ada", *at)
    assert refused.sentence() == "ada is no data owner and may not decide; `owners` are olga."
    assert quarry("feedback", "approve", "1", "--as", "olga", *at).code == 0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("vote", "9", "up"), "There is no turn 9"),
        (("correct", "1"), "A correction needs SQL or a comment"),
        (("correct", "1", "--sql", "DROP TABLE orders"), "This SQL cannot be taken"),
        (("correct", "1", "--comment", "no", "--cause", "mood"), "'mood' is no cause; choose one of table"),
        (("approve", "5"), "There is no correction 5"),
        (("show", "5"), "There is no correction 5"),
        (("undo", "5"), "Correction 5 is unknown; only an approved one is undone."),
        (("export", "x.txt"), "x.txt has to end in .jsonl, .csv, .parquet."),
        (("forget", "--before", "soon"), "--before takes a day as 2026-01-31, not 'soon'."),
    ],
)
def test_wrong_input_is_told_in_a_sentence(
    quarry: Quarry, asked: Path, command: tuple[str, ...], said: str
) -> None:
    done = quarry("feedback", *command, "-w", str(asked))
    assert done.code != 0
    assert said in done.sentence()


def test_rows_leave_in_every_format(quarry: Quarry, asked: Path, tmp_path: Path) -> None:
    at = ("-w", str(asked))
    quarry("feedback", "correct", "1", "--sql", RIGHT, "--as", "ada", *at)
    quarry("feedback", "approve", "1", "--as", "olga", *at)
    quarry("feedback", "export", str(tmp_path / "rows.jsonl"), *at)
    (row,) = map(json.loads, (tmp_path / "rows.jsonl").read_text().splitlines())
    assert (row["question"], row["correction"]) == ("how many orders", "1")
    for name in ("turns.csv", "turns.parquet"):
        done = quarry("feedback", "export", str(tmp_path / name), "--turns", *at)
        assert done.out.startswith("Wrote 1 rows"), done.error
    import pandas as pd

    assert list(pd.read_parquet(tmp_path / "turns.parquet")["question"]) == ["how many orders"]
    assert list(pd.read_csv(tmp_path / "turns.csv")["question"]) == ["how many orders"]


def test_stats_for_people_and_machines(quarry: Quarry, asked: Path) -> None:
    shown = quarry("stats", "-w", str(asked))
    assert "1 questions: 1 answered" in shown.out
    assert "Asked most" in shown.out
    told = json.loads(quarry("stats", "--json", "-w", str(asked)).out)
    assert (told["turns"], told["asked"]) == (1, [{"question": "how many orders", "times": 1}])


def test_sums_for_prometheus(quarry: Quarry, asked: Path) -> None:
    quarry("feedback", "vote", "1", "down", "-w", str(asked))
    told = quarry("metrics", "--once", "-w", str(asked)).out
    assert 'quarry_turns_total{outcome="answered",type="figure"} 1.0' in told
    assert 'quarry_votes{thumb="down"} 1.0' in told
    assert "# TYPE quarry_turn_seconds_total counter" in told
    assert 'quarry_tokens_total{direction="read"}' in told


def test_stats_of_nothing(quarry: Quarry, shop: Path) -> None:
    assert "Nothing was asked yet" in quarry("stats", "-w", str(shop)).out
    assert "Nothing was asked yet" in quarry("feedback", "turns", "-w", str(shop)).out
