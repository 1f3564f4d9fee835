"""Bad input through the real command line: one clear sentence, and the exit code that scripts can use."""

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.assistant.conftest import Quarry
from tests.conftest import FakeModel
from tests.graph.tiny_gguf import write_tiny_gguf
from tests.servers.postgres import postgres
from tests.servers.process import Server, free_port

pytestmark = pytest.mark.real
COUNT = "SELECT COUNT(*) AS customers FROM customers c"


def setting(folder: Path, name: str, value: str) -> None:
    """Set one setting of a workspace anew."""
    path = folder / "quarry.toml"
    kept = [line for line in path.read_text().splitlines() if not line.startswith(f"{name} =")]
    path.write_text("\n".join([*kept, f"{name} = {value}", ""]))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model that is opened counts customers."""
    monkeypatch.setattr("graph.models.open_model", lambda *given, **options: FakeModel(COUNT))


def test_no_workspace(quarry: Quarry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = quarry("ask", "how many customers")
    assert done.code == 3
    assert "run `quarry init" in done.sentence()


def test_a_setting_that_does_not_exist(quarry: Quarry, shop: Path) -> None:
    setting(shop, "max_row", "5")
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 3
    assert "did you mean `max_rows`" in done.sentence()


def test_a_broken_yaml_names_its_file_and_line(quarry: Quarry, shop: Path) -> None:
    (shop / "knowledge" / "rules.yaml").write_text("rules:\n  - rule: a\n    says: [unclosed\n")
    done = quarry("index", "-w", str(shop))
    assert done.code == 3
    assert "rules.yaml, line " in done.sentence()
    (shop / "knowledge" / "rules.yaml").write_text("rules: []\n")
    assert quarry("doctor", "-w", str(shop)).out.count("index      The knowledge changed") == 1


def test_a_database_that_is_missing(quarry: Quarry, shop: Path) -> None:
    (shop / "shop.sqlite").unlink()
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 4
    assert "shop.sqlite" in done.sentence()
    assert not (shop / "shop.sqlite").exists()


def test_a_database_that_is_locked(quarry: Quarry, shop: Path) -> None:
    setting(shop, "timeout_s", "1")
    with closing(sqlite3.connect(shop / "shop.sqlite")) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        done = quarry("ask", "how many customers", "-w", str(shop))
        other.rollback()
    assert done.code == 4
    assert "locked" in done.sentence()


def test_a_database_that_is_no_database(quarry: Quarry, shop: Path) -> None:
    (shop / "shop.sqlite").write_text("this is a letter, not a database " * 100)
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 4
    assert "quarry.toml" in done.sentence()


def test_a_database_server_that_is_unreachable(quarry: Quarry, shop: Path) -> None:
    setting(shop, "database", f'"postgresql://owner:s3cret@127.0.0.1:{free_port()}/shop"')
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 4
    assert "127.0.0.1" in done.sentence()
    assert "s3cret" not in done.error


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        yield running


def test_a_wrong_password(quarry: Quarry, shop: Path, server: Server) -> None:
    setting(shop, "database", f'"{server.url.replace(server.password, "wrong-word")}"')
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 4
    assert "password" in done.sentence()
    assert "wrong-word" not in done.error


def test_a_model_that_is_not_set(quarry: Quarry, shop: Path) -> None:
    setting(shop, "model", '""')
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 5
    assert "set `model` in quarry.toml" in done.sentence()


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no model " * 50, "truncated"])
def test_a_model_file_that_is_missing_empty_no_gguf_or_truncated(
    quarry: Quarry, shop: Path, content: bytes | str | None
) -> None:
    path = shop / "model.gguf"
    setting(shop, "model", '"model.gguf"')
    if content == "truncated":
        whole = write_tiny_gguf(path).read_bytes()
        path.write_bytes(whole[: len(whole) * 2 // 3])
    elif isinstance(content, bytes):
        path.write_bytes(content)
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 5
    assert "model.gguf" in done.sentence()


def test_a_chat_does_not_begin_without_a_model(quarry: Quarry, shop: Path) -> None:
    setting(shop, "model", '"model.gguf"')
    done = quarry("chat", "-w", str(shop))
    assert done.code == 5
    assert "model.gguf" in done.sentence()


def test_a_model_that_is_too_large_for_the_memory(
    quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_gguf(shop / "model.gguf")
    setting(shop, "model", '"model.gguf"')
    monkeypatch.setattr("graph.models.llama._available_memory", lambda: 4096)
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 5
    assert "choose a smaller model" in done.sentence()


def test_an_index_that_was_never_made(quarry: Quarry, shop: Path) -> None:
    shutil.rmtree(shop / ".quarry")
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 6
    assert done.sentence() == "There is no index yet; run `quarry index`."


def test_an_index_made_by_another_embedder_and_its_remedy(quarry: Quarry, shop: Path, answers: None) -> None:
    stamp = shop / ".quarry" / "stamp.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"embedder": "word2vec"}))
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 6
    assert "another embedder (word2vec); run `quarry index`" in done.sentence()
    assert quarry("index", "-w", str(shop)).code == 0
    assert quarry("ask", "how many customers", "-w", str(shop)).code == 0


def test_an_empty_question(quarry: Quarry, shop: Path) -> None:
    for question in ("", "   ", "???"):
        done = quarry("ask", question, "-w", str(shop))
        assert done.code == 2
        assert "ask something about your data" in done.sentence()


def test_a_question_of_20000_characters_is_refused_at_once(quarry: Quarry, shop: Path) -> None:
    started = time.monotonic()
    done = quarry("ask", "how many " * 2500, "-w", str(shop))
    assert done.code == 2
    assert "2,000" in done.sentence()
    assert time.monotonic() - started < 1


def test_a_question_that_has_nothing_to_do_with_the_data(quarry: Quarry, shop: Path, answers: None) -> None:
    done = quarry("ask", "Why is the sky blue at noon?", "-w", str(shop))
    assert done.code == 10
    assert "SELECT" not in done.out


def test_a_question_in_another_language(quarry: Quarry, shop: Path, answers: None) -> None:
    done = quarry("ask", "Warum scheint heute die Sonne über den Bergen?", "-w", str(shop))
    assert done.code == 10
    assert "in English" in done.out


def test_a_question_that_carries_sql_changes_nothing(quarry: Quarry, shop: Path, answers: None) -> None:
    done = quarry("ask", "customers'; DROP TABLE customers; --", "-w", str(shop))
    assert done.code == 10
    assert "plain words" in done.out
    with closing(sqlite3.connect(shop / "shop.sqlite")) as database:
        assert database.execute("SELECT COUNT(*) FROM customers").fetchone() == (4,)


def test_a_model_that_writes_a_write_is_not_obeyed(
    quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = FakeModel("DELETE FROM customers")
    monkeypatch.setattr("graph.models.open_model", lambda *given, **options: model)
    quarry("ask", "how many customers do we have", "-w", str(shop))
    assert model.prompts
    with closing(sqlite3.connect(shop / "shop.sqlite")) as database:
        assert database.execute("SELECT COUNT(*) FROM customers").fetchone() == (4,)


def test_an_error_is_also_json_where_json_is_asked_for(quarry: Quarry, shop: Path) -> None:
    done = quarry("ask", "", "--json", "-w", str(shop))
    said = json.loads(done.out)
    assert (said["outcome"], said["exit_code"], said["error"]) == ("error", 2, done.sentence())


def test_a_suite_that_does_not_exist(quarry: Quarry, shop: Path) -> None:
    done = quarry("eval", "run", "nightly", "-w", str(shop))
    assert done.code == 3
    assert "There is no suite 'nightly'" in done.sentence()


def test_an_unknown_option_is_wrong_usage(quarry: Quarry) -> None:
    assert quarry("ask", "--colour", "how many").code == 2


def test_a_fault_of_our_own_is_one_sentence_and_its_details_are_in_the_log(
    quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object, **options: object) -> None:
        raise ZeroDivisionError("a fault of our own")

    monkeypatch.setattr("graph.models.open_model", fail)
    done = quarry("ask", "how many customers", "-w", str(shop))
    assert done.code == 1
    assert ".quarry/error.log" in done.sentence()
    log = (shop / ".quarry" / "error.log").read_text()
    assert "a fault of our own" in log
    assert "Traceback" in log
