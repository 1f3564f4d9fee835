"""`quarry release`, `rollback` and `models`: what the gate says, and what it does to the workspace.

Most runs are written as text (a letter a case, tests/evals/releases/runs.py); the last one asks real models.
"""

import datetime as dt
import json
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from evals.releases.registry import Registry
from evals.runs.info import Run, RunInfo
from evals.runs.store import RunStore
from evals.suite.case import Case
from tests.assistant.conftest import Quarry
from tests.evals.releases.runs import run
from tests.graph.tiny_gguf import write_tiny_gguf

pytestmark = pytest.mark.real
PAIR = '{"question": "how many shoppers are there", "sql": "SELECT COUNT(*) AS n FROM customers c"}\n'


class Runs:
    """Stands in for run_suites: each model's answers are given as letters. `asked` are the models it ran."""

    def __init__(self) -> None:
        self.letters: dict[str, str] = {}
        self.must_pass = ""
        self.asked: list[str] = []
        self.whole = True

    def __call__(
        self, opener: object, cases: Sequence[Case], info: RunInfo, store: RunStore, **options: object
    ) -> Run:
        finished = info.finished
        if finished is None:
            self.asked.append(info.model)
            store.create(info)
            finished = store.finish(info.id).finished if self.whole else None
        made = run(self.letters[info.model], must_pass=self.must_pass)
        return Run(replace(info, finished=finished), made.scores)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    fake = Runs()
    monkeypatch.setattr("assistant.measuring.run_suites", fake)
    return fake


@pytest.fixture
def lab(shop: Path) -> Path:
    """A workspace with two model files, small and old; old is that of quarry.toml."""
    folder = shop / "models"
    folder.mkdir()
    for seed, name in enumerate(("old", "new", "worse")):
        write_tiny_gguf(folder / f"{name}.gguf", format="specialist", seed=seed)
        (folder / f"{name}.pairs.jsonl").write_text(PAIR)
    text = (shop / "quarry.toml").read_text().replace("openai:none", "models/old.gguf")
    (shop / "quarry.toml").write_text(text)
    an_hour_ago = time.time() - 3600
    for path in [shop / "quarry.toml", *(shop / "knowledge").iterdir(), *folder.iterdir()]:
        os.utime(path, (an_hour_ago, an_hour_ago))
    return shop


def registry(workspace: Path) -> Registry:
    return Registry(workspace / ".quarry" / "models")


