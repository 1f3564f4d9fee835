"""Questions behind an example: half of them have a word that only the example explains."""

import re

from graph.specialist import ASK, END, WRITE
from training.few_shot import KIND, FewShot
from training.material import Material
from training.synthesis import Row

COUNT = 200


def parts(row: Row) -> tuple[str, str, str]:
    """The example's question and SQL, and the question behind it."""
    example, _, own = row.prompt.partition(END)
    question, _, sql = example.removeprefix(ASK).partition(WRITE)
    return question, sql, own


def test_each_row_stands_behind_another_question_and_its_sql(material: Material, rows: list[Row]) -> None:
    made = list(FewShot(material, 1).rows(rows, COUNT))
    known = {row.target for row in rows}
    assert len(made) == COUNT
    assert {row.kind for row in made} == {KIND}
    for row in made:
        question, sql, own = parts(row)
        assert question
        assert sql in known
        assert row.target in known
        assert own.startswith(ASK)
        assert own.endswith(WRITE)
        assert row.prompt.count(END) == 1


def test_a_word_that_nothing_explains_stands_in_both_questions(material: Material, rows: list[Row]) -> None:
    plain = {row.prompt for row in rows}
    made = [row for row in FewShot(material, 2).rows(rows, COUNT) if parts(row)[2] not in plain]
    assert 0.3 * COUNT < len(made) < 0.7 * COUNT
    said = {word for row in rows for word in re.findall(r"\w+", row.prompt)}
    for row in made:
        question, _, own = parts(row)
        unheard = set(re.findall(r"\w+", question)) & set(re.findall(r"\w+", own)) - said
        linked = [material.linker.link(word) for word in unheard]
        assert unheard
        assert not any(found.slots for found in linked)


def test_a_seed_gives_the_same_rows(material: Material, rows: list[Row]) -> None:
    assert list(FewShot(material, 3).rows(rows, 30)) == list(FewShot(material, 3).rows(rows, 30))


def test_a_database_of_which_nothing_is_told_has_them_too(atlas: Material) -> None:
    stream = atlas.synthesiser(1).rows()
    rows = [next(stream) for _ in range(200)]
    assert len(list(FewShot(atlas, 1).rows(rows, 50))) == 50


def test_without_rows_there_are_none(material: Material) -> None:
    assert list(FewShot(material, 1).rows([], 5)) == []
