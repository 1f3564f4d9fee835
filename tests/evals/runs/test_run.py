"""Runs: every case once, nothing lost, and no fault of ours booked as the model's."""

import json
from pathlib import Path

import pytest

from evals.runs.journal import Header, latest_run
from evals.runs.run import run_suite
from evals.runs.score import Score, Turn
from evals.suite.case import Case
from evals.verdict import Verdict
from graph.checks import CheckContext
from knowledge.database import Database
from knowledge.errors import ModelError, QuestionError, SettingsError
from tests.evals.conftest import answered

COUNT, NAMES, CITIES = "SELECT COUNT(*) FROM staff", "SELECT name FROM staff", "SELECT city FROM teams"
CASES = (
    Case("one", "How many?", (COUNT,), "count"),
    Case("two", "Who?", (NAMES,), "list"),
    Case("three", "Where?", (CITIES,), "list"),
)
ANSWERS = {"How many?": COUNT, "Who?": NAMES, "Where?": CITIES}
HEADER = Header(suite="dev", model="fake", schema="abc")


class Agent:
    """Answers from the list; raises what `faults` holds for a question."""

    def __init__(self, database: Database, **faults: BaseException) -> None:
        self.database = database
        self.faults = faults
        self.asked: list[str] = []

    def __call__(self, question: str) -> Turn:
        self.asked.append(question)
        if fault := self.faults.pop(question.strip("?").split()[0], None):
            raise fault
        return answered(self.database, ANSWERS[question])


def test_every_gold_against_itself_is_exact(database: Database, context: CheckContext) -> None:
    seen: list[tuple[str, int, int]] = []

    def progress(score: Score, number: int, total: int) -> None:
        seen.append((score.case, number, total))

    run = run_suite(Agent(database), database, CASES, context, header=HEADER, progress=progress)
    assert [score.verdict for score in run.scores] == [Verdict.EXACT] * 3
    assert seen == [("one", 1, 3), ("two", 2, 3), ("three", 3, 3)]
    assert run.header == HEADER


def test_an_always_empty_and_a_shotgun_agent_score_nothing(database: Database, context: CheckContext) -> None:
    for sql in ("SELECT name FROM staff WHERE 1 = 0", "SELECT 1, 2, 3, 4, 5, 6, 7, 8 FROM staff"):
        run = run_suite(lambda question, sql=sql: answered(database, sql), database, CASES, context)
        assert not any(score.right for score in run.scores)
        assert all(score.scored for score in run.scores)


def test_a_fault_of_ours_is_booked_as_ours_and_the_run_goes_on(
    database: Database, context: CheckContext
) -> None:
    agent = Agent(database, Who=ZeroDivisionError("oh"), How=QuestionError("too long"))
    one, two, three = run_suite(agent, database, CASES, context).scores
    assert (one.verdict, two.verdict, three.verdict) == (
        Verdict.HARNESS_ERROR,
        Verdict.HARNESS_ERROR,
        Verdict.EXACT,
    )
    assert two.why.startswith("ZeroDivisionError: oh (test_run.py, line ")


def test_a_missing_model_stops_the_run(database: Database, context: CheckContext) -> None:
    agent = Agent(database, Who=ModelError("There is no model."))
    with pytest.raises(ModelError):
        run_suite(agent, database, CASES, context)


def test_a_run_stopped_by_ctrl_c_goes_on_where_it_stopped(
    tmp_path: Path, database: Database, context: CheckContext
) -> None:
    store = tmp_path / "runs" / "dev.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run_suite(
            Agent(database, Who=KeyboardInterrupt()), database, CASES, context, header=HEADER, store=store
        )
    agent = Agent(database)
    run = run_suite(agent, database, CASES, context, header=HEADER, store=store)
    assert agent.asked == ["Who?", "Where?"]
    assert [score.case for score in run.scores] == ["one", "two", "three"]
    assert run_suite(agent, database, CASES, context, header=HEADER, store=store) == run
    assert agent.asked == ["Who?", "Where?"]


def test_a_torn_last_line_is_asked_again(tmp_path: Path, database: Database, context: CheckContext) -> None:
    store = tmp_path / "dev.jsonl"
    run_suite(Agent(database), database, CASES, context, header=HEADER, store=store)
    store.write_bytes(store.read_bytes()[:-30])
    agent = Agent(database)
    run = run_suite(agent, database, CASES, context, header=HEADER, store=store)
    assert agent.asked == ["Where?"]
    assert len(run.scores) == 3
    assert [len(json.loads(line)) for line in store.read_text().splitlines()] == [1] * 4


def test_changed_cases_and_our_own_faults_are_asked_again(
    tmp_path: Path, database: Database, context: CheckContext
) -> None:
    store = tmp_path / "dev.jsonl"
    run_suite(Agent(database, Who=OSError("disk")), database, CASES, context, header=HEADER, store=store)
    changed = (CASES[0], CASES[1], Case("three", "Where?", (CITIES, NAMES), "list"))
    agent = Agent(database)
    run = run_suite(agent, database, changed, context, header=HEADER, store=store)
    assert agent.asked == ["Who?", "Where?"]
    assert [score.verdict for score in run.scores] == [Verdict.EXACT] * 3


def test_a_store_of_another_model_is_not_continued(
    tmp_path: Path, database: Database, context: CheckContext
) -> None:
    store = tmp_path / "dev.jsonl"
    run_suite(Agent(database), database, CASES[:1], context, header=HEADER, store=store)
    with pytest.raises(SettingsError, match=r"dev with fake .* not of dev with other .* another name"):
        run_suite(
            Agent(database), database, CASES, context, header=Header("dev", "other", "abc"), store=store
        )
    for strange in ("{}\n", "no json\n", store.read_text().replace("rounded", "smoothed")):
        store.write_text(strange)
        with pytest.raises(SettingsError, match="is no run"):
            run_suite(Agent(database), database, CASES, context, header=HEADER, store=store)


def test_the_latest_run_of_a_suite_is_found(tmp_path: Path) -> None:
    for name in ("dev-20251113-090000", "dev-20251114-080000", "test-20251114-090000"):
        (tmp_path / f"{name}.jsonl").touch()
    found = latest_run(tmp_path, "dev")
    assert found is not None
    assert found.name == "dev-20251114-080000.jsonl"
    assert latest_run(tmp_path / "none", "dev") is None
