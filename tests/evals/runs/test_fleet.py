"""The same run over Ray, on a small cluster of this machine."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evals.runs.crew import Crew
from evals.runs.fleet import fleet
from evals.runs.info import RunInfo
from evals.runs.run import run_suites
from evals.verdict import Verdict
from knowledge.errors import ModelError, SettingsError
from tests.evals.runs.fakes import CITIES, NAMES, Opening, case, company, plain

INFO = RunInfo("r", ("dev",), "fake")
CASES = (case("How many?"), case("Who?", NAMES), case("Where?", CITIES), case("And?"))
ANSWERS = (("Who?", NAMES), ("Where?", "SELECT code FROM teams"))
PATHS = os.pathsep.join([os.getcwd(), *filter(None, sys.path)])


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    need_ray()
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray

    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=100 * 1024 * 1024,
        runtime_env={"env_vars": {"PYTHONPATH": PATHS}},
    )
    yield
    ray.shutdown()


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    return Opening(company(tmp_path / "company.sqlite"), ANSWERS, tmp_path / "log")


def need_ray() -> None:
    if importlib.util.find_spec("ray") is None:
        pytest.skip("Ray is not installed")


def crew(opening: Opening, jobs: int = 2) -> Crew:
    return fleet(opening, jobs)


@pytest.mark.real
def test_a_fleet_without_a_cluster_brings_its_own(monkeypatch: pytest.MonkeyPatch, opening: Opening) -> None:
    need_ray()
    monkeypatch.setenv("PYTHONPATH", PATHS)
    with crew(opening, jobs=1) as ray_crew:
        run = run_suites(opening, CASES[:2], INFO, pool=ray_crew)
    assert [score.verdict for score in run.scores] == [Verdict.EXACT, Verdict.EXACT]
    import ray

    assert not ray.is_initialized()


@pytest.mark.real
def test_a_cluster_that_is_not_there_is_named(opening: Opening) -> None:
    need_ray()
    with pytest.raises(SettingsError, match=r"The Ray cluster 127.0.0.1:1 cannot be used \(.*\); check that"):
        fleet(opening, 1, address="127.0.0.1:1")


@pytest.mark.real
def test_a_fleet_gives_the_scores_of_one_machine(cluster: None, opening: Opening) -> None:
    here = run_suites(opening, CASES, INFO)
    with crew(opening) as ray_crew:
        there = run_suites(opening, CASES, INFO, pool=ray_crew)
    assert plain(here.scores) == plain(there.scores)


@pytest.mark.real
def test_actors_that_die_or_hang_are_named_and_replaced(cluster: None, opening: Opening) -> None:
    bad = replace(opening, answers=(("How many?", "die"), ("Who?", "hang")))
    with crew(bad, jobs=1) as ray_crew:
        run = run_suites(bad, CASES, INFO, pool=ray_crew, limit_s=2)
    assert [score.verdict for score in run.scores] == [
        Verdict.HARNESS_ERROR,
        Verdict.HARNESS_ERROR,
        Verdict.WRONG,
        Verdict.EXACT,
    ]
    assert run.scores[0].why.startswith("the worker was lost while answering the question: ")
    assert run.scores[1].why == "answering the question took longer than 4 s and was stopped"


@pytest.mark.real
def test_a_subject_that_no_node_can_open_ends_the_run(cluster: None, opening: Opening) -> None:
    bad = replace(opening, fails="no model")
    with crew(bad) as ray_crew, pytest.raises(ModelError, match="There is no model"):
        run_suites(bad, CASES, INFO, pool=ray_crew)


def test_without_ray_one_sentence_tells_what_to_install(
    monkeypatch: pytest.MonkeyPatch, opening: Opening
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SettingsError, match=r"run pip install 'quarry\[ray\]'"):
        crew(opening)
