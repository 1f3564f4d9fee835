"""Killed at random points while corrections come in, are approved and taken back: none is lost or halved."""

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest

from assistant.corrections import settle, submit
from assistant.workspace import Workspace
from evals.suite.case import load_suite
from feedback.database import FeedbackDatabase
from feedback.log import Feedback
from feedback.people import Person
from knowledge.yaml_entries import entries_of
from tests.conftest import FakeEmbedder

LIVES = int(os.environ.get("QUARRY_KILLS", "6"))
"""`QUARRY_KILLS=100 pytest tests/assistant/corrections/test_killed.py` is the long run."""

ADA, OWNER = Person("U1", "Ada"), Person("O1", "Olga")
RECORD = {"outcome": {"kind": "answered", "sql": "SELECT COUNT(*) FROM orders", "confidence": 0.5}}


def _opened(folder: Path) -> Workspace:
    workspace = Workspace.open(folder)
    workspace.__dict__["embedder"] = FakeEmbedder()
    return workspace


def _prepare(folder: Path) -> None:
    with _opened(folder) as workspace:
        workspace.prepare(lambda doing: None)


def _live(folder: Path, seed: int) -> None:
    """Hand in, approve, take back, and note what was done once it is done; until the end comes."""
    rng, acks = random.Random(seed), (folder / "acks").open("a", buffering=1)
    with _opened(folder) as workspace:
        feedback = workspace.feedback
        settle(workspace)
        acks.write(f"alive {seed}\n")
        for number in range(10_000):
            question = f"question {seed} {number}"
            turn = feedback.turns.add("t", question, "answered", RECORD)
            sql = f"SELECT COUNT(*) FROM orders o WHERE o.amount > {seed * 100 + number}"
            kept, _ = submit(workspace, turn, ADA, sql=sql, comment="kept?")
            acks.write(f"submitted {kept.correction_id}\n")
            if rng.random() < 0.7:
                feedback.reviews.approve(kept.correction_id, OWNER)
                acks.write(f"approved {kept.correction_id}\n")
                if rng.random() < 0.7:
                    settle(workspace)
                if rng.random() < 0.3:
                    feedback.reviews.undo(kept.correction_id, OWNER)
                    acks.write(f"undone {kept.correction_id}\n")


def _settle(folder: Path) -> None:
    with _opened(folder) as workspace:
        settle(workspace)


def _in_a_process(target: object, *arguments: object, seconds: float | None = None) -> None:
    """To its end; with `seconds`, killed so long after it said that it is alive."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)  # type: ignore[arg-type]
    process.start()
    assert process.pid is not None
    if seconds is None:
        process.join(60)
        assert process.exitcode == 0
        return
    folder, life = arguments
    assert isinstance(folder, Path)
    until = time.monotonic() + 60
    while f"alive {life}\n" not in _acks(folder) and process.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.join(20)


def _acks(folder: Path) -> str:
    return (folder / "acks").read_text() if (folder / "acks").exists() else ""


@pytest.mark.real
def test_no_kill_loses_or_halves_a_correction(shop: Path) -> None:
    rng = random.Random(5)
    _in_a_process(_prepare, shop)
    for life in range(LIVES):
        _in_a_process(_live, shop, life, seconds=rng.uniform(0.0, 1.2))
    _in_a_process(_settle, shop)
    log = Feedback(FeedbackDatabase.in_file(shop / ".quarry" / "feedback.sqlite"))
    last: dict[int, str] = {}
    for line in _acks(shop).splitlines():
        what, _, number = line.partition(" ")
        if number.isdigit() and what != "alive":
            last[int(number)] = what
    assert len(last) >= LIVES, "the processes did not live long enough to do anything"
    found = {number: log.corrections.get(number) for number in last}
    assert all(found.values())
    states = {
        "submitted": {"open", "approved", "undone"},
        "approved": {"approved", "undone"},
        "undone": {"undone"},
    }
    wrong = [(n, what) for n, what in last.items() if found[n].state not in states[what]]  # type: ignore[union-attr]
    assert wrong == []
    assert log.reviews.owed() == []
    held = {str(one.correction_id) for one in log.corrections.approved()}
    entries = entries_of(shop / "knowledge" / "examples.yaml", "examples")
    examples = [str(entry["correction"]) for entry in entries if "correction" in entry]
    cases = [case.id.removeprefix("correction-") for case in load_suite(shop / "evals" / "corrections.yaml")]
    assert sorted(examples) == sorted(cases) == sorted(held)
