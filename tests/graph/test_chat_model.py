import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.models import open_model
from graph.models.base import Prompt
from graph.models.chat import ChatModel
from graph.models.sql_text import sql_in
from knowledge.errors import ModelError
from tests.graph.tiny_gguf import write_tiny_gguf
from tests.servers.openai_server import free_port, openai_server

PROMPT = Prompt("You write SQL.", "Question: how many orders?")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("fastapi")
    gguf = write_tiny_gguf(tmp_path_factory.mktemp("server") / "tiny.gguf")
    with openai_server(gguf, api_key="secret") as url:
        yield url


@pytest.mark.real
def test_a_server_answers_through_langchain(server: str, tmp_path: Path) -> None:
    model = open_model("openai:tiny", tmp_path, url=server, api_key="secret")
    generation = model.generate(PROMPT, candidates=2, max_tokens=8)
    assert model.format == "chat"
    assert 1 <= len(generation.candidates) <= 2
    assert generation.prompt_tokens > 20
    assert generation.candidates[0].logprob is None


@pytest.mark.real
def test_a_wrong_key_says_which_setting_holds_it(server: str) -> None:
    with pytest.raises(ModelError, match="model_api_key_env"):
        ChatModel("openai:tiny", url=server, api_key="wrong").generate(PROMPT)


def test_a_server_that_is_not_there_is_named() -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    with pytest.raises(ModelError, match=rf"{url} cannot be reached .*model_url"):
        ChatModel("openai:tiny", url=url).generate(PROMPT)


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        threading.Thread(target=_accept, args=(silent,), daemon=True).start()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(ModelError, match=r"did not answer for openai:tiny in 0.3 s"):
            ChatModel("openai:tiny", url=url, timeout_s=0.3).generate(PROMPT)


def _accept(silent: socket.socket) -> None:
    held = []
    try:
        while True:
            held.append(silent.accept())
    except OSError:
        return


def test_a_missing_key_is_an_error_that_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="openai:gpt-4o-mini"):
        ChatModel("openai:gpt-4o-mini").generate(PROMPT)


def test_an_unknown_provider_says_how_to_write_the_model() -> None:
    with pytest.raises(ModelError, match="provider:model"):
        ChatModel("nobody:knows").generate(PROMPT)


@pytest.mark.parametrize(
    ("reply", "sql"),
    [
        ("SELECT 1", "SELECT 1"),
        ("```sql\nSELECT 1\n```", "SELECT 1"),
        ("Sure!\n\n```\nSELECT 1\n```\nThat gives one.", "SELECT 1"),
        ("```sql\nSELECT 1", "SELECT 1"),
        ("~~~sql\nSELECT '```'\n~~~", "SELECT '```'"),
        ("```sql\nSELECT 1\n```\nor\n```sql\nSELECT 2\n```", "SELECT 1"),
        ("NO ANSWER: weather", "NO ANSWER: weather"),
    ],
)
def test_the_sql_of_a_reply_is_found(reply: str, sql: str) -> None:
    assert sql_in(reply) == sql
