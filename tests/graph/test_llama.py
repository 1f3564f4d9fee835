import subprocess
import sys
from pathlib import Path

import pytest

from graph.models import open_model
from graph.models.base import Prompt
from graph.models.gguf_file import read_gguf
from graph.models.llama import LlamaModel
from knowledge.errors import ModelError
from tests.graph.tiny_gguf import JOIN, SPECIAL, write_tiny_gguf

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def specialist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf", format="specialist")


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny-chat.gguf")


@pytest.fixture(scope="module")
def model(specialist: Path) -> LlamaModel:
    return LlamaModel(specialist, context=512, threads=1)


def test_the_format_comes_from_the_file(specialist: Path, chat: Path) -> None:
    assert read_gguf(specialist).format == "specialist"
    assert read_gguf(chat).format == "chat"


def test_candidates_differ_and_come_best_first(model: LlamaModel) -> None:
    found = model.generate(Prompt("", "how many orders"), candidates=4, max_tokens=16).candidates
    assert len({candidate.text for candidate in found}) == 4
    scores = [candidate.logprob or 0.0 for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert all(score < 0 for score in scores)


def test_a_token_longer_than_32_bytes_is_written_whole(model: LlamaModel) -> None:
    token = 256 + SPECIAL.index(JOIN)
    assert model._piece(token, special=True).decode() == JOIN


def test_the_context_is_no_wider_than_the_model_was_trained_for(tmp_path: Path) -> None:
    file = write_tiny_gguf(tmp_path / "narrow.gguf", format="specialist", context=128)
    narrow = LlamaModel(file, context=2048, threads=1)
    assert narrow.context == 128
    narrow.close()


def test_the_same_prompt_gives_the_same_candidates(model: LlamaModel) -> None:
    first = model.generate(Prompt("", "revenue in <v1>"), candidates=3, max_tokens=16)
    model.generate(Prompt("", "something else"), candidates=3, max_tokens=16)
    again = model.generate(Prompt("", "revenue in <v1>"), candidates=3, max_tokens=16)
    assert [c.text for c in first.candidates] == [c.text for c in again.candidates]


def test_greedy_decoding_agrees_with_llama_cpp_itself(model: LlamaModel) -> None:
    ours = model.generate(Prompt("", "total of <n1>"), candidates=1, max_tokens=8).candidates[0]
    llama = model._llama
    llama.reset()
    tokens = llama.tokenize(b"total of <n1>", add_bos=True, special=True)
    theirs = []
    for token in llama.generate(tokens, temp=0.0, repeat_penalty=1.0):
        theirs.append(token)
        if len(theirs) == 8:
            break
    model._evaluation.tokens = []
    assert ours.text == llama.detokenize(theirs, special=True).decode(errors="replace").strip()


def test_the_head_is_read_once(model: LlamaModel) -> None:
    head = "the constant head " * 4
    model.generate(Prompt(head, "first"), max_tokens=4)
    second = model.generate(Prompt(head, "second"), max_tokens=4)
    assert second.cached_tokens >= len(head)
    assert second.cached_tokens < second.prompt_tokens


def test_slots_are_single_tokens(model: LlamaModel) -> None:
    plain = model.generate(Prompt("", "x"), max_tokens=2).prompt_tokens
    assert model.generate(Prompt("", "x<v1>"), max_tokens=2).prompt_tokens == plain + 1


def test_a_chat_model_gets_its_own_template(chat: Path) -> None:
    model = LlamaModel(chat, context=512, threads=1)
    assert model._chat(Prompt("head", "tail")) == (
        "<|im_start|>system\nhead<|im_end|>\n<|im_start|>user\ntail<|im_end|>\n<|im_start|>assistant\n"
    )
    assert model.generate(Prompt("head", "tail"), max_tokens=4).candidates


def test_a_prompt_longer_than_the_context_is_an_error_that_says_so(model: LlamaModel) -> None:
    with pytest.raises(ModelError, match="raise `context`"):
        model.generate(Prompt("", "word " * 400))


def test_nothing_is_printed_while_loading_and_answering(specialist: Path) -> None:
    code = (
        "from graph.models.llama import LlamaModel; from graph.models.base import Prompt;"
        f"LlamaModel({str(specialist)!r}, threads=1).generate(Prompt('', 'x'), max_tokens=2)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout + said.stderr == ""


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model file at .*absent\.gguf"):
        open_model("absent.gguf", tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"GGUF", b"PK\x03\x04" + b"x" * 200, b"not a model at all, just text" * 9]
)
def test_another_kind_of_file_is_told_apart(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="is not a GGUF file"):
        open_model("other.gguf", tmp_path)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3, 0.6, 0.999])
def test_a_truncated_file_is_an_error_and_no_crash(specialist: Path, tmp_path: Path, share: float) -> None:
    whole = specialist.read_bytes()
    path = tmp_path / "short.gguf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelError, match="truncated or damaged"):
        open_model("short.gguf", tmp_path)


@pytest.mark.parametrize("place", [5, 9, 17, 24, 40, 60, 200, 1000, 2000])
def test_a_damaged_head_is_an_error_and_no_crash(specialist: Path, tmp_path: Path, place: int) -> None:
    damaged = bytearray(specialist.read_bytes())
    damaged[place : place + 8] = b"\xff" * 8
    (tmp_path / "damaged.gguf").write_bytes(damaged)
    code = (
        "from pathlib import Path; from graph.models import open_model\n"
        "from knowledge.errors import ModelError\n"
        f"try: open_model('damaged.gguf', Path({str(tmp_path)!r}), threads=1)\n"
        "except ModelError as error: print(error)\n"
        "else: print('loaded')"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout.count("\n") == 1


def test_a_model_larger_than_the_free_memory_is_refused_before_loading(
    specialist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.models.llama._available_memory", lambda: 1000)
    with pytest.raises(ModelError, match="choose a smaller model"):
        LlamaModel(specialist)


@pytest.mark.parametrize("setting", ["", "gpt-4o"])
def test_a_setting_that_names_no_model_says_what_to_write(tmp_path: Path, setting: str) -> None:
    with pytest.raises(ModelError, match="provider:name"):
        open_model(setting, tmp_path)
