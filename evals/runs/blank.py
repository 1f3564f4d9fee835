"""A score before anything is known but its case."""

import hashlib
import json

from evals.runs.score import Score
from evals.suite.case import Case
from evals.verdict import Verdict


def blank(case: Case, verdict: Verdict, why: str = "", *, repeat: int = 0) -> Score:
    """A score that says nothing yet but the case and the verdict."""
    return Score(
        case=case.id,
        question=case.question,
        category=case.category,
        verdict=verdict,
        suite=case.suite,
        previous=case.previous,
        repeat=repeat,
        expected=case.expected,
        must_pass=case.must_pass,
        why=why,
        golds=case.golds,
        person=case.person,
        tags=case.tags,
        file=case.file,
        line=case.line,
        fingerprint=fingerprint(case),
    )


def fault(case: Case, why: str, *, repeat: int = 0) -> Score:
    """A case that could not be scored, and what in the way stood."""
    return blank(case, Verdict.HARNESS_ERROR, why, repeat=repeat)


def at_fault(case: Case, why: str) -> str:
    """`why`, led by the file and the line of the suite where the fault is to be mended."""
    return f"{case.where}: {why}" if case.file else why


def fingerprint(case: Case) -> str:
    """Changes with the question and what is expected, so that an old score is not taken for a new one."""
    facts = [
        case.question,
        case.previous,
        case.evidence,
        case.gold,
        case.ordered,
        case.expected,
        case.database,
        str(case.today or ""),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]
