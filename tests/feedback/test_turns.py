"""The log of turns."""

from pathlib import Path

import pytest

from feedback.turns import FeedbackError, Turns


@pytest.fixture
def log(tmp_path: Path) -> Turns:
    return Turns.in_file(tmp_path / "feedback.sqlite")


def test_a_turn_comes_back_as_it_was_kept(log: Turns) -> None:
    record = {"question": "wie viele Käufer?", "steps": [{"node": "retrieve", "seconds": 0.02}]}
    turn_id = log.add("t1", "wie viele Käufer?", "answered", record)
    turn = log.get(turn_id)
    assert turn is not None
    assert (turn.thread, turn.question, turn.outcome) == ("t1", "wie viele Käufer?", "answered")
    assert turn.record == record


def test_an_unknown_turn_is_none(log: Turns) -> None:
    assert log.get(7) is None


def test_a_thread_has_only_its_own_turns_oldest_first(log: Turns) -> None:
    for thread, question in [("a", "one"), ("b", "two"), ("a", "three")]:
        log.add(thread, question, "answered", {})
    assert [turn.question for turn in log.of_thread("a")] == ["one", "three"]


def test_recent_turns_come_newest_first_and_no_more_than_asked(log: Turns) -> None:
    for question in ("one", "two", "three"):
        log.add("t", question, "unanswered", {})
    assert [turn.question for turn in log.recent(2)] == ["three", "two"]


def test_a_log_survives_being_opened_again(tmp_path: Path) -> None:
    Turns.in_file(tmp_path / "f.sqlite").add("t", "kept?", "answered", {})
    assert [turn.question for turn in Turns.in_file(tmp_path / "f.sqlite").recent()] == ["kept?"]


def test_a_folder_that_is_missing_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match=r"check that .* can be written"):
        Turns.in_file(tmp_path / "no" / "such" / "f.sqlite")
