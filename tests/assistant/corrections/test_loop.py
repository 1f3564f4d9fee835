"""One correction from the thumbs-down to the answer that is right, and back, in a real workspace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import reply
from assistant.corrections import settle, submit
from assistant.workspace import Workspace
from evals.suite.case import load_suite
from feedback.corrections import Correction
from feedback.database import FeedbackError
from feedback.people import Person
from graph.outcome import Answered
from tests.conftest import FakeModel

ADA, OWNER = Person("U1", "Ada"), Person("O1", "Olga")
QUESTION = "how many paid orders do we have"
WRONG = "SELECT COUNT(*) FROM orders o"
RIGHT = "SELECT COUNT(*) FROM orders o WHERE o.status = 'paid'"


@pytest.fixture
def workspace(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Its model always says the same."""
    with Workspace.open(shop) as opened:
        opened.__dict__["model"] = FakeModel(WRONG)
        yield opened


def _ask(workspace: Workspace, question: str = QUESTION) -> tuple[Answered, int]:
    said = reply(workspace, question)
    assert isinstance(said.outcome, Answered), said.outcome
    return said.outcome, said.turn_id


def _approve(workspace: Workspace, sql: str = RIGHT) -> Correction:
    _, turn = _ask(workspace)
    kept, _ = submit(workspace, turn, ADA, sql=sql, comment="only paid ones", cause="filter")
    workspace.feedback.reviews.approve(kept.correction_id, OWNER)
    assert settle(workspace) == 1
    return kept


@pytest.mark.real
def test_an_approved_correction_answers_the_same_question(workspace: Workspace, shop: Path) -> None:
    before, turn = _ask(workspace)
    kept, examined = submit(workspace, turn, ADA, sql=RIGHT, comment="only paid ones", cause="filter")
    assert examined is not None
    assert examined.changes
    assert examined.was is not None
    assert examined.was.first == before.result.rows
    assert examined.now.first == ((4,),)
    unreviewed, _ = _ask(workspace)
    assert unreviewed.sql == before.sql
    workspace.feedback.reviews.approve(kept.correction_id, OWNER)
    settle(workspace)
    after, _ = _ask(workspace)
    assert "status = 'paid'" in after.sql
    (entry,) = [e for e in workspace.examples if e.origin == "correction"]
    assert (entry.question, entry.by, entry.correction) == (QUESTION, "Olga", str(kept.correction_id))
    assert (entry.wrong, entry.trouble) == (kept.was, "asked")
    (case,) = load_suite(shop / "evals" / "corrections.yaml")
    assert (case.question, case.origin) == (QUESTION, "correction")
    assert settle(workspace) == 0


@pytest.mark.real
def test_undo_takes_all_of_it_back(workspace: Workspace, shop: Path) -> None:
    texts = {path: path.read_text() for path in (shop / "knowledge").glob("*.yaml")}
    before, _ = _ask(workspace)
    kept = _approve(workspace)
    workspace.feedback.reviews.undo(kept.correction_id, OWNER)
    assert settle(workspace) == 1
    after, _ = _ask(workspace)
    assert after.sql == before.sql
    assert {path: path.read_text() for path in (shop / "knowledge").glob("*.yaml")} == texts
    assert not (shop / "evals" / "corrections.yaml").exists()


@pytest.mark.real
def test_an_example_of_the_team_gives_way_and_comes_back(workspace: Workspace, shop: Path) -> None:
    question = "How many customers do we have?"
    said = reply(workspace, question)
    right = "SELECT COUNT(*) AS customers FROM customers c WHERE c.is_test = 0 AND c.customer_id > 1"
    kept, _ = submit(workspace, said.turn_id, ADA, sql=right)
    workspace.feedback.reviews.approve(kept.correction_id, OWNER)
    settle(workspace)
    assert [e.origin for e in workspace.examples if e.question == question] == ["correction"]
    workspace.feedback.reviews.undo(kept.correction_id, OWNER)
    settle(workspace)
    assert [e.origin for e in workspace.examples if e.question == question] == ["written"]


@pytest.mark.real
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELEC nonsense", "This SQL cannot be taken"),
        ("DELETE FROM orders", "This SQL cannot be taken"),
        ("SELECT colour FROM orders", "This SQL cannot be taken"),
        ("SELECT email FROM customers", "This SQL cannot be taken"),
        ("SELECT 1; SELECT 2", "This SQL cannot be taken"),
    ],
)
def test_sql_that_may_not_run_is_refused_and_nothing_is_kept(
    workspace: Workspace, sql: str, said: str
) -> None:
    _, turn = _ask(workspace)
    with pytest.raises(FeedbackError, match=said):
        submit(workspace, turn, ADA, sql=sql)
    assert workspace.feedback.queue.size() == 0


@pytest.mark.real
def test_a_comment_alone_waits_for_review(workspace: Workspace) -> None:
    _, turn = _ask(workspace)
    kept, examined = submit(workspace, turn, ADA, comment="<script>alert(1)</script> only paid")
    assert examined is None
    assert (kept.sql, kept.comment) == ("", "<script>alert(1)</script> only paid")
    assert workspace.feedback.queue.size() == 1


@pytest.mark.real
def test_two_people_who_say_the_same_are_one_topic(workspace: Workspace) -> None:
    topics = set()
    for person, question in ((ADA, QUESTION), (Person("U2"), "how many orders are paid")):
        _, turn = _ask(workspace, question)
        kept, _ = submit(workspace, turn, person, sql=RIGHT)
        topics.add(kept.topic)
    assert len(topics) == 1


@pytest.mark.real
def test_what_a_killed_process_left_is_done_by_the_next(workspace: Workspace, shop: Path) -> None:
    _, turn = _ask(workspace)
    kept, _ = submit(workspace, turn, ADA, sql=RIGHT)
    workspace.feedback.reviews.approve(kept.correction_id, OWNER)
    with Workspace.open(shop) as other:
        other.__dict__["model"] = FakeModel(WRONG)
        assert settle(other) == 1
        answer, _ = _ask(other)
        assert "status = 'paid'" in answer.sql
