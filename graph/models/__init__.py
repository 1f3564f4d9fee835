"""The model behind one small interface: a GGUF file in the process, or a chat model on a server."""

from pathlib import Path

from graph.models.base import Candidate, Generation, Model, Prompt
from knowledge.errors import ModelError

__all__ = ["Candidate", "Generation", "Model", "Prompt", "open_model"]


def open_model(
    setting: str,
    folder: Path,
    *,
    context: int = 2048,
    threads: int = 0,
    url: str = "",
    api_key: str = "",
    seed: int = 0,
    constraint: str = "",
) -> Model:
    """The model of quarry.toml's `model`: a .gguf file, relative to `folder`, or provider:name.

    Raises ModelError. `threads` 0 takes every core. A GGUF file draws no lots and is held in the process, so
    `seed` and `constraint`, the setting `model_constraint`, are for servers.
    """
    if not setting:
        raise ModelError("No model is set; set `model` in quarry.toml to a .gguf file or to provider:name.")
    if setting.lower().endswith(".gguf"):
        from graph.models.llama import LlamaModel

        return LlamaModel(folder / Path(setting).expanduser(), context=context, threads=threads or None)
    if ":" not in setting:
        raise ModelError(
            f"`model` is {setting!r}, neither a .gguf file nor provider:name; correct it in quarry.toml."
        )
    from graph.models.chat import ChatModel

    return ChatModel(setting, url=url, api_key=api_key, seed=seed, constraint=constraint)
