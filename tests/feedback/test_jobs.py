"""Jobs, posts and audit on both databases: once, in turn, given back, erased."""

import datetime as dt

from feedback.jobs import Asked
from feedback.log import Feedback
from feedback.people import Person, erase
from feedback.retention import forget


def asked(ts: str, person: str = "U1", conversation: str = "", event: str | None = None) -> Asked:
    return Asked("C1", ts, ts, conversation or f"c{ts}", person, f"question {ts}", event)


def test_a_question_is_taken_in_once_by_its_place_and_by_its_event(log: Feedback) -> None:
    assert log.jobs.take_in(asked("1", event="Ev1")) is not None
    assert log.jobs.take_in(asked("1", event="Ev2")) is None
    assert log.jobs.take_in(asked("2", event="Ev1")) is None
    assert log.jobs.count() == {"waiting": 1}


def test_beyond_a_bound_it_is_kept_as_refused(log: Feedback) -> None:
    said = [log.jobs.take_in(asked(str(n)), most=10, most_each=2) for n in range(3)]
    other = log.jobs.take_in(asked("9", "U2"), most=2, most_each=2)
    assert [job.state for job in said if job] == ["waiting", "waiting", "refusing"]
    assert other is not None
    assert "2 questions are waiting" in other.why


def test_who_was_served_longest_ago_is_next(log: Feedback) -> None:
    for n, person in enumerate(("A", "A", "A", "B", "B")):
        log.jobs.take_in(asked(str(n), person))
    order = [job.person for _ in range(5) if (job := log.jobs.claim("w"))]
    assert order == ["A", "B", "A", "B", "A"]


def test_a_conversation_is_answered_in_its_order(log: Feedback) -> None:
    for n in range(2):
        log.jobs.take_in(asked(str(n), conversation="one"))
    first = log.jobs.claim("w")
    assert first is not None
    assert log.jobs.claim("w") is None
    assert log.jobs.ahead(log.jobs.waiting()[0]) == 1
    log.jobs.done(first)
    second = log.jobs.claim("w")
    assert second is not None
    assert second.ts == "1"


def test_what_an_ending_process_had_is_no_attempt(log: Feedback) -> None:
    log.jobs.take_in(asked("1"))
    log.jobs.claim("w")
    log.jobs.release("w")
    again = log.jobs.claim("other")
    assert again is not None
    assert again.attempts == 1


def test_a_post_is_begun_by_one_and_taken_over_when_it_is_old(log: Feedback) -> None:
    first = log.posts.begin("answer", "1", "C1", "t")
    assert first is not None
    assert first[1]
    assert log.posts.begin("answer", "1", "C1", "t") is None
    taken = log.posts.begin("answer", "1", "C1", "t", retake_s=0)
    assert taken is not None
    assert not taken[1]
    log.posts.arrived(first[0], "1.5")
    there = log.posts.begin("answer", "1", "C1", "t")
    assert there is not None
    assert there[0].ts == "1.5"


def test_erasing_a_person_takes_their_questions_out_of_jobs_and_audit(log: Feedback) -> None:
    log.jobs.take_in(asked("1", "U1"))
    log.audit.note(Person("U1", "Ada"), "C1", "answered", detail="shown in C1: SELECT 1")
    erase(log.database, "U1")
    job = log.jobs.get(1)
    (entry,) = log.audit.latest()
    assert job is not None
    assert (job.person, job.question) == ("", "erased")
    assert (entry.person, entry.detail) == ("", "")


def test_old_jobs_and_their_audit_are_forgotten(log: Feedback) -> None:
    log.jobs.take_in(asked("1"))
    job = log.jobs.claim("w")
    assert job is not None
    log.jobs.done(job)
    log.jobs.take_in(asked("2"))
    log.audit.note(Person("U1"), "C1", "answered")
    forget(log.database, dt.date.today() + dt.timedelta(days=2))
    assert log.jobs.count() == {"waiting": 1}
    assert log.audit.latest() == []
