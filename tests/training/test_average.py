"""The mean of specialists that were trained on from one another."""

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from knowledge.errors import TrainingError
from tests.training.conftest import SHAPE, Learnt
from training.average import average
from training.export import export, quantise
from training.network import Specialist, make_network
from training.tokenizer import with_pieces
from training.warm import facts, from_gguf

FACTS = {
    "format": "specialist",
    "schema": "s",
    "rows": "40",
    "corpus": "c",
    "recovers": "yes",
    "follows": "yes",
}


def _written(network: Specialist, tokenizer: Tokenizer, path: Path) -> Path:
    export(network, tokenizer, path.with_suffix(".float"), FACTS)
    quantise(path.with_suffix(".float"), path, "Q8_0")
    return path


def test_every_weight_is_the_mean_and_the_facts_are_the_firsts(learnt: Learnt, tmp_path: Path) -> None:
    fresh = Specialist.fresh(learnt.tokenizer, SHAPE, 3)
    one = _written(learnt.network, learnt.tokenizer, tmp_path / "1.gguf")
    two = _written(fresh, learnt.tokenizer, tmp_path / "2.gguf")
    average([one, two], tmp_path / "mean.gguf")
    (a, _), (b, _), (mean, _) = (from_gguf(path) for path in (one, two, tmp_path / "mean.gguf"))
    for name, tensor in mean.network.state_dict().items():
        wanted = (a.network.state_dict()[name] + b.network.state_dict()[name]) / 2
        assert torch.allclose(tensor, wanted, atol=0.02 * float(wanted.abs().max()) + 1e-6), name
    assert facts(tmp_path / "mean.gguf") == FACTS


def test_other_vocabularies_have_no_mean(learnt: Learnt, tmp_path: Path) -> None:
    one = _written(learnt.network, learnt.tokenizer, tmp_path / "1.gguf")
    tokenizer = with_pieces(learnt.tokenizer, ["<other>"])
    wider = Specialist(make_network(tokenizer, SHAPE, 3), learnt.network.senses)
    two = _written(wider, tokenizer, tmp_path / "2.gguf")
    with pytest.raises(TrainingError, match=r"2\.gguf has another shape or vocabulary than 1\.gguf"):
        average([one, two], tmp_path / "mean.gguf")


def test_one_alone_has_no_mean(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="name two at least"):
        average([tmp_path / "1.gguf"], tmp_path / "mean.gguf")
