"""The commands through the real command line, with a model that always says the same."""

import importlib.metadata
import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.commands import COMMANDS, Command, Group
from tests.assistant.conftest import Quarry
from tests.conftest import FakeModel

pytestmark = pytest.mark.real
QUARRY = str(Path(sys.executable).with_name("quarry"))
BY_CATEGORY = "SELECT category, COUNT(*) AS products FROM products GROUP BY category"


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> FakeModel:
    fake = FakeModel("SELECT COUNT(*) AS customers FROM customers c")
    monkeypatch.setattr("graph.models.open_model", lambda *given, **options: fake)
    return fake


def test_help_is_quick() -> None:
    """The aim is 0.4 s; the best of three runs counts, for the machine may be busy."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([QUARRY, "--help"], check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.8


def test_the_command_line_loads_nothing_heavy() -> None:
    code = "import sys, assistant.cli; print([m for m in sys.modules if '.' not in m])"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    for heavy in ("torch", "chromadb", "llama_cpp", "pandas", "langgraph", "altair", "sqlalchemy", "sqlglot"):
        assert f"'{heavy}'" not in loaded


def test_the_version_is_that_of_the_package(quarry: Quarry) -> None:
    assert quarry("--version").out == f"quarry {importlib.metadata.version('quarry')}\n"


def names(commands: tuple[Command | Group, ...], before: str = "") -> list[str]:
    found = []
    for command in commands:
        name = f"{before}{command.name}"
        found += [name, *(names(command.commands, f"{name} ") if isinstance(command, Group) else [])]
    return found


@pytest.mark.parametrize("name", names(COMMANDS))
def test_each_help_ends_with_an_example_of_its_command(quarry: Quarry, name: str) -> None:
    done = quarry(*name.split(), "--help")
    assert done.code == 0
    assert f"Example: quarry {name} " in " ".join(done.out.split()[-40:])


def test_an_answer_has_rows_sql_and_times(quarry: Quarry, shop: Path, model: FakeModel) -> None:
    done = quarry("ask", "how many customers do we have", "-w", str(shop))
    assert done.code == 0
    assert "Customers: 3" in done.out
    assert "is_test" in done.out
    assert "retrieval" in done.out


def test_the_sql_is_left_out_on_request(quarry: Quarry, shop: Path, model: FakeModel) -> None:
    assert "SELECT" not in quarry("ask", "how many customers", "--no-sql", "-w", str(shop)).out


def test_json_is_one_object_a_question(quarry: Quarry, shop: Path, model: FakeModel) -> None:
    said = json.loads(quarry("ask", "how many customers", "--json", "-w", str(shop)).out)
    assert said["outcome"] == "answered"
    assert said["rows"] == [[3]]
    assert set(said["seconds"]) == {"total", "retrieval", "model", "database", "other", "start", "parts"}


def test_questions_can_come_from_standard_input(
    quarry: Quarry, shop: Path, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("how many customers\n\nhow many clients\n"))
    done = quarry("ask", "--json", "-w", str(shop), "-")
    assert [json.loads(line)["question"] for line in done.out.splitlines()] == [
        "how many customers",
        "how many clients",
    ]


def test_a_chart_is_drawn_into_a_file(quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.models.open_model", lambda *given, **options: FakeModel(BY_CATEGORY))
    done = quarry("ask", "products by category", "--chart", str(shop / "c.png"), "-w", str(shop))
    assert done.code == 0
    assert (shop / "c.png").read_bytes().startswith(b"\x89PNG")


def test_a_chart_must_be_a_png(quarry: Quarry, shop: Path) -> None:
    assert quarry("ask", "products", "--chart", "c.gif", "-w", str(shop)).code == 2


def test_every_turn_is_kept_with_its_record(quarry: Quarry, shop: Path, model: FakeModel) -> None:
    from feedback.database import FeedbackDatabase
    from feedback.log import Feedback

    quarry("ask", "how many customers", "-w", str(shop))
    (turn,) = Feedback(FeedbackDatabase.in_file(shop / ".quarry" / "feedback.sqlite")).turns.recent()
    assert (turn.question, turn.outcome) == ("how many customers", "answered")
    assert turn.record["candidates"]
    assert turn.record["steps"]


def test_a_second_index_changes_nothing(quarry: Quarry, shop: Path) -> None:
    assert quarry("index", "-w", str(shop)).code == 0
    assert "Nothing has changed" in quarry("index", "-w", str(shop)).out


def test_an_index_after_a_new_example_touches_only_that(quarry: Quarry, shop: Path) -> None:
    quarry("index", "-w", str(shop))
    with (shop / "knowledge" / "examples.yaml").open("a") as file:
        file.write("  - question: How many products are there?\n    sql: SELECT COUNT(*) FROM products p\n")
    done = quarry("index", "-w", str(shop))
    assert "3 examples (1 changed)" in done.out
    assert "3 cards (0 changed)" in done.out


def test_an_index_that_was_stopped_is_told_and_finished(
    quarry: Quarry, shop: Path, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / ".quarry" / "stamp.json").unlink()
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 6
    assert "left unfinished; run `quarry index`" in done.sentence()
    assert quarry("index", "-w", str(shop)).code == 0
    assert quarry("ask", "how many customers", "-w", str(shop)).code == 0


def test_doctor_finds_everything_well(quarry: Quarry, shop: Path, model: FakeModel) -> None:
    done = quarry("doctor", "-w", str(shop))
    assert done.code == 0, done.out
    assert [line.split()[1] for line in done.out.splitlines()] == [
        "settings", "database", "index", "knowledge", "drift", "model", "memory", "slack",
    ]  # fmt: skip


def test_doctor_tells_each_problem_and_ends_with_the_code_of_the_first(quarry: Quarry, shop: Path) -> None:
    (shop / ".quarry" / "stamp.json").unlink()
    (shop / "quarry.toml").write_text('database = "sqlite:///shop.sqlite"\nmodel = "no.gguf"\n')
    done = quarry("doctor", "--json", "-w", str(shop))
    problems = {f["part"]: f["exit_code"] for f in json.loads(done.out)["findings"] if not f["ok"]}
    assert problems == {"index": 6, "model": 5}
    assert done.code == 6


def test_doctor_without_a_workspace(quarry: Quarry, tmp_path: Path) -> None:
    done = quarry("doctor", "-w", str(tmp_path))
    assert done.code == 3
    assert "PROBLEM" in done.out
