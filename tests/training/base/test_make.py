"""The whole way from nothing to a base, small: each step is kept, and asked for again it is there."""

from dataclasses import replace
from pathlib import Path

import pytest

from training.base.file import load_base
from training.base.learn import Packing
from training.base.lessons import Lesson, read_lessons, write_lessons
from training.base.make import BasePlan, make_base, split
from training.network import Shape
from training.standing import Recipe

PLAN = BasePlan(
    schemas=3,
    rows=20,
    processes=1,
    vocabulary=600,
    shape=Shape(64, 1, 192),
    recipe=Recipe(minutes=0.02, score_minutes=9),
    packing=Packing(together=2),
)


@pytest.mark.real
def test_a_base_is_made_and_resumes(tmp_path: Path) -> None:
    told: list[str] = []
    target = tmp_path / "base.safetensors"
    make_base(tmp_path / "work", None, target, PLAN, told.append)
    lessons = list(read_lessons(tmp_path / "work" / "lessons"))
    assert 1 <= len(lessons) <= 3
    assert all(10 <= len(lesson.rows) <= 45 for lesson in lessons)  # half of them beside the plain ones
    _, tokenizer, facts = load_base(target)
    assert facts.keys() >= {"plan", "data", "rows", "curve"}
    again: list[str] = []
    more = replace(PLAN, recipe=replace(PLAN.recipe, minutes=0.03))
    make_base(tmp_path / "work", None, tmp_path / "again.safetensors", more, again.append)
    assert not any(line.startswith("schemas:") for line in again)
    assert load_base(tmp_path / "again.safetensors")[1].to_str() == tokenizer.to_str()


def test_lessons_of_a_seed_are_the_same_whatever_the_processes(tmp_path: Path) -> None:
    for name, processes in {"one": 1, "two": 2}.items():
        write_lessons(tmp_path / name, 2, 10, 7, processes, lambda line: None)
    one, two = (list(read_lessons(tmp_path / name)) for name in ("one", "two"))
    assert one == two
    assert one


def test_no_held_out_schema_is_taught() -> None:
    names = [f"farm {n}" for n in range(60)] + [f"spider db{n}" for n in range(20)] + ["wikisql 1-1"]
    lessons = [Lesson(name, (), "", ()) for name in names]
    taught, invented, people = split(lessons)
    assert (len(invented), len(people)) == (15, 5)
    assert {x.name for x in taught} | {x.name for x in invented} | {x.name for x in people} == set(names)
    assert len(taught) == len(names) - 20
    assert all(lesson.name.startswith("spider ") for lesson in people)
