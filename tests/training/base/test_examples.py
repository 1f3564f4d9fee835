"""People's questions stand behind their nearest neighbours, as a specialist is shown a team's examples."""

from tests.conftest import FakeEmbedder
from training.base.examples import behind_nearest
from training.base.lessons import Lesson

ROWS = (
    ("<|ask|>names of farms<|sql|>", "SELECT f.name FROM farm f"),
    ("<|ask|>names of red farms|<v1>f.color<|sql|>", "SELECT f.name FROM farm f WHERE f.color = <v1>"),
    ("<|ask|>how many cows are there<|sql|>", "SELECT COUNT(*) FROM cows c"),
    ("<|ask|>names of farms<|sql|>", "SELECT f.name FROM farm f"),
)
LESSON = Lesson("spider farms", (), "", ROWS)


def test_the_nearest_comes_first_and_a_row_never_stands_behind_itself() -> None:
    first, second = behind_nearest(LESSON, FakeEmbedder(), 2)
    prompt, sql = first.rows[0]
    assert prompt == (
        "<|ask|>names of red farms<|sql|>SELECT f.name FROM farm f WHERE f.color = <v1><|end|>"
        "<|ask|>names of farms<|sql|>"
    )
    assert sql == "SELECT f.name FROM farm f"
    assert second.rows[0][0].startswith("<|ask|>how many cows are there<|sql|>")
    assert first.rows[1][0].endswith("<|ask|>names of red farms|<v1>f.color<|sql|>")  # with its links


def test_where_no_other_is_there_nothing_is_shown() -> None:
    alone = Lesson("spider farms", (), "", ROWS[:1])
    assert [len(lesson.rows) for lesson in behind_nearest(alone, FakeEmbedder(), 2)] == [0, 0]
