"""The base learns from packed rows, goes on after a stop, and becomes a specialist of a schema."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from knowledge.errors import TrainingError
from tests.training.base.conftest import SHAPE, School
from training.base.file import load_base, save_base, specialist_of
from training.base.learn import Packing, exact_share, learn, loss_of
from training.base.network import Base, named
from training.base.packing import Shown, batch, sequences
from training.network import make_network
from training.pieces import Piece
from training.rows import encode
from training.standing import Recipe
from training.tokenizer import end_of
from training.verify import written

RECIPE = Recipe(minutes=0.12, rate=5e-3, warmup=5)
PACKING = Packing(longest=160, together=2)


def _learn(school: School, folder: Path, recipe: Recipe = RECIPE) -> list[str]:
    told: list[str] = []
    folder.mkdir(exist_ok=True)
    pad = end_of(school.tokenizer)
    asked = {"known": school.courses}
    learn(school.base, school.courses, asked, pad, folder, recipe, PACKING, told.append)
    return told


def _loss(school: School, shown: list[Shown]) -> float:
    made = batch(shown, school.courses, school.base.network.config.vocab_size, end_of(school.tokenizer))
    with torch.no_grad():
        return float(loss_of(school.base, made)[0])


def test_every_row_is_shown_once_and_within_the_length(school: School) -> None:
    made = sequences(school.courses, 120, 0.5, random.Random(1))
    shown = sorted((s.course, row) for s in made for row in s.rows)
    assert shown == [(c, row) for c, course in enumerate(school.courses) for row in range(len(course.rows))]
    for one in made:
        course = school.courses[one.course]
        tokens = sum(course.rows.lengths[row] for row in one.rows) + one.with_head * len(course.head)
        assert tokens <= 120


def test_rows_that_are_packed_do_not_see_each_other(school: School) -> None:
    alone = [_loss(school, [Shown(0, [row], True)]) for row in range(2)]
    counts = [school.courses[0].rows.targets([row]) for row in range(2)]
    mean = sum(loss * n for loss, n in zip(alone, counts, strict=True)) / sum(counts)
    assert _loss(school, [Shown(0, [0, 1], True)]) == pytest.approx(mean, rel=1e-4)


def test_each_row_sees_the_schema(school: School) -> None:
    with_head, without = (_loss(school, [Shown(0, [0, 1], seen)]) for seen in (True, False))
    assert with_head != pytest.approx(without, rel=1e-3)


def test_schemas_in_one_batch_keep_their_own_pieces(school: School) -> None:
    apart = [_loss(school, [Shown(n, [0], True)]) for n in (0, 1)]
    counts = [c.rows.targets([0]) for c in school.courses]
    mean = sum(loss * n for loss, n in zip(apart, counts, strict=True)) / sum(counts)
    assert _loss(school, [Shown(0, [0], True), Shown(1, [0], True)]) == pytest.approx(mean, rel=1e-4)


def test_pieces_of_like_words_begin_alike(school: School) -> None:
    pieces = [
        Piece("a.x", "number", "cow", "weight"),
        Piece("b.y", "number", "cow", "weight"),
        Piece("b.z", "number", "ship", "length"),
    ]
    table = school.base.table(named(pieces, school.tokenizer))[-3:]
    assert torch.equal(table[0], table[1])
    assert not torch.allclose(table[0], table[2], atol=1e-4)


def test_it_learns_tells_its_scores_and_goes_on_after_a_stop(school: School, tmp_path: Path) -> None:
    told = _learn(school, tmp_path / "work")
    device = str(next(school.base.parameters()).device)
    share = exact_share(school.base, school.courses, end_of(school.tokenizer), device, True)
    assert share > 0.7
    assert f"known {share:.1%}" in told[-1]
    again = replace(school, base=Base(make_network(school.tokenizer, SHAPE, seed=9)))
    _learn(again, tmp_path / "work", replace(RECIPE, minutes=0.121))
    assert exact_share(again.base, again.courses, end_of(again.tokenizer), device, True) > 0.7


def test_a_file_gives_back_the_base(school: School, tmp_path: Path) -> None:
    path = tmp_path / "base.safetensors"
    save_base(school.base, school.tokenizer, path, {"data": "abc"})
    base, tokenizer, told = load_base(path)
    assert told["data"] == "abc"
    assert tokenizer.to_str() == school.tokenizer.to_str()
    for name, tensor in school.base.state_dict().items():
        assert torch.allclose(base.state_dict()[name], tensor.cpu(), atol=1e-3), name


def test_a_specialist_knows_what_the_base_knew(school: School, tmp_path: Path) -> None:
    _learn(school, tmp_path / "work")
    school.base.cpu()
    for lesson in school.lessons:
        network, tokenizer = specialist_of(school.base, school.tokenizer, lesson.pieces)
        prompt, target = lesson.rows[0]
        assert encode(tokenizer, prompt, target, 99)
        assert written(network, tokenizer, prompt) == target


@pytest.mark.parametrize("content", [b"", b"no safetensors at all"])
def test_another_file_is_refused_with_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    with pytest.raises(TrainingError, match=r"other\.safetensors cannot be read as a base"):
        load_base(path)
    with pytest.raises(TrainingError, match="cannot be read"):
        load_base(tmp_path / "nowhere.safetensors")
