"""Senses as a training computes them are those that answer later."""

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from tests.training.conftest import Learnt
from training.network import Specialist
from training.rows import NONE, Rows, encode
from training.senses import Senses

pytestmark = pytest.mark.real


def _asked(tokenizer: Tokenizer, prompts: list[str]) -> Rows:
    made = [encode(tokenizer, prompt, "SELECT COUNT(*)", 512) for prompt in prompts]
    return Rows.of(row for row in made if row)


def test_they_are_the_same_in_a_batch_and_alone_and_with_numpy(learnt: Learnt) -> None:
    prompts = [row.prompt for row in learnt.rows[:5]]
    senses = learnt.network.senses
    assert senses is not None
    together = _asked(learnt.tokenizer, prompts)
    with torch.no_grad():
        batch = senses(together.batch(range(len(prompts)), 0).texts)
        for n, prompt in enumerate(prompts):
            alone = senses(together.batch([n], 0).texts)[0]
            assert torch.allclose(batch[n, : len(alone)], alone, atol=1e-4)
            ends = [end for _, end in learnt.tokenizer.encode(prompt).offsets]
            plain = senses.plain.of(prompt, ends)
            assert plain.any()
            assert np.allclose(alone[: len(ends)].numpy(), plain, atol=1e-3)
            assert not alone[len(ends) :].any()


def test_a_file_gives_the_same_senses_back(learnt: Learnt) -> None:
    assert learnt.network.senses is not None
    plain = learnt.network.senses.plain
    again = Senses.of(plain).plain
    assert np.allclose(again.layers, plain.layers, atol=1e-5)
    assert np.array_equal(again.projection, plain.projection)


def test_minilm_itself_is_not_trained(learnt: Learnt) -> None:
    assert learnt.network.senses is not None
    names = {name for name, _ in learnt.network.senses.named_parameters()}
    assert names == {"layers", "projection.weight"}


def test_a_network_without_senses_is_shown_its_tokens_alone(learnt: Learnt) -> None:
    plain = Specialist(learnt.network.network, None)
    batch = _asked(learnt.tokenizer, [learnt.rows[0].prompt]).batch([0], 0)
    assert torch.equal(plain.embedded(batch), plain.network.model.embed_tokens(batch.ids))


def test_rows_are_taken_from_flat_tensors_as_they_were_put_in(learnt: Learnt) -> None:
    prompts = [row.prompt for row in learnt.rows[:4]]
    rows = _asked(learnt.tokenizer, prompts)
    assert len(rows) == 4
    batch = rows.batch([2, 0], 0)
    for line, place in enumerate((2, 0)):
        length = rows.lengths[place]
        assert batch.ids[line, :length].tolist() == rows.tokens(place)
        prompt = int(rows.prompts[place])
        assert batch.labels[line, prompt:length].tolist() == rows.tokens(place)[prompt:]
        assert set(batch.labels[line, :prompt].tolist()) == {-100}
        assert set(batch.labels[line, length:].tolist()) <= {-100}
    assert rows.targets([2, 0]) == int((batch.labels != -100).sum())
    assert int(rows.at.min()) == NONE
    assert len(Rows.of([])) == 0
