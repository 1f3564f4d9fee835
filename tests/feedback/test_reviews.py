"""Votes, corrections and decisions, on both databases."""

import threading
from collections import Counter

import numpy as np
import pytest

from feedback.corrections import Correction, Draft
from feedback.database import FeedbackDatabase, FeedbackError
from feedback.log import Feedback
from feedback.people import Person, erase
from feedback.votes import Tally
from tests.feedback.conftest import SALES, Ask

ADA, BO, OWNER, OTHER = Person("U1", "Ada"), Person("U2", "Bo"), Person("O1", "Olga"), Person("O2", "Otto")
RIGHT = "SELECT SUM(amount) FROM orders WHERE status <> 'X'"


def _correct(log: Feedback, turn: int, person: Person = ADA, sql: str = RIGHT, **more: object) -> Correction:
    return log.corrections.submit(Draft(turn, person, sql, "cancelled ones count too", "filter"), **more)  # type: ignore[arg-type]


def test_the_last_vote_of_a_person_counts(log: Feedback, ask: Ask) -> None:
    turn = ask()
    log.votes.cast(turn, ADA, up=True)
    log.votes.cast(turn, BO, up=True)
    assert log.votes.cast(turn, ADA, up=False) == Tally(1, 1)
    assert log.votes.take_back(turn, BO) == Tally(0, 1)
    with pytest.raises(FeedbackError, match="There is no turn 99"):
        log.votes.cast(99, ADA, up=True)


def test_a_correction_waits_with_its_question_and_a_thumbs_down(log: Feedback, ask: Ask) -> None:
    turn = log.turns.add(
        "t", "and in may?", "answered", {"composed": "sales in may", "outcome": {"sql": SALES}}
    )
    kept = _correct(log, turn)
    assert (kept.question, kept.was, kept.sql, kept.state) == ("sales in may", SALES, RIGHT, "open")
    assert log.votes.tally(turn) == Tally(0, 1)
    assert log.corrections.of_person("U1") == [kept]
    assert log.corrections.of_turn(turn) == [kept]


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (Draft(1, ADA), "needs SQL or a comment"),
        (Draft(1, ADA, "  ;", "  "), "needs SQL or a comment"),
        (Draft(1, ADA, comment="x" * 1_000_000), "has 1,000,000 characters; shorten it to 4,000"),
        (Draft(1, ADA, sql="x" * 30_000), "has 30,000 characters; shorten it to 20,000"),
        (Draft(1, ADA, "SELECT 1", cause="mood"), "'mood' is no cause; choose one of table, filter"),
        (Draft(77, ADA, "SELECT 1"), "There is no turn 77 to correct"),
    ],
)
def test_what_cannot_be_kept_is_told(log: Feedback, ask: Ask, draft: Draft, said: str) -> None:
    ask()
    with pytest.raises(FeedbackError, match=said):
        log.corrections.submit(draft)
    assert log.queue.size() == 0


def test_approving_owes_a_deed_and_tells_the_person(log: Feedback, ask: Ask) -> None:
    kept = _correct(log, ask())
    log.reviews.approve(kept.correction_id, OWNER, note="thank you")
    (owed,) = log.reviews.owed()
    assert (owed.deed, owed.correction.correction_id, owed.review.sql) == (
        "publish",
        kept.correction_id,
        RIGHT,
    )
    (notice,) = log.notices.waiting("U1")
    assert notice.text == (
        "Your correction of 'sales?' was approved by Olga; the same question is answered so from now on "
        "('thank you')."
    )
    log.notices.told(notice)
    assert log.notices.waiting() == []
    log.reviews.done(owed, {"example": "correction-1"})
    assert log.reviews.owed() == []


def test_a_comment_needs_sql_before_it_is_approved(log: Feedback, ask: Ask) -> None:
    kept = _correct(log, ask(), sql="")
    with pytest.raises(FeedbackError, match="a comment without SQL"):
        log.reviews.approve(kept.correction_id, OWNER)
    assert log.reviews.approve(kept.correction_id, OWNER, sql=RIGHT + " ; ").sql == RIGHT


