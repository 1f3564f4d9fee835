"""The settings of a workspace: `quarry.toml`, and above it the environment's QUARRY_* variables.

Each setting is one line of a table: name, default, sentence. `python -m assistant.settings` prints that table
as docs/settings.md shows it.
"""

import datetime as dt
import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from knowledge.errors import SettingsError
from knowledge.names import hint

FILE = "quarry.toml"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="QUARRY_", extra="forbid", protected_namespaces=())

    database: str = Field(
        "",
        description="SQLAlchemy URL of the database; a file's path is relative to the workspace, and ${NAME} "
        "stands for an environment variable, so that a password stays out of git.",
    )
    exclude: tuple[str, ...] = Field((), description="Tables that Quarry never reads; * stands for any text.")
    model: str = Field(
        "",
        description="The model that answers until `quarry release` lets another: a .gguf file, relative to "
        "the workspace, or provider:name for a chat model.",
    )
    model_url: str = Field(
        "", description="Base URL of the chat model's server (OpenAI-compatible, for one)."
    )
    model_api_key_env: str = Field(
        "", description="Name of the environment variable that holds the chat model's key."
    )
    model_constraint: Literal["", "gbnf", "vllm", "json"] = Field(
        "",
        description="What an OpenAI-compatible server is asked to hold the chat model to: gbnf sends "
        "llama.cpp's server a grammar of the schema, vllm sends it to vLLM, json asks for a JSON object; "
        "unset, nothing.",
    )
    context: int = Field(2048, ge=256, description="Tokens that a .gguf model keeps in view.")
    threads: int = Field(
        0,
        ge=0,
        description="Threads for a .gguf model; 0 takes one for each core, and one alone for a small model.",
    )
    knowledge: str = Field("knowledge", description="Folder of glossary.yaml, rules.yaml and examples.yaml.")
    feedback: str = Field(
        "",
        description="SQLAlchemy URL of the log of turns, votes and corrections, for instance "
        "postgresql+psycopg://...; unset, a SQLite file in .quarry.",
    )
    owners: tuple[str, ...] = Field(
        (),
        description="Ids of the people who decide about corrections; without any, everybody who can write "
        "the workspace's files.",
    )
    slack_channels: tuple[str, ...] = Field(
        (),
        description="Ids of the Slack channels in which Quarry answers; without any, all it was invited to.",
    )
    slack_groups: tuple[str, ...] = Field(
        (),
        description="Ids of the Slack user groups whose members may ask; without any, all full members.",
    )
    slack_review_channel: str = Field(
        "", description="Id of the private Slack channel in which the owners review corrections."
    )
    slack_private: tuple[str, ...] = Field(
        (),
        description="Tables and columns (customers.email) whose answers go to the asker alone, never into a "
        "channel.",
    )
    slack_shown_in: dict[str, tuple[str, ...]] = Field(
        {}, description="For a channel's id, the tables and columns of slack_private that it may see."
    )
    slack_restricted: dict[str, tuple[str, ...]] = Field(
        {}, description="For a table or column, the ids of the user groups whose members alone are answered."
    )
    slack_waiting: int = Field(
        50,
        ge=1,
        description="Questions that wait at most; beyond that, Quarry says so instead of taking more.",
    )
    slack_waiting_each: int = Field(5, ge=1, description="Questions of one person that wait at most.")
    slack_api: str = Field(
        "https://slack.com/api/", description="Where Slack's Web API is; tests and proxies change it."
    )
    today: dt.date | None = Field(
        None,
        description="The day that 'today' means, for data that ends on a known day; unset, the real one.",
    )
    fiscal_year_starts: int = Field(
        1,
        ge=1,
        le=12,
        description="The month with which a fiscal year begins; it is named after the year in which it ends.",
    )
    timeout_s: float = Field(30.0, gt=0, description="Seconds after which a statement is cancelled.")
    max_rows: int = Field(1000, ge=1, description="Rows that an answer holds at most.")
    candidates: int = Field(
        0,
        ge=0,
        le=16,
        description="Statements that the model proposes; 0 takes 6 of a specialist, 1 of a larger model.",
    )
    repairs: int = Field(2, ge=0, le=5, description="Times that a failed statement goes back to the model.")
    repair_s: float = Field(
        20.0, gt=0, description="Seconds after which a question that has no answer yet is not tried again."
    )
    confidence: float = Field(
        0.8, ge=0, le=1, description="Below this confidence, an answer is marked 'please check'."
    )

    @field_validator("database", "feedback")
    @classmethod
    def _expand(cls, value: str) -> str:
        def replace(match: re.Match[str]) -> str:
            name = match[1]
            if name not in os.environ:
                raise ValueError(f"the environment variable {name} is not set; export it")
            return os.environ[name]

        return re.sub(r"\$\{(\w+)\}", replace, value)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def find_workspace(start: Path | None = None) -> Path:
    """`start`, else QUARRY_WORKSPACE, else the current folder or the nearest above with a quarry.toml."""
    named = start or (Path(os.environ["QUARRY_WORKSPACE"]) if os.environ.get("QUARRY_WORKSPACE") else None)
    if named is not None:
        if not (named / FILE).is_file():
            raise SettingsError(
                f"There is no {FILE} in {named}; run `quarry init {named}` to make a workspace there."
            )
        return named.resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    raise SettingsError(
        f"No {FILE} here or above; run `quarry init --demo demo` to try Quarry, `quarry init .` to make a "
        "workspace here, or name one with --workspace."
    )


def load_settings(folder: Path) -> Settings:
    """Read `folder`/quarry.toml; the environment wins. Every mistake is a SettingsError with its remedy."""
    path = folder / FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        problem = re.sub(r" \(at .*\)$", "", str(error))
        place = f"{FILE}, line {line[1]}" if line else FILE
        raise SettingsError(f"{place}: this is not valid TOML ({problem.lower()}); mend it there.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{FILE} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}); correct its permissions.") from None
    return make_settings(values)


def make_settings(values: dict[str, Any]) -> Settings:
    """Settings of these values, under the environment's. Raises SettingsError for a wrong name or value."""
    for key in values:
        if key not in Settings.model_fields:
            remedy = hint(key, Settings.model_fields) or "docs/settings.md lists them all."
            raise SettingsError(f"{FILE}: there is no setting `{key}`; {remedy}")
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_told(error.errors()[0])) from None


def _told(problem: Any) -> str:
    name = str(problem["loc"][0])
    variable = f"QUARRY_{name.upper()}"
    place = f"the environment's {variable}" if variable in os.environ else f"{FILE}, {name}"
    says = re.sub(r"^Value error, ", "", problem["msg"])
    says = says[0].lower() + says[1:]
    given = "" if problem["type"] == "value_error" else f", but it is {problem['input']!r}; correct it"
    return f"{place}: {says}{given}."


def table() -> str:
    """The table of docs/settings.md."""
    lines = ["| setting | default | what it says |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in ("", None, (), {}) else f"`{field.default}`"
        lines.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
