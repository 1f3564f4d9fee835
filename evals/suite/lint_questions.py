"""Faults of the questions: asked twice, or answered in two ways."""

from collections.abc import Iterator, Sequence

from evals.suite.alike import asked, near_places
from evals.suite.case import Case
from evals.suite.problem import Problem
from evals.suite.same_sql import fingerprint
from knowledge.schema import Schema


def question_problems(cases: Sequence[Case], schema: Schema) -> Iterator[Problem]:
    """Cases that ask what an earlier one asks, and threads with an empty question."""
    for case in cases:
        if not case.question.strip() or not all(previous.strip() for previous in case.previous):
            why = "a question of the thread is empty"
            yield Problem(case.id, case.where, why, "write it or take it out")
    texts = [asked(case) for case in cases]
    for later, earlier in sorted(near_places(texts, texts)):
        one, other = cases[later], cases[earlier]
        if earlier < later and one.database == other.database and one.evidence == other.evidence:
            same = "is" if texts[earlier] == texts[later] else "is nearly"
            yield _twice(one, other, same, schema)


def _twice(case: Case, other: Case, same: str, schema: Schema) -> Problem:
    name = other.id if other.suite == case.suite else f"{other.id} ({other.where})"
    if case.expected != other.expected:
        why = f"the question {same} that of {name}, which is to end otherwise ({other.expected})"
        return Problem(case.id, case.where, why, "word one of them so that it differs")
    if _same_golds(case, other, schema):
        return Problem(case.id, case.where, f"the question {same} that of {name}", "remove one of them")
    why = f"the question {same} that of {name}, but the gold is another"
    return Problem(case.id, case.where, why, "word one so that it differs, or give both all right golds")


def _same_golds(one: Case, other: Case, schema: Schema) -> bool:
    if set(one.golds) & set(other.golds) or not (one.golds or other.golds):
        return True
    trees = {fingerprint(gold, schema) for gold in one.golds} - {""}
    return any(fingerprint(gold, schema) in trees for gold in other.golds)
