"""The chat, line by line."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from assistant.answering import Reply
from assistant.commands.chat import Chat
from assistant.render.timing import Split
from assistant.workspace import Workspace
from graph.outcome import Answered, Clarify, Outcome
from knowledge.result import Result

ANSWER = Answered("SELECT 1", Result(("n",), ((1,),)), confidence=0.9)
BARS = Answered("SELECT 2", Result(("city", "n"), (("Berlin", 1), ("London", 2))), confidence=0.9)


class Script:
    """Stands for the workspace: gives outcomes in turn and notes what was asked."""

    def __init__(self, *outcomes: Outcome | type[BaseException]) -> None:
        self.outcomes = list(outcomes)
        self.asked: list[tuple[str, str]] = []

    def reply(self, workspace: object, question: str, thread: str = "") -> Reply:
        self.asked.append((question, thread))
        said = self.outcomes.pop(0)
        if isinstance(said, type):
            raise said
        return Reply(question, said, Split(0.1), 1)


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


def chat(script: Script, out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> Chat:
    monkeypatch.setattr("assistant.answering.reply", script.reply)
    return Chat(Workspace.__new__(Workspace), Console(file=out, width=80), "t1")


def test_questions_go_to_one_thread(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(ANSWER, ANSWER)
    here = chat(script, out, monkeypatch)
    assert here.line("how many")
    assert here.line("and last year")
    assert script.asked == [("how many", "t1"), ("and last year", "t1")]


def test_quit_ends_and_an_empty_line_does_nothing(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    here = chat(Script(), out, monkeypatch)
    assert here.line("")
    assert not here.line(":quit")


def test_the_number_of_a_choice_stands_for_its_words(
    out: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(Clarify("Which amount?", ("net", "gross")), ANSWER)
    here = chat(script, out, monkeypatch)
    here.line("revenue")
    here.line("2")
    assert script.asked[1] == ("gross", "t1")


def test_a_number_without_choices_is_a_question(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(ANSWER)
    chat(script, out, monkeypatch).line("2")
    assert script.asked == [("2", "t1")]


def test_the_sql_is_hidden_and_shown_again(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    here = chat(Script(ANSWER, ANSWER), out, monkeypatch)
    here.line(":sql")
    here.line("one")
    assert "SELECT 1" not in out.getvalue()
    here.line(":sql")
    here.line("two")
    assert "SELECT 1" in out.getvalue()


def test_ctrl_c_stops_only_this_answer(
    out: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = chat(Script(KeyboardInterrupt, ANSWER), out, monkeypatch)
    assert here.line("slow one")
    assert "Stopped this answer" in capsys.readouterr().out
    assert here.line("quick one")
    assert "N: 1" in out.getvalue()


def test_an_unknown_command_is_told(
    out: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chat(Script(), out, monkeypatch).line(":dance")
    assert ":help lists them" in capsys.readouterr().out


def test_the_last_chart_is_drawn(tmp_path: Path, out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    here = chat(Script(BARS), out, monkeypatch)
    here.line("by city")
    here.line(f":chart {tmp_path / 'c.png'}")
    assert (tmp_path / "c.png").exists()


def test_a_chart_before_an_answer_says_how(
    out: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chat(Script(), out, monkeypatch).line(":chart c.png")
    assert "after an answer" in capsys.readouterr().out
