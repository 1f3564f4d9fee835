"""The log of turns."""

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from feedback.database import FeedbackDatabase, FeedbackError
from feedback.log import Feedback
from feedback.people import Person, erase
from feedback.tables import ASKED, DAYS
from tests.feedback.conftest import Ask

ADA = Person("U1", "Ada")


def test_a_turn_comes_back_as_it_was_kept(log: Feedback) -> None:
    record = {"question": "wie viele Käufer?", "steps": [{"name": "retrieve", "seconds": 0.02}]}
    turn_id = log.turns.add("t1", "wie viele Käufer?", "answered", record, person=ADA, channel="C1")
    turn = log.turns.get(turn_id)
    assert turn is not None
    assert (turn.thread, turn.question, turn.outcome) == ("t1", "wie viele Käufer?", "answered")
    assert (turn.person, turn.channel, turn.record) == ("U1", "C1", record)
    assert log.names() == {"U1": "Ada"}


def test_an_unknown_turn_is_none(log: Feedback) -> None:
    assert log.turns.get(7) is None


def test_a_thread_has_only_its_own_turns_oldest_first(log: Feedback) -> None:
    for thread, question in [("a", "one"), ("b", "two"), ("a", "three")]:
        log.turns.add(thread, question, "answered", {})
    assert [turn.question for turn in log.turns.of_thread("a")] == ["one", "three"]


def test_recent_turns_come_newest_first_and_no_more_than_asked(log: Feedback) -> None:
    for question, person in (("one", ADA), ("two", Person("U2")), ("three", ADA)):
        log.turns.add("t", question, "unanswered", {}, person=person)
    assert [turn.question for turn in log.turns.recent(2)] == ["three", "two"]
    assert [turn.question for turn in log.turns.recent(9, "U1")] == ["three", "one"]


def test_a_log_survives_being_opened_again(url: str) -> None:
    Feedback(FeedbackDatabase(url)).turns.add("t", "kept?", "answered", {})
    assert [turn.question for turn in Feedback(FeedbackDatabase(url)).turns.recent()] == ["kept?"]


def test_turns_are_counted_by_day_and_by_question(log: Feedback, ask: Ask) -> None:
    day = dt.datetime(2026, 3, 1, 12)
    for question in ("Sales?", "sales", "what else"):
        ask(question, at=day)
    log.turns.add("t", "sales", "unanswered", {}, at=day)
    with log.database.read() as connection:
        asked = {row.question: (row.times, row.unanswered) for row in connection.execute(ASKED.select())}
        days = {(row.kind, row.outcome): row for row in connection.execute(DAYS.select())}
    assert asked == {"sales": (3, 1), "what else": (1, 0)}
    sums = days["figure", "answered"]
    assert (sums.day, sums.turns, sums.repaired, sums.written_tokens) == (day.date(), 3, 3, 30)
    assert sums.seconds == pytest.approx(0.75)
    assert days["", "unanswered"].turns == 1


def test_a_log_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE turns (turn_id INTEGER PRIMARY KEY, thread VARCHAR(64) NOT NULL, asked_at DATETIME "
            "NOT NULL, question TEXT NOT NULL, outcome VARCHAR(16) NOT NULL, record TEXT NOT NULL);"
            "INSERT INTO turns VALUES (4, 't', '2026-01-02 03:04:05', 'old?', 'answered', '{}');"
        )
    log = Feedback(FeedbackDatabase.in_file(path))
    log.turns.add("t", "new?", "answered", {})
    assert [(turn.turn_id, turn.question) for turn in log.turns.recent()] == [(5, "new?"), (4, "old?")]


def test_the_tables_are_those_of_the_migrations(log: Feedback) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from feedback.tables import METADATA

    with log.database.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
    assert [change for change in found if change[0] != "remove_table"] == []


def test_a_failed_write_leaves_nothing(log: Feedback) -> None:
    def fail() -> None:
        with log.database.write() as connection:
            connection.execute(sa.text("INSERT INTO people VALUES ('U9', 'Nobody')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert log.names() == {}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////no/such/folder/f.sqlite", r"could not be opened .*check that .* can be reached"),
        (
            "postgresql+psycopg://nobody@127.0.0.1:9/none",
            r"could not be opened .*check that .* can be reached",
        ),
        ("nonsense", r"address cannot be used .*; write sqlite:///FILE"),
        ("nosuchdb://x", r"address cannot be used .*; write sqlite:///FILE"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_one_sentence(url: str, said: str) -> None:
    with pytest.raises(FeedbackError, match=said):
        FeedbackDatabase(url)


def test_erasing_takes_a_persons_words_and_leaves_the_counts(log: Feedback, ask: Ask) -> None:
    mine = ask("my secret question", person=ADA)
    ask("sales?", person=ADA)
    ask("sales?", person=Person("U2", "Bo"))
    log.votes.cast(mine, ADA, up=True)
    erased = erase(log.database, "U1")
    assert (erased.turns, erased.votes) == (2, 1)
    assert log.names() == {"U2": "Bo"}
    turn = log.turns.get(mine)
    assert turn is not None
    assert (turn.question, turn.person, turn.record) == ("erased", "", {})
    with log.database.read() as connection:
        texts = str([tuple(row) for table in (ASKED, DAYS) for row in connection.execute(table.select())])
        assert "secret" not in texts
        assert sum(row.turns for row in connection.execute(DAYS.select())) == 3