def test_a_better_model_is_released_and_answers(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters = {"old": "o" * 80 + "x" * 20, "new": "o" * 100}
    done = quarry("release", "models/new.gguf", "-w", str(lab))
    assert done.code == 0, done.error
    assert "new.gguf ships against old.gguf of quarry.toml" in done.out
    assert "20 better of 100" in done.out
    assert "r1 answers now" in done.out
    now = registry(lab).current()
    assert now is not None
    assert now.card.model == "new.gguf"
    assert runs.asked == ["old", "new"]


def test_a_worse_model_is_refused_with_the_cases_and_nothing_switches(
    quarry: Quarry, lab: Path, runs: Runs
) -> None:
    runs.letters = {"old": "o" * 100, "worse": "x" * 15 + "o" * 85}
    done = quarry("release", "models/worse.gguf", "--show", "-w", str(lab))
    assert done.code == 11
    assert "is refused" in done.out
    assert "Got worse: 15 cases" in done.out
    assert "c14" in done.out
    assert "SELECT 14, 'o'" in done.out
    assert "goes on answering" in done.out
    assert registry(lab).current() is None
    (written,) = (lab / ".quarry" / "models" / "verdicts").iterdir()
    said = json.loads(written.read_text())
    assert said["verdict"] == "refuse"
    assert len(said["worse"]) == 15
    assert registry(lab).history()[-1].verdict == written.name


def test_suites_that_are_too_small_say_how_many_cases_would_do(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters = {"old": "xo" + "o" * 18, "new": "ox" + "o" * 18}
    done = quarry("release", "models/new.gguf", "-w", str(lab))
    assert done.code == 12
    assert "too small to tell" in done.out
    assert "cases would show" in " ".join(done.out.split())
    assert registry(lab).current() is None


def test_a_failed_must_pass_case_refuses_though_all_else_is_better(
    quarry: Quarry, lab: Path, runs: Runs
) -> None:
    runs.letters, runs.must_pass = {"old": "o" + "x" * 99, "new": "x" + "o" * 99}, "1"
    done = quarry("release", "models/new.gguf", "--json", "-w", str(lab))
    said = json.loads(done.out)
    assert done.code == 11
    assert said["reasons"][0] == "1 must-pass case failed: c0."
    assert said["release"] is None


def test_a_dry_run_tells_the_verdict_and_leaves_everything(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters = {"old": "x" * 100, "new": "o" * 100}
    done = quarry("release", "models/new.gguf", "--dry-run", "-w", str(lab))
    assert done.code == 0
    assert "Nothing was changed" in done.out
    assert not (lab / ".quarry" / "models").exists()


def test_the_run_of_the_current_model_is_kept_and_used_again(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters = {"old": "o" * 20, "new": "x" * 20, "worse": "x" * 20}
    quarry("release", "models/worse.gguf", "-w", str(lab))
    quarry("release", "models/new.gguf", "-w", str(lab))
    assert runs.asked == ["old", "worse", "new"]
    quarry("release", "models/new.gguf", "--again", "-w", str(lab))
    assert runs.asked == ["old", "worse", "new", "old", "new"]


def test_the_run_that_a_release_was_made_of_is_used_again(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters = {"old": "x" * 100, "new": "o" * 100, "worse": "x" * 100}
    quarry("release", "models/new.gguf", "-w", str(lab))
    assert quarry("release", "models/worse.gguf", "-w", str(lab)).code == 11
    assert runs.asked == ["old", "new", "worse"]


def test_a_run_from_before_the_knowledge_changed_is_not_used_again(
    quarry: Quarry, lab: Path, runs: Runs
) -> None:
    runs.letters = {"old": "o" * 20, "new": "x" * 20}
    quarry("release", "models/new.gguf", "-w", str(lab))
    later = dt.datetime.now().timestamp() + 5
    os.utime(lab / "knowledge" / "glossary.yaml", (later, later))
    quarry("release", "models/new.gguf", "-w", str(lab))
    assert runs.asked == ["old", "new", "old", "new"]


def test_a_run_that_was_stopped_is_gone_on_with(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters, runs.whole = {"old": "o" * 20, "new": "x" * 20}, False
    done = quarry("release", "models/new.gguf", "-w", str(lab))
    assert done.code == 3
    assert "is not whole" in done.error
    with_store = RunStore.in_file(lab / ".quarry" / "evals.sqlite")
    (stopped,) = with_store.all()
    with_store.close()
    assert stopped.model == "old"
    taken_up: list[str] = []

    def whole(opener: object, cases: object, info: RunInfo, store: RunStore, **options: object) -> Run:
        taken_up.append(info.id)
        finished = info.started or dt.datetime.now(dt.UTC)
        return Run(replace(info, finished=finished), run(runs.letters[info.model]).scores)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("assistant.measuring.run_suites", whole)
        quarry("release", "models/new.gguf", "--dry-run", "-w", str(lab))
    assert taken_up[0] == stopped.id


def test_rollback_goes_back_and_says_to_what(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters = {"old": "x" * 100, "new": "o" * 100}
    quarry("release", "models/new.gguf", "-w", str(lab))
    done = quarry("rollback", "-w", str(lab))
    assert (done.code, done.out) == (0, "The model of quarry.toml (models/old.gguf) answers now.\n")
    assert quarry("rollback", "r1", "-w", str(lab)).out == "r1 (new.gguf) answers now.\n"
    assert quarry("rollback", "r7", "-w", str(lab)).code == 5


def test_rollback_before_any_release_says_so(quarry: Quarry, lab: Path) -> None:
    done = quarry("rollback", "-w", str(lab))
    assert done.code == 5
    assert done.sentence() == "Nothing was released before; the model of quarry.toml answers."


def test_a_tampered_release_does_not_answer_and_a_rollback_helps(
    quarry: Quarry, lab: Path, runs: Runs
) -> None:
    runs.letters = {"old": "x" * 100, "new": "o" * 100}
    quarry("release", "models/new.gguf", "-w", str(lab))
    now = registry(lab).current()
    assert now is not None
    Path(now.model).write_bytes(Path(now.model).read_bytes()[:-1] + b"!")
    asked = quarry("ask", "how many customers", "-w", str(lab))
    assert asked.code == 5
    assert "was changed after it was released" in asked.sentence()
    listed = quarry("models", "--json", "-w", str(lab))
    assert "was changed" in json.loads(listed.out)["releases"][0]["problem"]
    assert quarry("rollback", "-w", str(lab)).code == 0
    assert quarry("doctor", "-w", str(lab)).code == 0


def test_models_lists_the_releases_and_what_is_not_released(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters = {"old": "o" * 80 + "x" * 20, "new": "o" * 100, "worse": "x" * 100}
    quarry("release", "models/new.gguf", "-w", str(lab))
    quarry("release", "models/worse.gguf", "-w", str(lab))
    said = json.loads(quarry("models", "--json", "-w", str(lab)).out)
    (one,) = said["releases"]
    assert (one["name"], one["answers"], one["right"], one["scored"]) == ("r1", True, 100, 100)
    assert [file["path"] for file in said["candidates"]] == ["models/old.gguf", "models/worse.gguf"]
    assert said["candidates"][1]["last"].startswith("refused ")
    shown = quarry("models", "-w", str(lab)).out
    assert "r1 (new.gguf) answers." in shown
    assert "models/worse.gguf" in shown


def test_the_release_that_answers_is_not_released_twice(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters = {"old": "x" * 100, "new": "o" * 100}
    quarry("release", "models/new.gguf", "-w", str(lab))
    done = quarry("release", "models/new.gguf", "-w", str(lab))
    assert done.code == 5
    assert "new.gguf is r1, the release that answers" in done.sentence()


def test_the_model_of_the_settings_can_be_the_first_release(quarry: Quarry, lab: Path, runs: Runs) -> None:
    runs.letters = {"old": "ooox"}
    done = quarry("release", "models/old.gguf", "-w", str(lab))
    assert done.code == 0
    assert "only the must-pass cases gate" in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("none.gguf", "There is no model file none.gguf"),
        ("quarry.toml", "neither a .gguf file nor provider:name"),
        ("models/broken.gguf", "truncated or damaged"),
        ("models/text.gguf", "is not a GGUF file"),
    ],
)
def test_what_is_no_model_is_told_before_anything_runs(
    quarry: Quarry, lab: Path, runs: Runs, model: str, says: str
) -> None:
    whole = (lab / "models" / "new.gguf").read_bytes()
    (lab / "models" / "broken.gguf").write_bytes(whole[: len(whole) // 2])
    (lab / "models" / "text.gguf").write_text("no model, but a text that is long enough")
    done = quarry("release", model, "-w", str(lab))
    assert done.code == 5
    assert says in done.sentence()
    assert runs.asked == []


def test_an_unknown_suite_is_told(quarry: Quarry, lab: Path, runs: Runs) -> None:
    done = quarry("release", "models/new.gguf", "--suites", "nope", "-w", str(lab))
    assert done.code == 3
    assert "nope" in done.sentence()


def test_real_models_are_asked_by_real_workers_and_the_release_answers(quarry: Quarry, lab: Path) -> None:
    """Random weights, but both know one query by heart: they answer alike, so the other one may ship."""
    done = quarry("release", "models/new.gguf", "--json", "-w", str(lab))
    assert done.code == 0, done.error
    said = json.loads(done.out)
    assert (said["cases"], said["right_before"], said["right_after"]) == (1, 1, 1)
    assert said["identical"]
    assert said["release"] == "r1"
    asked = quarry("ask", "how many shoppers are there", "--json", "-w", str(lab))
    assert json.loads(asked.out)["rows"] == [[3]]
