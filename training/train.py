"""Train a network on encoded rows; a killed training resumes from its checkpoint."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from training.network import Specialist
from training.rows import Batch, Rows, batches
from training.standing import (
    Recipe,
    Standing,
    facts_of,
    half_precision,
    make_optimiser,
    note,
    rate_of,
    resume,
    save,
    sentence,
    without_denormals,
)
from training.together import Together

Report = Callable[[str], None]
Network = Any
"""A specialist, or a causal language model of transformers', with its body `model` and its last `lm_head`."""

TELL_SECONDS = 60
KEPT = 0.35  # share of the rows that came out right, which the next epoch shows again


def loss_of(network: Network, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean loss over the SQL's tokens, and per row whether every token of the SQL is the most likely one.

    Logits are computed for the SQL's positions alone: with a tied vocabulary they are a third of the work.
    """
    if isinstance(network, Specialist):
        hidden = network.hidden(batch)[:, :-1]
    else:
        hidden = network.model(input_ids=batch.ids).last_hidden_state[:, :-1]
    wanted = batch.labels[:, 1:]
    mask = wanted != -100
    logits = network.lm_head(hidden[mask]).float()
    loss = functional.cross_entropy(logits, wanted[mask])
    right = torch.ones_like(wanted, dtype=torch.bool)
    right[mask] = logits.argmax(-1) == wanted[mask]
    return loss, right.all(1)


@without_denormals()
def train(
    network: Network,
    pad: int,
    taught: Rows,
    held_out: Rows,
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
    together = Together()
    device, report = together.device, together.told_by_first(report)
    module: torch.nn.Module = network
    module.to(device).train()
    taught, held_out = taught.to(device), held_out.to(device)
    optimiser = make_optimiser(network, recipe)
    checkpoint = folder / "checkpoint.pt"
    standing = resume(checkpoint, module, optimiser, device)
    if standing.step:
        report(f"training: resumed at step {standing.step:,}, {standing.spent / 60:.1f} minutes in")
    started = time.monotonic() - standing.spent
    saved_at = told_at = scored_at = time.monotonic()
    losses: list[float] = []
    tokens = 0
    levels = levels or [1] * len(taught)
    size = recipe.batch * together.count
    lengths = taught.lengths
    for places in _endless(lengths, recipe, size, standing, levels):
        standing.spent = together.as_first(time.monotonic() - started)
        done = standing.spent >= recipe.minutes * 60
        for group in optimiser.param_groups:
            group["lr"] = rate_of(recipe, standing)
        if len(places) < together.count:
            continue
        mine = together.mine(places)
        loss, right = _learn(network, optimiser, taught, mine, pad, recipe.micro, together)
        losses.append(loss)
        for place, came_out in together.all_of(list(zip(mine, right, strict=True))):
            standing.missed[place] = not came_out
        tokens += sum(lengths[n] for n in mine) * together.count
        standing.step += 1
        now = time.monotonic()
        if now - told_at > TELL_SECONDS or done:
            facts = facts_of(standing, losses, tokens / max(now - told_at, 1e-9))
            if done or now - scored_at > recipe.score_minutes * 60:
                facts["held_out_exact"] = round(exact_share(network, held_out, pad, device), 4)
                scored_at = time.monotonic()
                if standing.phase == len(recipe.phases) + 1:
                    standing.scores.append(facts["held_out_exact"])
            done = done or standing.is_over(recipe.patience)
            if together.first:
                note(facts, folder)
            report(sentence(facts, recipe.minutes))
            losses, tokens, told_at = [], 0, time.monotonic()
        if now - saved_at > recipe.checkpoint_minutes * 60 or done:
            if together.first:
                save(checkpoint, module, optimiser, standing)
            saved_at = time.monotonic()
        if done:
            break
    if together.first:
        (folder / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2))
    module.eval()


def _endless(
    lengths: Sequence[int], recipe: Recipe, size: int, standing: Standing, levels: Sequence[int]
) -> Iterator[list[int]]:
    """Batches of `size`, epoch after epoch, from where the training stands; keeps `standing` in step.

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
        for batch in batches(chosen, size, rng)[standing.at :]:
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


def _learn(
    network: Network,
    optimiser: torch.optim.Optimizer,
    taught: Rows,
    places: Sequence[int],
    pad: int,
    micro: int,
    together: Together,
) -> tuple[float, list[bool]]:
    """One step, `micro` rows at a time; the gradients of the parts are added up."""
    whole, right = 0.0, []
    wanted = taught.targets(places)
    for start in range(0, len(places), micro):
        part = places[start : start + micro]
        with half_precision(together.device):
            loss, came_out = loss_of(network, taught.batch(part, pad))
        share = taught.targets(part) / wanted
        torch.autograd.backward(loss * share)
        whole += loss.item() * share
        right += came_out.tolist()
    together.share_gradients(network)
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return whole, right


@torch.no_grad()
def exact_share(network: Network, rows: Rows, pad: int, device: str) -> float:
    """The share of rows whose SQL greedy decoding would reproduce token by token."""
    module: torch.nn.Module = network
    module.eval()
    right = 0
    rows, lengths = rows.to(device), rows.lengths
    ordered = sorted(range(len(rows)), key=lambda n: lengths[n])
    for start in range(0, len(ordered), 64):
        with half_precision(device):
            _, exact = loss_of(network, rows.batch(ordered[start : start + 64], pad))
        right += int(exact.sum())
    module.train()
    return right / max(1, len(rows))
