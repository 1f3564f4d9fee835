"""A release takes over from the one before while people ask."""

import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.workspace import Workspace
from evals.releases.candidate import Candidate
from graph import models
from graph.models.base import Generation
from graph.outcome import Answered
from knowledge.errors import ModelError
from tests.conftest import FakeModel
from tests.evals.releases.runs import model_file, release
from tests.graph.tiny_gguf import write_tiny_gguf

SQL = {
    "openai:none": "SELECT COUNT(*) AS first FROM orders",
    "openai:second": "SELECT COUNT(*) AS second FROM orders",
    "openai:third": "SELECT COUNT(*) AS third FROM orders",
}


class SlowModel(FakeModel):
    """Takes its time, and fails when it is used after it was closed."""

    def __init__(self, setting: str) -> None:
        super().__init__(SQL[setting])
        self.name = setting
        self.closed = False

    def generate(self, *given: object, **options: object) -> Generation:
        assert not self.closed
        time.sleep(0.02)
        made = super().generate(*given, **options)  # type: ignore[arg-type]
        assert not self.closed
        return made

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> dict[str, SlowModel]:
    made: dict[str, SlowModel] = {}

    def open_model(setting: str, folder: Path, **_: Any) -> SlowModel:
        made[setting] = SlowModel(setting)
        return made[setting]

    monkeypatch.setattr(models, "open_model", open_model)
    return made


@pytest.fixture
def workspace(shop: Path) -> Iterator[Workspace]:
    with Workspace.open(shop) as made:
        yield made


def column(workspace: Workspace) -> str:
    outcome = workspace.live.ask("how many orders are there").outcome
    assert isinstance(outcome, Answered)
    return outcome.result.columns[0]


def test_the_next_release_answers_without_a_restart(
    workspace: Workspace, opened: dict[str, SlowModel]
) -> None:
    assert column(workspace) == "first"
    release(workspace.registry, Candidate("openai:second"))
    column(workspace)
    workspace.live.wait()
    assert column(workspace) == "second"
    assert opened["openai:none"].closed
    workspace.registry.rollback()
    column(workspace)
    workspace.live.wait()
    assert column(workspace) == "first"
    assert opened["openai:second"].closed


def test_no_question_is_dropped_while_releases_come_and_go(
    workspace: Workspace, opened: dict[str, SlowModel]
) -> None:
    stop, seen = threading.Event(), list[str]()

    def ask() -> int:
        count = 0
        while not stop.is_set():
            seen.append(column(workspace))
            count += 1
        return count

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        for model in ("openai:second", "openai:third", "openai:second"):
            time.sleep(0.3)
            release(workspace.registry, Candidate(model))
        time.sleep(0.5)
        stop.set()
    assert sum(each.result() for each in asking) == len(seen) > 0
    assert {"first", "second", "third"} == set(seen)
    assert column(workspace) == "second"


def test_a_release_that_cannot_be_opened_leaves_the_one_before(
    workspace: Workspace, opened: dict[str, SlowModel], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert column(workspace) == "first"
    made = release(workspace.registry, model_file(tmp_path / "lab", write_tiny_gguf))
    assert isinstance(made.model, Path)
    made.model.write_bytes(made.model.read_bytes()[:-1] + b"!")
    column(workspace)
    workspace.live.wait()
    assert column(workspace) == "first"
    assert "r1" in workspace.live.problem
    assert workspace.live.problem in capsys.readouterr().err


def test_a_workspace_opens_the_release_and_not_the_model_of_the_settings(
    shop: Path, opened: dict[str, SlowModel]
) -> None:
    with Workspace.open(shop) as before:
        release(before.registry, Candidate("openai:second"))
    with Workspace.open(shop) as after:
        assert column(after) == "second"
    shutil.rmtree(shop / ".quarry" / "models" / "releases" / "r1")
    with Workspace.open(shop) as broken, pytest.raises(ModelError, match="quarry rollback"):
        _ = broken.agent


def test_a_tampered_release_does_not_answer(shop: Path, tmp_path: Path) -> None:
    with Workspace.open(shop) as before:
        made = release(before.registry, model_file(tmp_path / "lab", write_tiny_gguf, pairs=False))
    assert isinstance(made.model, Path)
    made.model.write_bytes(made.model.read_bytes()[:-1] + b"!")
    with Workspace.open(shop) as after, pytest.raises(ModelError, match="r1"):
        _ = after.model
