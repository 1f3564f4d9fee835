"""`quarry train`: a thin adapter, tried once from end to end."""

import importlib.util
import json
from pathlib import Path

import pytest

from tests.assistant.conftest import Quarry


def test_its_help_ends_with_an_example(quarry: Quarry) -> None:
    assert (
        quarry("train", "--help").out.rstrip().endswith("Example: quarry train --workspace demo --minutes 75")
    )


def test_what_is_not_installed_is_named(quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "gguf" else object())
    done = quarry("train", "-w", str(shop))
    assert done.code == 3
    assert done.sentence() == "Training needs gguf; install that with `pip install 'quarry[train]'`."


def test_another_kind_of_file_is_refused(quarry: Quarry, shop: Path) -> None:
    done = quarry("train", "-w", str(shop), "--out", "model.bin")
    assert (done.code, done.sentence()) == (3, "model.bin has to end in .gguf; correct --out.")


TINY = ("--rows", "300", "--minutes", "0.1", "--width", "64", "--layers", "2", "--threads", "1")


@pytest.mark.real
def test_a_trained_specialist_is_used_to_answer(quarry: Quarry, shop: Path) -> None:
    made = quarry("train", "-w", str(shop), *TINY)
    assert (made.code, made.error) == (0, "")
    assert 'set `model = ".quarry/models/shop.gguf"`' in made.out
    assert (shop / ".quarry" / "models" / "shop.pairs.jsonl").read_text().count("\n") > 50
    recipe = json.loads((shop / ".quarry" / "models" / "shop.recipe.json").read_text())
    assert (recipe["rows"], recipe["recipe"]["minutes"]) == (300, 0.1)
    settings = (shop / "quarry.toml").read_text().replace("openai:none", ".quarry/models/shop.gguf")
    (shop / "quarry.toml").write_text(settings)
    assert quarry("index", "-w", str(shop)).code == 0
    answer = quarry("ask", "-w", str(shop), "how many customers are there")
    assert answer.code in (0, 10), answer.error
    again = quarry("train", "-w", str(shop), *TINY)
    assert again.code == 0
    assert "resumed at step" in again.out
    assert "part 1" not in again.out
    assert len(list((shop / ".quarry" / "train").iterdir())) == 1
    (shop / "knowledge" / "rules.yaml").write_text("rules: []\n")
    other = quarry("train", "-w", str(shop), *TINY[:2], "--minutes", "0.01", *TINY[4:])
    assert other.code == 0
    assert "resumed at step" not in other.out
    assert len(list((shop / ".quarry" / "train").iterdir())) == 1
