"""The pictures of the docs are what the app makes, and nothing in them is live."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.answering import Reply
from assistant.render.timing import Split
from assistant.slack.answer.message import message
from assistant.slack.blocks import button, modal
from assistant.slack.home.view import home
from graph.outcome import Answered
from knowledge.result import Result
from tools.block_kit import conversation, svg, window

ROOT = Path(__file__).parents[3]
HOSTILE = "<script>alert(1)</script> & more"


def test_a_message_is_drawn_with_its_table_and_its_text_escaped() -> None:
    result = Result(("name", "amount"), ((HOSTILE, 1.5), ("b", 2.5)))
    told = message(Reply("q", Answered("SELECT 1", result, 0.9), Split(0.1), 1))
    drawn = svg(conversation(("Ada", HOSTILE), ("Quarry", told.blocks)), 400)
    words = " ".join(
        ElementTree.fromstring(drawn.replace("&#128077;", "").replace("&#128078;", "")).itertext()
    )
    assert "<script>" not in drawn
    assert HOSTILE in words
    assert "2.50" in words


def test_windows_and_home_are_drawn() -> None:
    assert "Correct this" in window(modal("Correct this", [], submit="Hand in"))
    assert "Your last questions" not in window(home(["sales?"], [], []))
    assert "danger" in conversation(
        ("Quarry", [{"type": "actions", "elements": [button("Reject", "reject", "1", style="danger")]}])
    )


@pytest.mark.parametrize("name", ["answer", "clarify", "review"])
def test_the_pictures_of_the_readme_are_there_and_whole(name: str) -> None:
    path = ROOT / "docs" / f"slack-{name}.svg"
    assert f"docs/{path.name}" in (ROOT / "README.md").read_text()
    assert ElementTree.parse(path).getroot().tag.endswith("svg")
