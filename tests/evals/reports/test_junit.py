"""JUnit XML as CI systems read it."""

from dataclasses import replace
from xml.etree import ElementTree

from evals.reports.junit import to_junit
from evals.runs.info import Run
from evals.verdict import Verdict
from tests.evals.reports.hostile import hostile_run
from tests.evals.reports.made import made_run

RUN = made_run(120)
ROOT = ElementTree.fromstring(to_junit(RUN))


def test_a_suite_is_a_testsuite_and_a_case_a_testcase() -> None:
    assert [(suite.get("name"), suite.get("tests")) for suite in ROOT] == [("test", "40"), ("dev", "80")]
    assert len(ROOT.findall(".//testcase")) == 120
    assert ROOT.get("tests") == "120"


def test_only_the_models_own_faults_are_failures() -> None:
    wrong = [score for score in RUN.scores if score.scored and not score.right]
    ours = [score for score in RUN.scores if score.verdict is Verdict.HARNESS_ERROR]
    assert len(ROOT.findall(".//failure")) == int(ROOT.get("failures", "")) == len(wrong)
    assert len(ROOT.findall(".//error")) == int(ROOT.get("errors", "")) == len(ours)
    assert int(ROOT.get("skipped", "")) == sum(not score.scored for score in RUN.scores) - len(ours)


def test_a_failure_holds_what_one_needs_to_mend_it() -> None:
    failure = next(one for one in ROOT.iter("failure") if "398" in one.get("message", ""))
    assert "SELECT" in (failure.text or "")
    assert "gold: SELECT" in (failure.text or "")
    assert failure.get("type", "").startswith("wrong")


def test_a_case_has_its_place_and_its_time() -> None:
    case = next(ROOT.iter("testcase"))
    assert case.get("file") == "evals/dev.yaml"
    assert case.get("line") == "4"
    assert float(case.get("time", "")) > 0


def test_what_xml_cannot_hold_is_left_out() -> None:
    text = to_junit(hostile_run())
    assert ElementTree.fromstring(text).get("tests") == str(len(hostile_run().scores))
    assert not {"\x00", "\x07", "\x1b", "\uffff", "\ud800"} & set(text)


def test_repeats_have_names_of_their_own() -> None:
    one = RUN.scores[0]
    root = ElementTree.fromstring(to_junit(Run(RUN.info, (one, replace(one, repeat=1)))))
    assert len({case.get("name") for case in root.iter("testcase")}) == 2


def test_a_run_without_cases_is_a_document_too() -> None:
    assert ElementTree.fromstring(to_junit(made_run(0))).get("tests") == "0"
