"""`quarry train`: make the specialist of this workspace's database."""

import hashlib
import importlib.util
import os
import shutil
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import WorkspaceOption
from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from training.hugging_face import LoraPlan
    from training.paraphrase import Ask
    from training.plan import Plan

UPDATE_RATE = 6e-4
"""Half of the rate for a new network: what was learnt is not to be unlearnt."""

BASE_RATE = 9e-4
"""Between the two: the base knows how people ask, and not yet this schema."""

MOST_ADAPTING = 30_000
"""A model that has read much needs fewer rows, and each costs far more."""

ON_GPU = 512
"""Rows of a step on a GPU: fewer leave it idle."""

NEEDED = ("torch", "transformers", "accelerate", "peft")


class Quantised(StrEnum):
    """Of llama.cpp's kinds, the two that are offered."""

    Q8_0 = "Q8_0"
    Q4_K_M = "Q4_K_M"


def train(
    minutes: Annotated[
        float, typer.Option(min=0.01, help="Minutes of training, those of a stopped training included.")
    ] = 60,
    rows: Annotated[int, typer.Option(min=100, help="Questions to make up and to train on.")] = 250_000,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="The .gguf file to write; a relative path is in the workspace. Without it, "
            ".quarry/models/NAME.gguf, with the name of the workspace's folder.",
            show_default=False,
        ),
    ] = None,
    update: Annotated[
        bool,
        typer.Option(help="Go on from the model that answers now, with what changed since it was trained."),
    ] = False,
    adapt: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help="Adapt this Hugging Face model (a folder or a name of the hub) with LoRA, instead of "
            "training Quarry's own small one.",
            show_default=False,
        ),
    ] = "",
    base: Annotated[
        Path | None,
        typer.Option(
            help="Begin with this base (a .safetensors file) instead of Quarry's own.",
            show_default=False,
        ),
    ] = None,
    from_scratch: Annotated[
        bool,
        typer.Option("--from-scratch", help="Begin with random weights; it takes longer."),
    ] = False,
    llama_cpp: Annotated[
        Path | None,
        typer.Option(
            help="With --adapt: the folder of llama.cpp's source, to write a family that Quarry cannot.",
            show_default=False,
        ),
    ] = None,
    paraphrase: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help="Let this chat model (provider:name, as in quarry.toml) word some of the questions anew.",
            show_default=False,
        ),
    ] = "",
    paraphrases: Annotated[int, typer.Option(min=1, help="With --paraphrase: how many questions.")] = 2000,
    quantised: Annotated[
        Quantised, typer.Option(help="Bits of a weight: 8, or about 4.5, which is smaller and less exact.")
    ] = Quantised.Q8_0,
    seed: Annotated[int, typer.Option(help="Another seed, other questions.")] = 7,
    threads: Annotated[
        int, typer.Option(min=0, help="Threads of the training and processes of the synthesis; 0 takes all.")
    ] = 0,
    width: Annotated[
        int, typer.Option(min=64, help="Width of a network from scratch, a multiple of 64.")
    ] = 256,
    layers: Annotated[int, typer.Option(min=1, help="Layers of a network from scratch.")] = 6,
    workspace: WorkspaceOption = None,
) -> None:
    """Train a small model on this database and its knowledge. Stopped, it goes on when it is run again."""
    from assistant.workspace import Workspace

    _check_installed()
    import torch

    from training.hugging_face import LoraPlan
    from training.plan import Plan
    from training.standing import Recipe

    threads = threads or os.cpu_count() or 1
    recipe = Recipe(minutes=minutes, threads=threads, seed=seed)
    if torch.cuda.is_available():
        recipe = replace(recipe, batch=ON_GPU, micro=ON_GPU)
    with Workspace.open(workspace) as opened:
        plan: Plan | LoraPlan
        if sum((bool(adapt), update, base is not None, from_scratch)) > 1:
            raise SettingsError(
                "--adapt, --update, --base and --from-scratch each say where to begin; name one of them."
            )
        if adapt:
            lora = replace(recipe, batch=16, micro=4, rate=2e-4, warmup=50)
            plan = LoraPlan(
                *(adapt, min(rows, MOST_ADAPTING), seed, threads),
                quantised=quantised.value,
                llama_cpp=str(llama_cpp or ""),
                recipe=lora,
            )
        else:
            inner = round(width * 2.75 / 32) * 32
            from_scratch = from_scratch or (width, layers) != (256, 6)
            start, rate = _start(opened, update, base, from_scratch, recipe.rate)
            recipe = replace(recipe, rate=rate)
            plan = Plan(
                *(rows, seed, threads),
                width=width,
                layers=layers,
                inner=inner,
                start=start,
                quantised=quantised.value,
                paraphrases=paraphrases if paraphrase else 0,
                recipe=recipe,
            )
        made = _make(opened, out, plan, _asks(opened, paraphrase))
        told = made.relative_to(opened.folder) if made.is_relative_to(opened.folder) else made
        print(f"Run `quarry release {told}` to let it answer if the suites in evals/ show that it may;")
        print(f'or set `model = "{told}"` in quarry.toml and run `quarry index`.')


