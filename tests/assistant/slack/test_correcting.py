"""From the thumb to the corrected answer, without leaving Slack."""

import pytest

from tests.assistant.slack.conftest import ADA, BOB, OWNER, REVIEW, SALES, Start, answer, words
from tests.servers.slack import LoopbackSlack

pytestmark = pytest.mark.real

RIGHT = "SELECT o.status, COUNT(*) AS orders FROM orders AS o GROUP BY o.status"


def test_a_correction_is_previewed_reviewed_and_shown(start: Start, loopback: LoopbackSlack) -> None:
    workspace = start()
    log = workspace.feedback
    ts = loopback.mention(ADA, SALES, "revenue by order status")
    found = answer(loopback, SALES, ts)

    loopback.click(ADA, found, "vote", "up:1")
    loopback.click(BOB, found, "vote", "down:1")
    (view,) = loopback.wait(lambda: list(loopback.views.values()))
    assert loopback.submit(BOB, view, sql="SELECT * FROM nowhere")["response_action"] == "errors"
    assert loopback.submit(BOB, view, sql="DELETE FROM orders")["errors"]["sql"].startswith("This SQL")
    assert loopback.submit(BOB, view)["errors"]
    assert loopback.submit(BOB, view, sql=RIGHT, cause="number", comment="count <!channel> them") is None

    preview = answer(loopback, SALES, ts, 2)
    assert "U2Bob corrected this answer." in words(preview["blocks"])
    (card,) = loopback.wait(lambda: loopback.of_bot(REVIEW))
    assert "revenue by order status" in words(card["blocks"])
    assert (log.votes.tally(1).up, log.votes.tally(1).down) == (1, 1)

    loopback.click(BOB, card, "approve")
    assert loopback.wait(lambda: loopback.whispers)[0]["user"] == BOB
    loopback.click(OWNER, card, "approve")

    loopback.wait(lambda: "Approved by U3Olga" in words(card["blocks"]))
    loopback.wait(lambda: "Corrected by U2Bob, approved by U3Olga" in words(found["blocks"]))
    told = loopback.wait(lambda: loopback.of_bot(loopback.direct(BOB)))
    assert "was approved by U3Olga" in told[0]["text"]
    loopback.wait(lambda: ADA in str(loopback.of_bot(SALES, ts)[2:]))
    assert "COUNT" in (workspace.folder / "knowledge" / "examples.yaml").read_text()

    loopback.click(OWNER, card, "undo")

    loopback.wait(lambda: "Undone by U3Olga" in words(card["blocks"]))
    loopback.wait(lambda: "Corrected by" not in words(found["blocks"]))
    assert not [call for call in loopback.refused if "chat" in call or "views" in call]


def test_sql_that_takes_long_and_fails_is_told_after_the_window_closed(
    start: Start, loopback: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.slack.correcting.hand_in.PATIENCE_S", 0)
    log = start().feedback
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    loopback.click(ADA, found, "vote", "down:1")
    (view,) = loopback.wait(lambda: list(loopback.views.values()))
    assert loopback.submit(ADA, view, sql="SELECT * FROM nowhere") is None
    (told,) = loopback.wait(lambda: loopback.whispers)
    assert told["user"] == ADA
    assert told["text"].startswith("Your correction was not kept: This SQL cannot be taken")
    assert log.corrections.of_turn(1) == []


def test_an_owner_may_edit_before_approving(start: Start, loopback: LoopbackSlack) -> None:
    log = start().feedback
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    loopback.click(ADA, found, "vote", "down:1")
    (view,) = loopback.wait(lambda: list(loopback.views.values()))
    assert loopback.submit(ADA, view, comment="without the cancelled ones") is None
    (card,) = loopback.wait(lambda: loopback.of_bot(REVIEW))
    assert "approve" not in [
        e["action_id"] for b in card["blocks"] for e in b["elements"] if "action_id" in e
    ]

    loopback.click(OWNER, card, "edit")
    edit = loopback.wait(lambda: [v for v in loopback.views.values() if v.get("callback_id") == "edited"])[0]
    assert loopback.submit(OWNER, edit, sql="SELECT 1 FROM nothing")["response_action"] == "errors"
    assert loopback.submit(BOB, edit, sql=RIGHT)["response_action"] == "errors"
    assert loopback.submit(OWNER, edit, sql=RIGHT) is None

    loopback.wait(lambda: "Approved" in words(card["blocks"]))
    (review,) = log.reviews.of(1)
    assert review.sql == RIGHT


def test_what_is_decided_elsewhere_is_told_in_slack(start: Start, loopback: LoopbackSlack) -> None:
    from feedback.people import Person

    log = start().feedback
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    loopback.click(ADA, found, "vote", "down:1")
    (view,) = loopback.wait(lambda: list(loopback.views.values()))
    loopback.submit(ADA, view, sql=RIGHT)
    (card,) = loopback.wait(lambda: loopback.of_bot(REVIEW))

    log.reviews.reject(1, Person("olga@example.com", "Olga"), "revenue is right")

    loopback.wait(lambda: "Rejected by Olga" in words(card["blocks"]))
    loopback.wait(lambda: loopback.of_bot(loopback.direct(ADA)))


def test_home_shows_questions_corrections_and_to_owners_the_queue(
    start: Start, loopback: LoopbackSlack
) -> None:
    start()
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    loopback.click(ADA, found, "vote", "down:1")
    (view,) = loopback.wait(lambda: list(loopback.views.values()))
    loopback.submit(ADA, view, sql=RIGHT)
    loopback.wait(lambda: loopback.of_bot(REVIEW))

    loopback.open_home(ADA)
    loopback.open_home(OWNER)

    hers = words(loopback.wait(lambda: loopback.homes.get(ADA))["blocks"])
    owners = loopback.wait(lambda: loopback.homes.get(OWNER))
    assert "How many customers do we have?" in hers
    assert "revenue by order status (waits for a data owner)" in " ".join(hers.split())
    assert "Quality" not in hers
    assert "Waiting for a decision" in words(owners["blocks"])
    loopback.users[BOB] = {"is_restricted": True}
    loopback.open_home(BOB)
    assert "full members" in words(loopback.wait(lambda: loopback.homes.get(BOB))["blocks"])
