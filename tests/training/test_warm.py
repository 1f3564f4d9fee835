"""A network out of its own file, to train on from there."""

from pathlib import Path

import pytest
import torch

from knowledge.errors import TrainingError
from tests.training.conftest import Learnt
from training.export import export, quantise
from training.warm import from_gguf

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def plain(learnt: Learnt, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gguf") / "float.gguf"
    export(learnt.network, learnt.tokenizer, path, {"format": "specialist"})
    return path


def test_the_weights_are_those_that_were_written(learnt: Learnt, plain: Path) -> None:
    network, _ = from_gguf(plain)
    for name, weights in learnt.network.state_dict().items():
        if name == "senses.layers":
            assert torch.allclose(network.state_dict()[name].softmax(0), weights.softmax(0), atol=1e-4)
        else:
            near = 1e-3 if name.startswith("senses") else 0.0  # kept in half precision
            assert torch.allclose(network.state_dict()[name], weights, rtol=near, atol=near / 1e3), name


def test_quantised_weights_are_near(learnt: Learnt, plain: Path) -> None:
    quantise(plain, plain.with_name("q8.gguf"))
    network, _ = from_gguf(plain.with_name("q8.gguf"))
    for name, weights in learnt.network.state_dict().items():
        if name != "senses.layers":
            most = float(weights.abs().max())
            assert torch.allclose(network.state_dict()[name], weights, atol=most / 100), name


def test_the_vocabulary_is_the_same(learnt: Learnt, plain: Path) -> None:
    _, tokenizer = from_gguf(plain)
    assert tokenizer.get_vocab() == learnt.tokenizer.get_vocab()
    texts = [text for row in learnt.rows for text in (row.prompt, row.target)]
    texts += ["Ein größerer, 50 % | / <v1>x<|sql|>", "o.ordered_at>=1"]
    for text in texts:
        assert tokenizer.encode(text).ids == learnt.tokenizer.encode(text).ids, text


def test_another_file_is_told_with_the_remedy(tmp_path: Path, learnt: Learnt) -> None:
    (tmp_path / "text.gguf").write_text("no model")
    with pytest.raises(TrainingError, match="name a trained specialist"):
        from_gguf(tmp_path / "text.gguf")
    export(learnt.network, learnt.tokenizer, tmp_path / "chat.gguf", {"format": "chat"})
    with pytest.raises(TrainingError, match="without --update"):
        from_gguf(tmp_path / "chat.gguf")
