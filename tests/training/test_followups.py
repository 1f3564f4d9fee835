"""Follow-ups are made whole by the agent's own follower, with its edited statement in the canonical form."""

from graph.checks import CheckContext, gate
from graph.specialist import fill
from training.followups import EDITED, KIND, FollowUps
from training.material import Material
from training.synthesis import Row


def test_rows_ask_the_whole_question_and_run(material: Material, rows: list[Row]) -> None:
    made = list(FollowUps(material, 2).rows(rows, 60))
    assert len(made) == 60
    context = CheckContext(material.schema, material.rules, "", material.clock)
    for row in made:
        assert row.kind == KIND
        linked = material.linker.link(row.question)
        gated = gate(fill(row.target, linked, material.schema), context)
        assert gated.sql, gated.why
        material.practice.run(gated.sql, max_rows=5)


def test_an_edit_changes_question_and_statement(material: Material) -> None:
    before = Row("", "SELECT COUNT(*) FROM orders o", "how many orders", "count")
    found = FollowUps(material, 1)
    made = [row for _ in range(60) if (row := found.row(before))]
    assert made
    assert all(row.target != before.target and row.question != before.question for row in made)


def test_only_questions_that_people_go_on_from_are_edited(material: Material, rows: list[Row]) -> None:
    others = [row for row in rows if row.kind not in EDITED]
    assert others
    assert list(FollowUps(material, 1).rows(others, 5)) == []
