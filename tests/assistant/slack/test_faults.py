"""Never twice, never lost: deliveries that repeat, connections that break, processes that end."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from feedback.database import FeedbackDatabase
from feedback.jobs import MOST_ATTEMPTS, Asked
from feedback.log import Feedback
from graph.models.base import Generation
from tests.assistant.slack.conftest import ADA, BOB, BY_STATUS, SALES, Start, answer, words
from tests.conftest import FakeModel
from tests.servers.slack import Faults, LoopbackSlack

pytestmark = pytest.mark.real


class SlowModel(FakeModel):
    """Thinks for a while."""

    seconds = 0.5

    def generate(self, *given: Any, **more: Any) -> Generation:
        time.sleep(self.seconds)
        return super().generate(*given, **more)


def only_answers(loopback: LoopbackSlack, questions: list[str]) -> bool:
    """Each question has one message of the app."""
    return all(len(loopback.of_bot(SALES, ts)) == 1 for ts in questions)


def test_what_is_delivered_twice_is_answered_once(start: Start, loopback: LoopbackSlack) -> None:
    start(), start()
    loopback.faults = Faults(twice=1.0)
    asked = [
        loopback.mention(user, SALES, "revenue by order status") for user in (ADA, BOB) for _ in range(4)
    ]
    loopback.wait(lambda: only_answers(loopback, asked))
    time.sleep(1)
    assert only_answers(loopback, asked)


def test_too_many_calls_are_repeated_when_slack_says(start: Start, loopback: LoopbackSlack) -> None:
    start()
    loopback.faults = Faults(too_many=0.5, methods=frozenset({"chat.postMessage"}))
    asked = [loopback.mention(ADA, SALES, "revenue by order status") for _ in range(3)]
    loopback.wait(lambda: only_answers(loopback, asked), 60)


@pytest.mark.parametrize("fault", ["lost", "broken"])
def test_a_post_of_which_nobody_knows_is_not_repeated(
    start: Start, loopback: LoopbackSlack, fault: str
) -> None:
    start()
    loopback.faults = Faults(**{fault: 0.5}, methods=frozenset({"chat.postMessage"}))
    asked = [loopback.mention(ADA, SALES, "revenue by order status") for _ in range(5)]
    loopback.wait(lambda: only_answers(loopback, asked), 60)
    time.sleep(1)
    assert only_answers(loopback, asked)


def test_closed_sockets_are_opened_again(start: Start, loopback: LoopbackSlack) -> None:
    start()
    loopback.faults = Faults(ack_s=1.0)
    answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    loopback.close_sockets()
    ts = loopback.mention(ADA, SALES, "revenue by order status")
    assert "paid" in words(answer(loopback, SALES, ts)["blocks"])


def test_no_acknowledgement_without_a_row(start: Start, loopback: LoopbackSlack) -> None:
    """Where the log cannot be written, Slack delivers again, and then it is taken in."""
    workspace = start()
    loopback.faults = Faults(ack_s=0.5)
    jobs, tries = workspace.feedback.jobs, []
    real = jobs.take_in

    def failing(*given: Any, **more: Any) -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("the log is away")
        return real(*given, **more)

    jobs.take_in = failing  # type: ignore[method-assign]
    ts = loopback.mention(ADA, SALES, "revenue by order status")
    assert "paid" in words(answer(loopback, SALES, ts)["blocks"])


def test_what_an_ended_process_left_is_answered_by_the_next(start: Start, loopback: LoopbackSlack) -> None:
    workspace = start()
    log = workspace.feedback
    ts = loopback._say(ADA, SALES, "left", "")
    log.jobs.take_in(Asked(SALES, ts, ts, f"slack-{SALES}-{ts}", ADA, "revenue by order status"))
    assert "paid" in words(answer(loopback, SALES, ts)["blocks"])


def test_what_a_living_process_lost_is_given_back(tmp_path: Path) -> None:
    """As when the log was away while the process wanted to give it back."""
    log = Feedback(FeedbackDatabase.in_file(tmp_path / "log.sqlite"))
    for ts in ("1", "2"):
        log.jobs.take_in(Asked("C", ts, ts, ts, ADA, "q"))
    lost, kept = log.jobs.claim("w"), log.jobs.claim("w")
    assert lost is not None
    assert kept is not None
    time.sleep(0.3)

    log.jobs.beat("w", (kept.job_id,))

    assert log.jobs.sweep(lease_s=0.2) == 1
    again = log.jobs.claim("another")
    log.close()
    assert again is not None
    assert again.job_id == lost.job_id


def test_a_job_of_a_silent_process_is_given_back_and_at_last_failed(tmp_path: Path) -> None:
    log = Feedback(FeedbackDatabase.in_file(tmp_path / "log.sqlite"))
    log.jobs.take_in(Asked("C", "1", "1", "c", ADA, "q"))
    for attempt in range(MOST_ATTEMPTS):
        job = log.jobs.claim(f"process {attempt}")
        assert job is not None
        assert log.jobs.claim("another") is None
        assert log.jobs.sweep(lease_s=60) == 0
        assert log.jobs.sweep(lease_s=-1) == 1
    failed = log.jobs.claim("the last")
    log.close()
    assert failed is not None
    assert (failed.state, "interrupted" in failed.why) == ("failing", True)


def test_an_answer_that_was_posted_before_the_end_is_found(start: Start, loopback: LoopbackSlack) -> None:
    """Killed between the post and its note: the next process asks Slack, and posts nothing."""
    log = start().feedback
    ts = loopback.mention(ADA, SALES, "revenue by order status")
    answer(loopback, SALES, ts)
    loopback.wait(lambda: log.jobs.count() == {"done": 1})
    with log.database.write() as connection:
        connection.exec_driver_sql("UPDATE posts SET ts = ''")
        connection.exec_driver_sql("UPDATE jobs SET state = 'waiting', worker = '', done_at = NULL")

    loopback.wait(lambda: log.jobs.count() == {"done": 1})

    assert only_answers(loopback, [ts])
    assert len(log.turns.recent()) == 1


def test_beyond_the_bound_people_are_told_politely(start: Start, loopback: LoopbackSlack) -> None:
    start(SlowModel(BY_STATUS), slack_waiting=3, slack_waiting_each=2)
    asked = [loopback.mention(ADA, SALES, "revenue by order status", wait=False) for _ in range(6)]
    loopback.wait(lambda: only_answers(loopback, asked), 60)
    texts = [loopback.of_bot(SALES, ts)[0]["text"] for ts in asked]
    assert any("questions waiting already" in text for text in texts)
    assert sum("paid" in text for text in texts) >= 2


def test_who_waits_long_is_told_again(
    start: Start, loopback: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.slack.asking.status.REFRESH_S", 0.2)
    start(SlowModel(BY_STATUS))
    asked = [loopback.mention(ADA, SALES, "revenue by order status") for _ in range(5)]
    loopback.wait(lambda: only_answers(loopback, asked), 60)
    told = [status[3] for status in loopback.statuses if status[2] == asked[-1]]
    assert "will look it up: 2 questions are before yours ..." in told


def test_people_take_turns(start: Start, loopback: LoopbackSlack) -> None:
    """Who asks one question does not wait for somebody's five."""
    start(SlowModel(BY_STATUS))
    many = [loopback.mention(ADA, SALES, "revenue by order status") for _ in range(5)]
    one = loopback.mention(BOB, SALES, "revenue by order status")
    loopback.wait(lambda: only_answers(loopback, [*many, one]), 60)
    order = sorted([*many, one], key=lambda ts: loopback.of_bot(SALES, ts)[0]["at"])
    assert order.index(one) <= 2
    assert any("before yours" in status[3] for status in loopback.statuses)


def test_an_older_slack_gets_the_rows_as_text(start: Start, loopback: LoopbackSlack) -> None:
    loopback.old = True
    start()
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    assert "table" not in [block["type"] for block in found["blocks"]]
    assert "paid" in words(found["blocks"])


def test_jobs_are_claimed_by_one_of_many(tmp_path: Path) -> None:
    logs = [Feedback(FeedbackDatabase.in_file(tmp_path / "log.sqlite")) for _ in range(4)]
    for n in range(40):
        logs[0].jobs.take_in(Asked("C", str(n), str(n), str(n), f"U{n % 3}", "q"))

    def claim(place: int) -> list[int]:
        found = []
        while job := logs[place].jobs.claim(f"w{place}"):
            found.append(job.job_id)
        return found

    with ThreadPoolExecutor(4) as pool:
        claimed = [one for found in pool.map(claim, range(4)) for one in found]
    assert sorted(claimed) == list(range(1, 41))
    for log in logs:
        log.close()
