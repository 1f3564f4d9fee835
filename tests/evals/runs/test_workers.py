"""Workers in processes of their own: they may die, hang or be killed, and the run goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from evals.runs.crew import WorkerError
from evals.runs.info import RunInfo
from evals.runs.run import run_suites
from evals.runs.store import RunStore
from evals.runs.workers import workers
from evals.verdict import Verdict
from knowledge.errors import ModelError
from tests.evals.runs.fakes import CITIES, NAMES, Opening, case, company, plain

INFO = RunInfo("r", ("dev",), "fake")
CASES = (case("How many?"), case("Who?", NAMES), case("Where?", CITIES), case("And?"))
ANSWERS = (("Who?", NAMES), ("Where?", "SELECT code FROM teams"))
PATIENCE = 60.0


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    return Opening(company(tmp_path / "company.sqlite"), ANSWERS, tmp_path / "log")


def until(happened: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


def test_the_scores_are_the_same_whatever_the_number_of_workers(opening: Opening) -> None:
    one = run_suites(opening, CASES, INFO, jobs=1, repeats=2)
    two = run_suites(opening, CASES, INFO, jobs=2, repeats=2)
    other_way = run_suites(opening, CASES[::-1], INFO, jobs=2, repeats=2)
    assert plain(one.scores) == plain(two.scores)
    assert {s.case: s.verdict for s in two.scores} == {s.case: s.verdict for s in other_way.scores}
    assert [score.verdict for score in one.scores[::2]] == [
        Verdict.EXACT,
        Verdict.EXACT,
        Verdict.WRONG,
        Verdict.EXACT,
    ]


def test_workers_that_die_or_hang_are_named_and_replaced(opening: Opening) -> None:
    bad = replace(opening, answers=(("How many?", "die"), ("Who?", "hang"), ("Where?", "exit")))
    run = run_suites(bad, CASES, INFO, limit_s=3)
    assert [score.verdict for score in run.scores] == [Verdict.HARNESS_ERROR] * 3 + [Verdict.EXACT]
    assert [score.why for score in run.scores] == [
        "the worker was lost while answering the question: it was killed by SIGKILL",
        "answering the question took longer than 3 s and was stopped",
        "the worker was lost while answering the question: it ended with code 3",
        "",
    ]
    assert opening.noted.count("open") == 4


def test_a_run_whose_workers_all_die_stops_with_one_sentence(opening: Opening, tmp_path: Path) -> None:
    store = RunStore.in_file(tmp_path / "evals.sqlite")
    cases = [case(f"Q{number}") for number in range(9)]
    bad = replace(opening, answers=tuple((one.question, "exit") for one in cases))
    with pytest.raises(WorkerError, match=r"5 workers were lost in a row \(it ended with code 3\); look at"):
        run_suites(bad, cases, INFO, store)
    assert len(store.get("r").scores) == 5
    again = run_suites(opening, cases, INFO, store)
    assert [score.verdict for score in again.scores] == [Verdict.EXACT] * 9


@pytest.mark.parametrize(
    ("fails", "error", "why"),
    [
        ("no model", ModelError, "There is no model"),
        ("bug", WorkerError, "A worker could not open the model: ZeroDivisionError: oh"),
        ("exit", WorkerError, "5 workers were lost in a row"),
    ],
)
def test_a_subject_that_cannot_be_opened_ends_the_run(
    fails: str, error: type[Exception], why: str, opening: Opening
) -> None:
    with pytest.raises(error, match=why):
        run_suites(replace(opening, fails=fails), CASES, INFO, jobs=2)


def test_a_warm_crew_serves_several_runs(opening: Opening) -> None:
    with workers(opening) as crew:
        first = run_suites(opening, CASES, INFO, pool=crew)
        second = run_suites(opening, CASES[1:2], RunInfo("other", ("dev",), "fake"), pool=crew)
    assert opening.noted.count("open") == 1
    assert plain(first.scores)[1:2] == plain(second.scores)


def test_a_worker_killed_from_outside_costs_one_case(opening: Opening) -> None:
    slow = replace(opening, answers=(("How many?", "slow"),))
    before = {child.pid for child in psutil.Process().children()}

    def kill(*_: object) -> None:
        new = [child for child in psutil.Process().children() if child.pid not in before]
        for child in new:
            if "spawn_main" in " ".join(child.cmdline()):
                child.send_signal(signal.SIGKILL)

    cases = [case("First"), case("How many?"), case("Last")]
    run = run_suites(slow, cases, INFO, progress=lambda score, *_: kill() if score.case == "First" else None)
    assert [score.verdict for score in run.scores] == [
        Verdict.EXACT,
        Verdict.HARNESS_ERROR,
        Verdict.EXACT,
    ]


@pytest.mark.parametrize(("jobs", "sign"), [(1, signal.SIGKILL), (2, signal.SIGKILL), (2, signal.SIGINT)])
def test_a_killed_run_resumes_to_the_same_scores(
    jobs: int, sign: signal.Signals, opening: Opening, tmp_path: Path
) -> None:
    questions = [f"Q{number}" for number in range(6)]
    slow = replace(opening, answers=tuple((question, "slow") for question in questions))
    cases = [case(question) for question in questions]
    whole = run_suites(slow, cases, INFO, RunStore.in_file(tmp_path / "whole.sqlite"))
    assert opening.log is not None
    opening.log.unlink()

    file = tmp_path / "killed.sqlite"
    script = Path(__file__).with_name("one_run.py")
    command = [sys.executable, str(script), str(file), str(opening.path), str(opening.log), str(jobs)]
    with subprocess.Popen([*command, *questions], env={**os.environ, "PYTHONPATH": os.getcwd()}) as process:
        until(lambda: len(opening.noted) >= 3 + jobs)
        children = psutil.Process(process.pid).children()
        process.send_signal(sign)
    assert process.returncode != 0
    until(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))

    store = RunStore.in_file(file)
    kept = store.get("r").scores
    assert 0 < len(kept) < 6
    asked = len(opening.noted)
    resumed = run_suites(slow, cases, INFO, store, jobs=jobs)
    assert plain(resumed.scores) == plain(whole.scores)
    assert plain(store.get("r").scores) == plain(whole.scores)
    assert len([line for line in opening.noted[asked:] if line != "open"]) == 6 - len(kept)
