"""Train a network on encoded rows; a killed training resumes from its checkpoint."""

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from knowledge.errors import TrainingError
from training.tokenizer import end_of

Encoded = tuple[list[int], int]  # token ids, and how many of them are the prompt
Report = Callable[[str], None]
Network = Any
"""A causal language model of transformers': its body is `model`, its last layer `lm_head`."""

TELL_SECONDS = 60
SLOWEST = 0.04  # share of the rate that is left at the end
KEPT = 0.35  # share of the rows that came out right, which the next epoch shows again


@dataclass(frozen=True)
class Recipe:
    """`minutes` bounds the whole training, resumed parts included; the rate falls along it as a cosine.

    `phases` are the shares of it after which the second and the third phase begin. After `patience` scores
    of the last phase that are no better, training stops.
    """

    minutes: float = 60
    batch: int = 64
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


def encode(tokenizer: Tokenizer, prompt: str, target: str, context: int) -> Encoded | None:
    """Token ids of prompt, SQL and end, with the prompt's length; None where they exceed the context."""
    head = tokenizer.encode(prompt).ids
    ids = [*head, *tokenizer.encode(target).ids, end_of(tokenizer)]
    return (ids, len(head)) if len(ids) <= context else None


def batches(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """Places of rows in random batches of like length, so that little is padded; length 0 is left out."""
    order = [n for n, length in enumerate(lengths) if length]
    rng.shuffle(order)
    window = size * 50
    made = []
    for start in range(0, len(order), window):
        part = sorted(order[start : start + window], key=lambda n: lengths[n])
        made += [part[at : at + size] for at in range(0, len(part), size)]
    rng.shuffle(made)
    return made


def tensors(batch: list[Encoded], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(ids, labels), both (rows, longest); labels are -100 outside of the SQL."""
    longest = max(len(ids) for ids, _ in batch)
    ids = torch.full((len(batch), longest), pad)
    labels = torch.full((len(batch), longest), -100)
    for row, (tokens, prompt) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        labels[row, prompt : len(tokens)] = torch.tensor(tokens[prompt:])
    return ids, labels


def loss_of(network: Network, ids: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean loss over the SQL's tokens, and per row whether every token of the SQL is the most likely one.

    Logits are computed for the SQL's positions alone: with a tied vocabulary they are a third of the work.
    """
    hidden = network.model(input_ids=ids).last_hidden_state[:, :-1]
    wanted = labels[:, 1:]
    mask = wanted != -100
    logits = network.lm_head(hidden[mask]).float()
    loss = functional.cross_entropy(logits, wanted[mask])
    right = torch.ones_like(wanted, dtype=torch.bool)
    right[mask] = logits.argmax(-1) == wanted[mask]
    return loss, right.all(1)


@contextmanager
def _without_denormals() -> Iterator[None]:
    """Numbers next to zero are slow, and count as zero within; the setting is the whole process's."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


@_without_denormals()
def train(
    network: Network,
    pad: int,
    taught: list[Encoded],
    held_out: list[Encoded],
    folder: Path,
    recipe: Recipe,
    report: Report = print,
    levels: Sequence[int] = (),
) -> None:
    """Train until the recipe's minutes are over; `folder` holds the checkpoint and a log of JSON lines.

    Only parameters that ask for a gradient are trained and kept. `pad` fills short rows up. `levels` are the
    phases in which the rows taught come in; without them all are there from the beginning. Now and then
    `report` hears how far it is, and how many held-out rows are right.
    """
    torch.set_num_threads(recipe.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    module: torch.nn.Module = network
    module.to(device).train()
    optimiser = _optimiser(network, recipe)
    checkpoint = folder / "checkpoint.pt"
    standing = _resume(checkpoint, module, optimiser, device)
    if standing.step:
        report(f"training: resumed at step {standing.step:,}, {standing.spent / 60:.1f} minutes in")
    started = time.monotonic() - standing.spent
    saved_at = told_at = scored_at = time.monotonic()
    losses: list[float] = []
    tokens = 0
    levels = levels or [1] * len(taught)
    for places in _endless([len(ids) for ids, _ in taught], recipe, standing, levels):
        standing.spent = time.monotonic() - started
        done = standing.spent >= recipe.minutes * 60
        for group in optimiser.param_groups:
            group["lr"] = _rate(recipe, standing)
        ids, labels = (t.to(device) for t in tensors([taught[n] for n in places], pad))
        loss, right = _learn(network, optimiser, ids, labels, device)
        losses.append(loss)
        for place, came_out in zip(places, right, strict=True):
            standing.missed[place] = not came_out
        tokens += ids.numel()
        standing.step += 1
        now = time.monotonic()
        if now - told_at > TELL_SECONDS or done:
            facts = _facts(standing, losses, tokens / max(now - told_at, 1e-9))
            if done or now - scored_at > recipe.score_minutes * 60:
                facts["held_out_exact"] = round(exact_share(network, held_out, pad, device), 4)
                scored_at = time.monotonic()
                if standing.phase == len(recipe.phases) + 1:
                    standing.scores.append(facts["held_out_exact"])
            done = done or standing.is_over(recipe.patience)
            _note(facts, folder)
            report(sentence(facts, recipe.minutes))
            losses, tokens, told_at = [], 0, time.monotonic()
        if now - saved_at > recipe.checkpoint_minutes * 60 or done:
            _save(checkpoint, module, optimiser, standing)
            saved_at = time.monotonic()
        if done:
            break
    (folder / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2))
    module.eval()


def _endless(
    lengths: Sequence[int], recipe: Recipe, standing: Standing, levels: Sequence[int]
) -> Iterator[list[int]]:
    """Batches, epoch after epoch, from where the training stands; keeps `standing` in step.

    The first epoch shows every row of the phase. Those after it show what was missed, and a part of the rest,
    so that it is not forgotten. A new phase begins a new epoch.
    """
    standing.missed = standing.missed or bytearray(b"\1" * len(lengths))
    standing.shown = standing.shown or bytes(standing.missed)
    while True:
        rng = random.Random(recipe.seed + standing.epoch)
        chosen = [
            length if level <= standing.phase and (missed or rng.random() < KEPT) else 0
            for length, missed, level in zip(lengths, standing.shown, levels, strict=True)
        ]
        for batch in batches(chosen, recipe.batch, rng)[standing.at :]:
            standing.at += 1
            yield batch
            if _phase(recipe, standing, levels) > standing.phase:
                break
        standing.phase = _phase(recipe, standing, levels)
        standing.epoch, standing.at, standing.shown = standing.epoch + 1, 0, bytes(standing.missed)


def _phase(recipe: Recipe, standing: Standing, levels: Sequence[int]) -> int:
    """By the time that is spent; a phase without rows of its own is passed over."""
    share = standing.spent / (recipe.minutes * 60)
    phase = 1 + sum(share >= begin for begin in recipe.phases)
    return max(phase, min(levels, default=1))


def _rate(recipe: Recipe, standing: Standing) -> float:
    share = min(1.0, standing.spent / (recipe.minutes * 60))
    fallen = SLOWEST + (1 - SLOWEST) * 0.5 * (1 + math.cos(math.pi * share))
    return recipe.rate * min(1, (standing.step + 1) / recipe.warmup) * fallen


def _learn(
    network: Network,
    optimiser: torch.optim.Optimizer,
    ids: torch.Tensor,
    labels: torch.Tensor,
    device: str,
) -> tuple[float, list[bool]]:
    with torch.autocast(device, torch.bfloat16):
        loss, right = loss_of(network, ids, labels)
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return loss.item(), right.tolist()


def _optimiser(network: Network, recipe: Recipe) -> torch.optim.AdamW:
    learning = [p for p in network.parameters() if p.requires_grad]
    decayed = [p for p in learning if p.dim() > 1]
    plain = [p for p in learning if p.dim() <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.rate, betas=(0.9, 0.98))


def _save(path: Path, network: torch.nn.Module, optimiser: torch.optim.Optimizer, standing: Standing) -> None:
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


def _resume(path: Path, network: torch.nn.Module, optimiser: torch.optim.Optimizer, device: str) -> Standing:
    if not path.exists():
        return Standing()
    saved = torch.load(path, map_location=device, weights_only=True)
    network.load_state_dict(saved["network"], strict=False)
    optimiser.load_state_dict(saved["optimiser"])
    told = {name: saved[name] for name in ("step", "spent", "epoch", "at", "shown", "phase", "scores")}
    return Standing(**told, missed=bytearray(saved["missed"]))


def _facts(standing: Standing, losses: list[float], speed: float) -> dict[str, Any]:
    return {
        "step": standing.step,
        "phase": standing.phase,
        "epoch": standing.epoch,
        "minutes": round(standing.spent / 60, 1),
        "loss": round(sum(losses) / len(losses), 4),
        "tokens_per_second": round(speed),
    }


def _note(facts: dict[str, Any], folder: Path) -> None:
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


@torch.no_grad()
def exact_share(network: Network, rows: list[Encoded], pad: int, device: str) -> float:
    """The share of rows whose SQL greedy decoding would reproduce token by token."""
    module: torch.nn.Module = network
    module.eval()
    right = 0
    ordered = sorted(rows, key=lambda row: len(row[0]))
    for start in range(0, len(ordered), 64):
        ids, labels = (t.to(device) for t in tensors(ordered[start : start + 64], pad))
        with torch.autocast(device, torch.bfloat16):
            _, exact = loss_of(network, ids, labels)
        right += int(exact.sum())
    module.train()
    return right / max(1, len(rows))