def test_a_second_decision_is_told_who_was_first(log: Feedback, ask: Ask) -> None:
    kept = _correct(log, ask())
    log.reviews.reject(kept.correction_id, OWNER, "amount is net")
    with pytest.raises(FeedbackError, match=r"was rejected by Olga already; nothing was changed"):
        log.reviews.approve(kept.correction_id, OTHER)
    assert [review.decision for review in log.reviews.of(kept.correction_id)] == ["rejected"]


def test_of_two_owners_at_the_same_moment_one_decides(url: str, log: Feedback, ask: Ask) -> None:
    for _ in range(5):
        kept = _correct(log, ask())
        gate, said = threading.Barrier(2), Counter[str]()

        def decide(owner: Person, number: int = kept.correction_id) -> None:
            own = Feedback(FeedbackDatabase(url))
            gate.wait()  # noqa: B023
            try:
                own.reviews.approve(number, owner)
                said["approved"] += 1  # noqa: B023
            except FeedbackError:
                said["too late"] += 1  # noqa: B023
            own.close()

        threads = [threading.Thread(target=decide, args=(owner,)) for owner in (OWNER, OTHER)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert said == {"approved": 1, "too late": 1}
        assert len(log.reviews.of(kept.correction_id)) == 1


def test_undo_owes_the_opposite_and_only_what_holds_is_undone(log: Feedback, ask: Ask) -> None:
    kept = _correct(log, ask())
    with pytest.raises(FeedbackError, match="is open; only an approved one"):
        log.reviews.undo(kept.correction_id, OWNER)
    log.reviews.approve(kept.correction_id, OWNER)
    (owed,) = log.reviews.owed()
    log.reviews.prepare(owed, "[1]")
    log.reviews.done(owed, {"example": "x"})
    log.reviews.undo(kept.correction_id, OTHER, "it was a test")
    (owed,) = log.reviews.owed()
    assert (owed.deed, owed.payload, owed.review.sql) == ("withdraw", "[1]", RIGHT)
    assert [review.person for review in log.reviews.by("O2")] == ["O2"]


def test_the_queue_groups_what_says_the_same_and_ranks_what_is_asked_often(log: Feedback, ask: Ask) -> None:
    north = np.eye(3, dtype=np.float32)[0]
    rare, often = ask("rare"), ask("often")
    for _ in range(4):
        ask("often")
    _correct(log, rare, vector=north.tobytes(), group="a")
    first = _correct(log, often, vector=(-north).tobytes(), group="b")
    topic = log.queue.topic_of(-north, "b")
    assert topic == first.topic
    assert log.queue.topic_of(-north, "other rows") == 0
    _correct(log, often, BO, topic=topic, vector=(-north).tobytes(), group="b")
    page = log.queue.page()
    assert [(t.first.question, t.count, t.people) for t in page] == [("often", 2, 2), ("rare", 1, 1)]
    assert log.queue.size() == 2
    log.reviews.approve(first.correction_id, OWNER)
    assert [t.first.question for t in log.queue.page()] == ["rare"]
    assert {c.state for c in log.corrections.of_topic(topic)} == {"approved"}


def test_the_queue_shows_what_contradicts(log: Feedback, ask: Ask) -> None:
    turn = ask()
    for person, group in ((ADA, "a"), (BO, "b")):
        evidence = {"now": {"group": group}}
        log.corrections.submit(Draft(turn, person, RIGHT, evidence=evidence), group=group)
    page = log.queue.page()
    assert [[other.person for other in topic.against] for topic in page] == [["U2"], ["U1"]]


def test_erasing_closes_what_is_open_and_keeps_what_was_approved(log: Feedback, ask: Ask) -> None:
    open_one, kept = _correct(log, ask()), _correct(log, ask("more sales"))
    log.reviews.approve(kept.correction_id, OWNER)
    assert erase(log.database, "U1").corrections == 2
    states = {c.correction_id: (c.state, c.comment, c.person) for c in log.corrections.of_person("")}
    assert states == {open_one.correction_id: ("erased", "", ""), kept.correction_id: ("approved", "", "")}
    assert log.notices.waiting() == []
