"""Follow-ups are made whole by the agent's own follower, with its edited statement in the canonical form."""

import re

from graph.checks import CheckContext, gate
from graph.specialist import ASK, WRITE, fill
from training.followups import EDIT, EDITED, KIND, FollowUps, wordings
from training.material import Material
from training.synthesis import Row

SLOT = re.compile(r"<([vnd]\d)[ab]?>")


def test_rows_ask_the_whole_question_and_run(material: Material, rows: list[Row]) -> None:
    made = [row for row in FollowUps(material, 2).rows(rows, 60) if row.kind == KIND]
    assert len(made) == 60
    context = CheckContext(material.schema, material.rules, "", material.clock)
    for row in made:
        linked = material.linker.link(row.question)
        gated = gate(fill(row.target, linked, material.schema), context)
        assert gated.sql, gated.why
        material.practice.run(gated.sql, max_rows=5)


def test_an_edit_changes_question_and_statement(material: Material) -> None:
    before = Row("", "SELECT COUNT(*) FROM orders o", "how many orders", "count")
    found = FollowUps(material, 1)
    made = [row for _ in range(60) for row in found.after(before)]
    assert made
    assert all(row.target != before.target and row.question != before.question for row in made)


def test_only_questions_that_people_go_on_from_are_edited(material: Material, rows: list[Row]) -> None:
    others = [row for row in rows if row.kind not in EDITED]
    assert others
    assert list(FollowUps(material, 1).rows(others, 5)) == []


def test_an_edit_stands_behind_the_turn_with_slots_of_its_own(material: Material, rows: list[Row]) -> None:
    made = [row for row in FollowUps(material, 3).rows(rows, 60) if row.kind == EDIT]
    before = {row.prompt + row.target for row in rows}
    assert len(made) > 30
    for row in made:
        turn, _, edit = row.prompt.rpartition(ASK)
        assert turn in before
        assert row.target != turn.rpartition(WRITE)[2]
        assert not set(SLOT.findall(edit)) & set(SLOT.findall(turn))
        assert set(SLOT.findall(row.target)) <= set(SLOT.findall(row.prompt))


def test_most_edits_are_said_as_the_grammar_does_not_read_them(material: Material, rows: list[Row]) -> None:
    found = FollowUps(material, 4)
    said = [found._edit() for _ in range(200)]
    assert sum(read != otherwise for read, otherwise in said) > 80
    assert all(wording.leads for wording in wordings() if wording.otherwise)
