"""A chat model's wordings are kept where they hold the same values, numbers and dates."""

from pathlib import Path

from graph.models.base import Prompt
from training.material import Material
from training.paraphrase import Paraphraser
from training.synthesis import Row

LONG = Row(
    "<|ask|>rivers of <v1> longer than <n1><|sql|>",
    "SELECT r.river_name FROM river r WHERE r.runs_through = <v1> AND r.length > <n1>",
    "rivers of Landc longer than 110",
    "listing",
)
REPLY = """\
1. Landc's rivers above 110
- which rivers in Landc are longer than 110?
which rivers in Landc are long?
which rivers in Landd are longer than 110
rivers of Landc longer than 110
"""


class Asked:
    """A model that says the same to everything, and counts."""

    def __init__(self, reply: str) -> None:
        self.reply, self.count = reply, 0

    def __call__(self, prompt: Prompt) -> str:
        self.count += 1
        return self.reply


def test_wordings_that_lose_or_change_a_value_are_thrown_away(atlas: Material, tmp_path: Path) -> None:
    made = list(Paraphraser(atlas, Asked(REPLY)).rows([LONG], tmp_path / "replies.jsonl"))
    assert [row.question for row in made] == [
        "Landc's rivers above 110",
        "which rivers in Landc are longer than 110?",
    ]
    assert all(row.target == LONG.target for row in made)


def test_slots_follow_their_values_to_other_places(atlas: Material, tmp_path: Path) -> None:
    two = Row(
        "",
        "SELECT b.neighbour FROM border b WHERE b.land_name = <v1> AND b.neighbour <> <v2>",
        "neighbours of Landc but not Landd",
        "listing",
    )
    reply = "except for Landd, who are the neighbours of Landc?"
    (row,) = Paraphraser(atlas, Asked(reply)).rows([two], tmp_path / "replies.jsonl")
    assert row.target == "SELECT b.neighbour FROM border b WHERE b.land_name = <v2> AND b.neighbour <> <v1>"


def test_a_run_that_was_stopped_asks_only_for_the_rest(atlas: Material, tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    first = list(Paraphraser(atlas, Asked(REPLY)).rows([LONG], path))
    path.write_text(path.read_text() + '["half a li')
    again = Asked(REPLY)
    assert list(Paraphraser(atlas, again).rows([LONG], path)) == first
    assert again.count == 0
