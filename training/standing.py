"""The standing of a training: its recipe, its rate, its checkpoint and what it tells of itself."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from knowledge.errors import TrainingError

SLOWEST = 0.04  # share of the rate that is left at the end


@dataclass(frozen=True)
class Recipe:
    """`minutes` bounds the whole training, resumed parts included; the rate falls along it as a cosine.

    A step takes `batch` rows, `micro` of them at a time. `phases` are the shares of the minutes after which
    the second and the third phase begin. After `patience` scores of the last phase that are no better,
    training stops.
    """

    minutes: float = 60
    batch: int = 64
    micro: int = 64
    rate: float = 1.2e-3
    warmup: int = 200
    weight_decay: float = 0.05
    threads: int = 1
    seed: int = 7
    checkpoint_minutes: float = 4
    score_minutes: float = 8
    phases: tuple[float, float] = (0.12, 0.35)
    patience: int = 5


@dataclass
class Standing:
    """Where a training stands: its steps and seconds so far, its epoch, and the epoch's next batch.

    `missed` tells of each row whether it did not come out right when it was last shown; `shown` is that of
    the epoch's begin, by which its rows were chosen. `scores` are the held-out shares of the last phase.
    """

    step: int = 0
    spent: float = 0.0
    epoch: int = 0
    at: int = 0
    missed: bytearray = field(default_factory=bytearray)
    shown: bytes = b""
    phase: int = 1
    scores: list[float] = field(default_factory=list)

    def is_over(self, patience: int) -> bool:
        """Whether the last scores brought nothing."""
        return len(self.scores) > patience and max(self.scores[-patience:]) <= max(self.scores[:-patience])


@contextmanager
def without_denormals() -> Iterator[None]:
    """Numbers next to zero are slow, and count as zero within; the setting is the whole process's."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def half_precision(device: str) -> torch.autocast:
    """A context in which matrices are multiplied in bfloat16, where the device has it in hardware.

    Elsewhere that is a quarter as fast as float32, so nothing is changed.
    """
    on_cpu = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    has_it = device.startswith("cuda") or on_cpu
    return torch.autocast(device.partition(":")[0], torch.bfloat16, enabled=has_it)


def rate_of(recipe: Recipe, standing: Standing) -> float:
    share = min(1.0, standing.spent / (recipe.minutes * 60))
    fallen = SLOWEST + (1 - SLOWEST) * 0.5 * (1 + math.cos(math.pi * share))
    return recipe.rate * min(1, (standing.step + 1) / recipe.warmup) * fallen


def make_optimiser(network: torch.nn.Module, recipe: Recipe) -> torch.optim.AdamW:
    learning = [p for p in network.parameters() if p.requires_grad]
    decayed = [p for p in learning if p.dim() > 1]
    plain = [p for p in learning if p.dim() <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.rate, betas=(0.9, 0.98))


def save(path: Path, network: torch.nn.Module, optimiser: torch.optim.Optimizer, standing: Standing) -> None:
    told = asdict(standing) | {"missed": bytes(standing.missed)}
    state = {"network": _learning(network), "optimiser": optimiser.state_dict(), **told}
    unfinished = path.with_suffix(".tmp")
    try:
        torch.save(state, unfinished)
        unfinished.replace(path)
    except (OSError, RuntimeError) as error:
        unfinished.unlink(missing_ok=True)
        raise TrainingError(
            f"The checkpoint could not be written to {path.parent} ({str(error).splitlines()[0][:80]}); "
            "make room on the disk and run the same command again: it goes on from the checkpoint before."
        ) from error


def _learning(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: p.detach() for name, p in network.named_parameters() if p.requires_grad}


def resume(path: Path, network: torch.nn.Module, optimiser: torch.optim.Optimizer, device: str) -> Standing:
    if not path.exists():
        return Standing()
    with torch.serialization.safe_globals([bytes]):  # how an empty one is written
        saved = torch.load(path, map_location=device, weights_only=True)
    network.load_state_dict(saved["network"], strict=False)
    optimiser.load_state_dict(saved["optimiser"])
    told = {name: saved[name] for name in ("step", "spent", "epoch", "at", "shown", "phase", "scores")}
    return Standing(**told, missed=bytearray(saved["missed"]))


def facts_of(standing: Standing, losses: list[float], speed: float) -> dict[str, Any]:
    return {
        "step": standing.step,
        "phase": standing.phase,
        "epoch": standing.epoch,
        "minutes": round(standing.spent / 60, 1),
        "loss": round(sum(losses) / len(losses), 4),
        "tokens_per_second": round(speed),
    }


def note(facts: dict[str, Any], folder: Path) -> None:
    with (folder / "log.jsonl").open("a") as log:
        log.write(json.dumps(facts) + "\n")


def sentence(facts: dict[str, Any], minutes: float) -> str:
    """How far the training is, for people.

    >>> sentence({"minutes": 12.1, "phase": 2, "step": 1234, "loss": 0.2104, "held_out_exact": 0.71}, 60)
    'training: 12.1 of 60 minutes, phase 2, step 1,234, loss 0.210, held-out 71.0%'
    """
    said = (
        f"training: {facts['minutes']} of {minutes:g} minutes, phase {facts['phase']}, step {facts['step']:,}"
    )
    scored = f", held-out {facts['held_out_exact']:.1%}" if "held_out_exact" in facts else ""
    return f"{said}, loss {facts['loss']:.3f}{scored}"
