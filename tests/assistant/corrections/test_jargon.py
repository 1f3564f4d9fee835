"""Words that nobody knew: one correction explains each, and other questions with the word are asked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.answering import reply
from assistant.corrections import settle, submit
from assistant.workspace import Workspace
from evals.runs.judge import judge
from evals.suite.case import Case, load_suite
from feedback.people import Person
from graph.checks import gate
from graph.outcome import Answered

WORDS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("jargon.yaml").read_text())
ADA, OWNER = Person("U1", "Ada"), Person("O1", "Olga")
LEAST = 0.5
"""docs/feedback.md says what was measured."""


def _case(workspace: Workspace, question: str, sql: str) -> Case:
    """With the business rules in its gold."""
    gated = gate(sql, replace(workspace.check_context, question=question))
    assert gated.sql, gated.why
    some = load_suite(workspace.folder / "evals" / "dev.yaml")[0]
    return replace(some, question=question, gold=(gated.sql,))


def _is_right(workspace: Workspace, case: Case) -> tuple[bool, int, bool]:
    """Whether it is answered as the gold says, the number of its turn, and whether it is marked."""
    said = reply(workspace, case.question)
    if not isinstance(said.outcome, Answered):
        return False, said.turn_id, True
    compared, _ = judge(
        case, said.outcome.sql, said.outcome.result, workspace.database, workspace.check_context
    )
    return compared.verdict.right, said.turn_id, said.outcome.check


@pytest.mark.real
def test_a_word_that_was_explained_once_is_understood_in_other_questions(workspace: Workspace) -> None:
    asked = [_case(workspace, *told) for word in WORDS for told in word["asked"]]
    before = sum(_is_right(workspace, case)[0] for case in asked)
    for word in WORDS:
        case = _case(workspace, *word["taught"])
        kept, _ = submit(workspace, _is_right(workspace, case)[1], ADA, sql=case.golds[0])
        workspace.feedback.reviews.approve(kept.correction_id, OWNER)
    settle(workspace)
    after = [_is_right(workspace, case) for case in asked]
    right = sum(is_right for is_right, _, _ in after)
    unmarked = sum(not is_right and not check for is_right, _, check in after)
    print(f"before {before}, after {right} of {len(asked)}, wrong without a mark {unmarked}")
    assert len(asked) == 48
    assert right / len(asked) >= LEAST
    assert unmarked <= 2
