"""A run as JUnit XML: a failure for what the model got wrong, an error for what is not its fault."""

from collections import defaultdict
from xml.etree import ElementTree

from evals.reports.wording import VERDICTS, clean
from evals.runs.info import Run
from evals.runs.score import Score
from evals.verdict import Verdict


def to_junit(run: Run) -> str:
    """One testsuite a suite, one testcase a case: skipped where the case could not be scored.

    Control characters, which XML cannot hold, are replaced.
    """
    suites: defaultdict[str, list[Score]] = defaultdict(list)
    for score in run.scores:
        suites[score.suite or "suite"].append(score)
    root = ElementTree.Element("testsuites", {"name": clean(f"{run.info.model} {run.info.setup}")})
    for name, scores in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": clean(name), **_counts(scores)})
        if run.info.started:
            suite.set("timestamp", run.info.started.isoformat(timespec="seconds"))
        properties = ElementTree.SubElement(suite, "properties")
        for key in ("id", "model", "setup", "checksum", "schema", "seed", "version"):
            ElementTree.SubElement(
                properties, "property", {"name": key, "value": clean(str(getattr(run.info, key)))}
            )
        suite.extend([_case(score) for score in scores])
    for key, told in _counts(list(run.scores)).items():
        root.set(key, told)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def kind(score: Score) -> str:
    """What the case is in JUnit's words: passed, failure, error or skipped.

    >>> kind(Score("a", "q", "c", Verdict.VACUOUS))
    'skipped'
    """
    if score.verdict is Verdict.HARNESS_ERROR:
        return "error"
    if not score.scored:
        return "skipped"
    return "passed" if score.right else "failure"


def _counts(scores: list[Score]) -> dict[str, str]:
    kinds = [kind(score) for score in scores]
    return {
        "tests": str(len(scores)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
        "time": f"{sum(score.seconds for score in scores):.3f}",
    }


def _case(score: Score) -> ElementTree.Element:
    repeat = f" (repeat {score.repeat + 1})" if score.repeat else ""
    facts = {
        "name": f"{score.case}: {score.question}{repeat}",
        "classname": ".".join(part for part in (score.suite, score.category) if part),
        "time": f"{score.seconds:.3f}",
    }
    if score.file:
        facts |= {"file": score.file, "line": str(score.line)}
    case = ElementTree.Element("testcase", {key: clean(told) for key, told in facts.items()})
    ending = kind(score)
    if ending == "passed":
        return case
    message = score.why or VERDICTS[score.verdict]
    told = ElementTree.SubElement(case, ending, {"message": clean(message)})
    if ending == "skipped":
        return case
    told.set("type", score.verdict.value + (", shown as right" if score.wrong_presented else ""))
    parts = {
        "question": score.question,
        "asked before": "\n".join(score.previous),
        "expected": score.expected,
        "SQL": score.sql,
        "gold": score.gold,
        "errors": "\n".join(score.errors),
    }
    told.text = clean("\n".join(f"{name}: {text}" for name, text in parts.items() if text))
    return case