def _start(
    workspace: "Workspace", update: bool, base: Path | None, from_scratch: bool, rate: float
) -> tuple[str, float]:
    """The file to begin with, none for random weights, and how fast to learn from there."""
    from training.base.file import SHIPPED

    if update:
        return str(_answering(workspace)), UPDATE_RATE
    if base is not None and not base.is_file():
        raise SettingsError(f"{base} is no file; name a base, or leave --base out for Quarry's own.")
    if from_scratch or (base is None and not SHIPPED.is_file()):
        return "", rate
    return str(base or SHIPPED), BASE_RATE


def _answering(workspace: "Workspace") -> Path:
    """The file of the model that answers. Raises SettingsError where that is no file."""
    path = workspace.folder / workspace.model_setting
    if not path.is_file():
        raise SettingsError(
            f"`model` is {workspace.model_setting!r}, from which no training goes on; leave out --update."
        )
    return path


def _check_installed() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"Training needs {', '.join(missing)}; install that with `pip install 'quarry[train]'`."
        )


def _asks(workspace: "Workspace", model: str) -> "Ask | None":
    """The chat model that words questions anew."""
    if not model:
        return None
    from graph.models.chat import ChatModel

    if ":" not in model:
        raise SettingsError(f"--paraphrase takes provider:name, for instance openai:NAME, not {model!r}.")
    url, key = workspace.settings.model_url, workspace.model_key
    return ChatModel(model, url=url, api_key=key, seed=workspace.seed).said


def _make(workspace: "Workspace", out: Path | None, plan: "Plan | LoraPlan", ask: "Ask | None") -> Path:
    from training.hugging_face import LoraPlan, adapt
    from training.material import Source
    from training.specialise import specialise

    folder, settings = workspace.folder, workspace.settings
    target = folder / (out or workspace.state / "models" / f"{folder.name}.gguf")
    if target.suffix != ".gguf":
        raise SettingsError(f"{target.name} has to end in .gguf; correct --out.")
    work = _work_folder(workspace, plan)
    knowledge = workspace.knowledge_paths[0].parent
    source = Source(
        settings.database,
        knowledge,
        folder,
        workspace.clock.today(),
        work,
        tuple(settings.exclude),
        workspace.patterns_path,
    )
    golds = _golds(folder / "evals")
    report = partial(print, flush=True)
    if isinstance(plan, LoraPlan):
        adapt(source, work, target, plan, report, golds)
    else:
        specialise(source, work, target, plan, report, golds, ask)
    return target


def _golds(folder: Path) -> tuple[str, ...]:
    """Of all suites of the workspace but the corrections, which are taught, and those yet without a case."""
    from assistant.corrections.publish import SUITE
    from evals.suite.case import load_suites
    from evals.suite.find import find_suites
    from evals.suite.readers.yaml_suite import is_empty

    held = folder.is_dir() and any(folder.iterdir())
    suites = [path for path in find_suites((), folder) if path.stem != SUITE] if held else []
    begun = [path for path in suites if path.suffix not in (".yaml", ".yml") or not is_empty(path)]
    return tuple(gold for case in load_suites(begun) for gold in case.golds)


def _work_folder(workspace: "Workspace", plan: "Plan | LoraPlan") -> Path:
    """Where this training is kept. Trainings of another schema, knowledge or plan are removed."""
    parts = [workspace.schema.fingerprint]
    known = (*workspace.knowledge_paths[:3], workspace.patterns_path)
    parts += [path.read_text() for path in known if path.exists()]
    parts += [repr(replace(plan, recipe=replace(plan.recipe, minutes=0, threads=0), processes=0))]
    if getattr(plan, "start", ""):
        parts.append(workspace.model_checksum)
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
    trainings = workspace.state / "train"
    for other in trainings.glob("*"):
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    return trainings / name
