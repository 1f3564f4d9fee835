"""The GGUF file against the network that it was made from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.models.base import Prompt
from graph.models.gguf_file import read_gguf
from graph.models.llama import LlamaModel
from knowledge.errors import ModelError
from tests.training.conftest import SHAPE, Learnt
from training import verify
from training.export import export, quantise
from training.network import Specialist
from training.verify import agreement

pytestmark = pytest.mark.real
MOST = 60


@pytest.fixture(scope="module")
def plain(learnt: Learnt, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gguf") / "float.gguf"
    export(learnt.network, learnt.tokenizer, path, {"format": "specialist", "rows": "40"})
    return path


@pytest.fixture(scope="module")
def quantised(plain: Path) -> Path:
    quantise(plain, plain.with_name("q8.gguf"))
    return plain.with_name("q8.gguf")


def opened(path: Path) -> Iterator[LlamaModel]:
    model = LlamaModel(path, context=512, threads=1)
    yield model
    model.close()


@pytest.fixture(scope="module")
def float_model(plain: Path) -> Iterator[LlamaModel]:
    yield from opened(plain)


@pytest.fixture(scope="module")
def small_model(quantised: Path) -> Iterator[LlamaModel]:
    yield from opened(quantised)


@pytest.fixture(scope="module")
def expected(learnt: Learnt) -> list[str]:
    """What the network itself writes, greedily."""
    return [verify.written(learnt.network, learnt.tokenizer, row.prompt) for row in learnt.rows[:20]]


def written(model: LlamaModel, learnt: Learnt) -> list[str]:
    prompts = [Prompt(head="", tail=row.prompt) for row in learnt.rows[:20]]
    return [model.generate(prompt, 1, MOST).candidates[0].text for prompt in prompts]


def test_the_float_file_writes_what_the_network_writes(
    float_model: LlamaModel, learnt: Learnt, expected: list[str]
) -> None:
    assert len(set(expected)) > 10
    assert written(float_model, learnt) == expected


def test_the_quantised_file_writes_nearly_the_same(
    small_model: LlamaModel, learnt: Learnt, expected: list[str]
) -> None:
    same = sum(map(str.__eq__, written(small_model, learnt), expected))
    assert same / len(expected) >= 0.9


def test_llama_cpp_reads_the_tokens_that_the_tokenizer_reads(float_model: LlamaModel, learnt: Learnt) -> None:
    for row in learnt.rows:
        for text in (row.prompt, row.target):
            tokens = float_model._llama.tokenize(text.encode(), add_bos=False, special=True)
            assert tokens == learnt.tokenizer.encode(text).ids, text


def test_the_file_tells_what_it_is_and_is_small(plain: Path, quantised: Path) -> None:
    file = read_gguf(quantised)
    assert file.format == "specialist"
    assert file.metadata["quarry.rows"] == "40"
    assert quantised.stat().st_size < plain.stat().st_size / 2


def test_quantising_is_silent(plain: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    quantise(plain, tmp_path / "again.gguf")
    assert capfd.readouterr() == ("", "")


def test_a_file_that_cannot_be_quantised_is_a_model_error(tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF, but not really")
    with pytest.raises(ModelError, match=r"could not quantise .*broken\.gguf"):
        quantise(tmp_path / "broken.gguf", tmp_path / "out.gguf")


def test_the_check_of_the_file_compares_it_with_the_network(learnt: Learnt, quantised: Path) -> None:
    found = agreement(learnt.network, learnt.tokenizer, quantised, learnt.rows)
    assert found.prompts == found.tokens_equal == len(learnt.rows) > 10
    assert found.same >= 0.9 * found.prompts
    other = Specialist.fresh(learnt.tokenizer, SHAPE, seed=99)
    assert agreement(other, learnt.tokenizer, quantised, learnt.rows[:5]).same == 0


def test_a_beginning_is_read_again_where_other_words_change_its_sense(float_model: LlamaModel) -> None:
    first = float_model.generate(Prompt("", "<|ask|>how many orders<|sql|>"), 1, 4)
    again = float_model.generate(Prompt("", "<|ask|>how many orders<|sql|>"), 1, 4)
    other = float_model.generate(Prompt("", "<|ask|>how many customers<|sql|>"), 1, 4)
    assert again.cached_tokens == first.prompt_tokens - 1
    assert other.cached_tokens == 1  # <|ask|>, which is no word
    assert again.candidates[0].text == first.candidates[0].text


def test_a_specialist_without_senses_answers_as_before(learnt: Learnt, tmp_path: Path) -> None:
    path = tmp_path / "plain.gguf"
    plain = Specialist(learnt.network.network, None)
    export(plain, learnt.tokenizer, path, {"format": "specialist"})
    assert read_gguf(path).senses == ""
    model = LlamaModel(path, context=SHAPE.context, threads=1)
    prompt = learnt.rows[0].prompt
    said = model.generate(Prompt("", prompt), 1, MOST).candidates[0].text
    assert said == verify.written(plain, learnt.tokenizer, prompt)
    model.close()


def test_damaged_senses_are_a_model_error(learnt: Learnt, tmp_path: Path) -> None:
    path = tmp_path / "damaged.gguf"
    facts = {"format": "specialist", "senses": "rubbish"}
    export(Specialist(learnt.network.network, None), learnt.tokenizer, path, facts)
    with pytest.raises(ModelError, match=r"damaged\.gguf is damaged in `quarry\.senses`"):
        LlamaModel(path, context=SHAPE.context, threads=1)
