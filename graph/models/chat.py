"""Any LangChain chat model: an OpenAI-compatible server of your own, or a hosted model."""

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from graph.models.base import Candidate, Generation, Prompt
from graph.models.sql_text import sql_in
from knowledge.errors import ModelError

if TYPE_CHECKING:
    from graph.constraint import Constraint

SPREAD = 0.7
"""Temperature of every candidate after the first, which is as greedy as the server allows."""

TAKE_A_SEED = ("openai", "ollama")
"""Providers whose models draw the same lots for the same seed, as far as their server can."""

JSON_REPLY = {
    "type": "json_schema",
    "json_schema": {
        "name": "reply",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"sql": {"type": "string", "description": "The reply that was asked for."}},
            "required": ["sql"],
            "additionalProperties": False,
        },
    },
}

FIELDS: Mapping[str, "Callable[[Constraint], dict[str, Any]]"] = {
    "gbnf": lambda constraint: {"extra_body": {"grammar": constraint.gbnf}},
    "vllm": lambda constraint: {"extra_body": {"structured_outputs": {"grammar": constraint.gbnf}}},
    "json": lambda _: {"response_format": JSON_REPLY},
}
"""What a request says besides, by the setting `model_constraint`: to llama.cpp's server, vLLM, OpenAI."""


class ChatModel:
    """`name` is provider:model, as `init_chat_model` takes it, for instance 'openai:qwen2.5-coder'.

    `constraint` names the way in which the server is asked to hold to one; '' asks for none.
    """

    format = "chat"
    recovers = follows = True

    def __init__(
        self,
        name: str,
        *,
        url: str = "",
        api_key: str = "",
        seed: int = 0,
        timeout_s: float = 60.0,
        constraint: str = "",
    ) -> None:
        if constraint and name.partition(":")[0] != "openai":
            raise ModelError(
                f"`model_constraint` is {constraint!r}, which only OpenAI-compatible servers take, and the "
                f"model is {name}; write openai:NAME, or empty `model_constraint` in quarry.toml."
            )
        self.name = name
        self._constraint = constraint
        self._options: dict[str, Any] = {"timeout": timeout_s, "max_retries": 1}
        if url:
            self._options["base_url"] = url
        if api_key or url:
            self._options["api_key"] = api_key or "none"
        if name.partition(":")[0] in TAKE_A_SEED:
            self._options["seed"] = seed
        self._clients: dict[float, Any] = {}

    def generate(
        self,
        prompt: Prompt,
        candidates: int = 1,
        max_tokens: int = 256,
        constraint: "Constraint | None" = None,
    ) -> Generation:
        """The server decodes: it holds to what it is asked to and can; the checks behind it hold the rest."""
        started = time.perf_counter()
        fields = FIELDS[self._constraint](constraint) if constraint is not None and self._constraint else {}
        found: dict[str, Candidate] = {}
        asked = cached = 0
        for place in range(candidates):
            message = self._ask(prompt, 0.0 if place == 0 else SPREAD, max_tokens, fields)
            usage = message.usage_metadata or {}
            asked = usage.get("input_tokens", 0)
            cached += usage.get("input_token_details", {}).get("cache_read", 0) or 0
            text = _sql_in_json(message.text) if "response_format" in fields else sql_in(message.text)
            found.setdefault(text, Candidate(text, None, usage.get("output_tokens", 0)))
        seconds = time.perf_counter() - started
        held = "none: the server decodes" if constraint is not None else ""
        held = f"{self._constraint}, by the server" if fields else held
        return Generation(
            tuple(found.values()), asked, cached, write_seconds=seconds, extra={"constraint": held}
        )

    def said(self, prompt: Prompt, max_tokens: int = 256) -> str:
        """One reply as it is, in free words. Raises ModelError."""
        return str(self._ask(prompt, SPREAD, max_tokens, {}).text)

    def _ask(self, prompt: Prompt, temperature: float, max_tokens: int, fields: dict[str, Any]) -> Any:
        messages = [("system", prompt.head), ("human", prompt.tail)]
        try:
            return self._client(temperature).bind(max_tokens=max_tokens, **fields).invoke(messages)
        except _provider_errors() as error:
            raise ModelError(self._told(error, bool(fields))) from error

    def _client(self, temperature: float) -> Any:
        if temperature not in self._clients:
            try:
                from langchain.chat_models import init_chat_model

                self._clients[temperature] = init_chat_model(
                    self.name, temperature=temperature, **self._options
                )
            except ImportError as error:
                raise ModelError(f"{self.name} needs a package that is not installed: {error}") from error
            except ValueError as error:
                raise ModelError(
                    f"{self.name} is no chat model that LangChain knows ({_line(error)}); "
                    "write provider:model, for instance openai:gpt-4o-mini."
                ) from error
        return self._clients[temperature]

    def _told(self, error: BaseException, is_held: bool) -> str:
        place = self._options.get("base_url", "its provider")
        status = getattr(error, "status_code", None)
        if status in (401, 403):
            return (
                f"{place} does not accept the key for {self.name}; set the variable of `model_api_key_env`."
            )
        if status == 404:
            return f"{place} does not know {self.name}; correct `model` or `model_url` in quarry.toml."
        if status in (400, 422, 500, 501) and is_held:
            return (
                f"{place} answered {status} for {self.name} to a request with `model_constraint` = "
                f"{self._constraint!r} ({_line(error)}); if the server does not take it, empty the setting."
            )
        if status is not None:
            return f"{place} answered {status} for {self.name} ({_line(error)}); look at the server's log."
        if "timeout" in type(error).__name__.lower():
            return (
                f"{place} did not answer for {self.name} in {self._options['timeout']:g} s; is it overloaded?"
            )
        if "connection" in type(error).__name__.lower():
            return f"{place} cannot be reached for {self.name}; start the server or correct `model_url`."
        return f"{self.name} cannot be used ({_line(error)}); correct `model` in quarry.toml."


def _sql_in_json(reply: str) -> str:
    """A reply that was cut short, or that is no JSON, as it stands."""
    try:
        return sql_in(str(json.loads(reply)["sql"]))
    except (ValueError, KeyError, TypeError):
        return sql_in(reply)


def _line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__


PROVIDER_ERRORS = (
    ("langchain_core.exceptions", "ModelError"),
    ("httpx", "HTTPError"),
    ("openai", "OpenAIError"),
    ("anthropic", "AnthropicError"),
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("google.genai.errors", "APIError"),
    ("langchain_google_genai.chat_models", "ChatGoogleGenerativeAIError"),
    ("ibm_watsonx_ai.wml_client_error", "WMLClientError"),
    ("requests.exceptions", "RequestException"),
)


def _provider_errors() -> tuple[type[BaseException], ...]:
    """What a provider's client raises when it cannot answer; of those that are loaded."""
    loaded = ((sys.modules.get(module), name) for module, name in PROVIDER_ERRORS)
    return tuple(getattr(module, name) for module, name in loaded if module and hasattr(module, name))
