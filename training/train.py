"""Train a network on encoded rows; a killed training resumes from its checkpoint."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional

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
from training.tokenizer import end_of

Encoded = tuple[list[int], int]  # token ids, and how many of them are the prompt
Report = Callable[[str], None]
Network = Any
"""A causal language model of transformers': its body is `model`, its last layer `lm_head`."""

TELL_SECONDS = 60
KEPT = 0.35  # share of the rows that came out right, which the next epoch shows again


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


@without_denormals()
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
    together = Together()
    device, report = together.device, together.told_by_first(report)
    module: torch.nn.Module = network
    module.to(device).train()
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
    for places in _endless([len(ids) for ids, _ in taught], recipe, size, standing, levels):
        standing.spent = together.as_first(time.monotonic() - started)
        done = standing.spent >= recipe.minutes * 60
        for group in optimiser.param_groups:
            group["lr"] = rate_of(recipe, standing)
        if len(places) < together.count:
            continue
        mine = together.mine(places)
        ids, labels = (t.to(device) for t in tensors([taught[n] for n in mine], pad))
        loss, right = _learn(network, optimiser, ids, labels, recipe.micro, together)
        losses.append(loss)
        for place, came_out in together.all_of(list(zip(mine, right, strict=True))):
            standing.missed[place] = not came_out
        tokens += ids.numel() * together.count
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
    ids: torch.Tensor,
    labels: torch.Tensor,
    micro: int,
    together: Together,
) -> tuple[float, list[bool]]:
    """One step, `micro` rows at a time; the gradients of the parts are added up."""
    whole, right = 0.0, []
    wanted = int((labels != -100).sum())
    for part, labelled in zip(torch.split(ids, micro), torch.split(labels, micro), strict=True):
        with half_precision(together.device):
            loss, came_out = loss_of(network, part, labelled)
        share = int((labelled != -100).sum()) / wanted
        torch.autograd.backward(loss * share)
        whole += loss.item() * share
        right += came_out.tolist()
    together.share_gradients(network)
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return whole, right


@torch.no_grad()
def exact_share(network: Network, rows: list[Encoded], pad: int, device: str) -> float:
    """The share of rows whose SQL greedy decoding would reproduce token by token."""
    module: torch.nn.Module = network
    module.eval()
    right = 0
    ordered = sorted(rows, key=lambda row: len(row[0]))
    for start in range(0, len(ordered), 64):
        ids, labels = (t.to(device) for t in tensors(ordered[start : start + 64], pad))
        with half_precision(device):
            _, exact = loss_of(network, ids, labels)
        right += int(exact.sum())
    module.train()
    return right / max(1, len(rows))
