"""`quarry train`: a thin adapter, tried once from end to end."""

import importlib.util
import json
from pathlib import Path

import pytest

from tests.assistant.conftest import Quarry
from training.base.file import save_base
from training.base.network import Base
from training.network import Shape, make_network
from training.tokenizer import FIXED, train_tokenizer
from training.warm import from_gguf


def test_its_help_ends_with_an_example(quarry: Quarry) -> None:
    assert (
        quarry("train", "--help").out.rstrip().endswith("Example: quarry train --workspace demo --minutes 75")
    )


def test_what_is_not_installed_is_named(quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "peft" else object())
    done = quarry("train", "-w", str(shop))
    assert done.code == 3
    assert done.sentence() == "Training needs peft; install that with `pip install 'quarry[train]'`."


def test_another_kind_of_file_is_refused(quarry: Quarry, shop: Path) -> None:
    done = quarry("train", "-w", str(shop), "--out", "model.bin")
    assert (done.code, done.sentence()) == (3, "model.bin has to end in .gguf; correct --out.")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--update", "--from-scratch"), "each say where to begin; name one of them."),
        (("--adapt", "x", "--base", "y.safetensors"), "each say where to begin; name one of them."),
        (("--base", "nowhere.safetensors"), "nowhere.safetensors is no file; name a base"),
        (("--paraphrase", "gpt"), "--paraphrase takes provider:name, for instance openai:NAME, not 'gpt'."),
    ],
)
def test_where_to_begin_is_said_once_and_exists(
    quarry: Quarry, shop: Path, options: tuple[str, ...], said: str
) -> None:
    done = quarry("train", "-w", str(shop), *options)
    assert done.code == 3
    assert said in done.sentence()


TINY = ("--rows", "300", "--minutes", "0.1", "--width", "64", "--layers", "2", "--threads", "1")


@pytest.mark.real
def test_a_trained_specialist_is_used_to_answer(quarry: Quarry, shop: Path) -> None:
    (shop / "evals").mkdir(exist_ok=True)
    (shop / "evals" / "begun.yaml").write_text("# as `quarry init` leaves it\ncases: []\n")
    made = quarry("train", "-w", str(shop), *TINY)
    assert (made.code, made.error) == (0, "")
    assert 'set `model = ".quarry/models/shop.gguf"`' in made.out
    assert (shop / ".quarry" / "models" / "shop.pairs.jsonl").read_text().count("\n") > 50
    recipe = json.loads((shop / ".quarry" / "models" / "shop.recipe.json").read_text())
    assert (recipe["rows"], recipe["recipe"]["minutes"]) == (300, 0.1)
    assert {"synthetic", "recovery", "unanswerable"} <= recipe["taught"].keys()
    assert recipe["agreement"]["tokens_equal"] == recipe["agreement"]["prompts"] > 0
    assert recipe["agreement"]["writes"] > 0
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


@pytest.mark.real
def test_training_begins_with_a_base(quarry: Quarry, shop: Path, tmp_path: Path) -> None:
    base = tmp_path / "base.safetensors"
    tokenizer = train_tokenizer(["how many customers are there", "average amount"], list(FIXED), 400)
    save_base(Base(make_network(tokenizer, Shape(64, 1, 192), seed=1)), tokenizer, base, {})
    few = ("--rows", "200", "--minutes", "0.05", "--threads", "1", "--quantised", "Q4_K_M")
    made = quarry("train", "-w", str(shop), *few, "--base", str(base))
    assert (made.code, made.error) == (0, "")
    recipe = json.loads((shop / ".quarry" / "models" / "shop.recipe.json").read_text())
    assert (recipe["start"], recipe["quantised"]) == ("base.safetensors", "Q4_K_M")
    network, vocabulary = from_gguf(shop / ".quarry" / "models" / "shop.gguf")
    assert network.config.hidden_size == 64
    assert "o.amount" in vocabulary.get_vocab()
