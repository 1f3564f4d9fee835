"""Train a network on rows: loss on the SQL alone, lengths bucketed, checkpoints that a killed run resumes from."""

import json
import math
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import LlamaForCausalLM

from graph.specialist import END

Example = tuple[list[int], int]  # token ids, and how many of them are the prompt


@dataclass(frozen=True)
class Recipe:
    """`minutes` bounds the whole training, resumed parts included; the rate falls along it as a cosine."""

    minutes: float = 60
    batch: int = 64
    rate: float = 1.2e-3
    warmup: int = 200
    weight_decay: float = 0.05
    threads: int = 1
    seed: int = 7
    checkpoint_minutes: float = 4
    score_minutes: float = 8


def encode(tokenizer: Tokenizer, prompt: str, target: str, context: int) -> Example | None:
    """Token ids of prompt, SQL and end, with the prompt's length; None where they exceed the context."""
    head = tokenizer.encode(prompt).ids
    ids = [*head, *tokenizer.encode(target).ids, tokenizer.token_to_id(END)]
    return (ids, len(head)) if len(ids) <= context else None


def batches(examples: list[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Random batches of like length, so that little is padded."""
    order = list(range(len(examples)))
    rng.shuffle(order)
    window = size * 50
    made = []
    for start in range(0, len(order), window):
        part = sorted(order[start : start + window], key=lambda n: len(examples[n][0]))
        made += [[examples[n] for n in part[at : at + size]] for at in range(0, len(part), size)]
    rng.shuffle(made)
    return made


def tensors(batch: list[Example], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(ids, labels), both (rows, longest); labels are -100 outside of the SQL."""
    longest = max(len(ids) for ids, _ in batch)
    ids = torch.full((len(batch), longest), pad)
    labels = torch.full((len(batch), longest), -100)
    for row, (tokens, prompt) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        labels[row, prompt : len(tokens)] = torch.tensor(tokens[prompt:])
    return ids, labels


def loss_of(
    network: LlamaForCausalLM, ids: torch.Tensor, labels: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
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


def train(
    network: LlamaForCausalLM, tokenizer: Tokenizer, examples: list[Example], held_out: list[Example], folder: Path,
    recipe: Recipe, report: Callable[[str], None] = print,
) -> None:  # fmt: skip
    """Train until the recipe's minutes are over; `folder` holds the checkpoint and a log of one JSON line a report."""
    torch.set_flush_denormal(True)
    torch.set_num_threads(recipe.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network.to(device).train()
    decayed = [p for p in network.parameters() if p.dim() > 1]
    plain = [p for p in network.parameters() if p.dim() <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=recipe.rate, betas=(0.9, 0.98))
    checkpoint = folder / "checkpoint.pt"
    step, spent, epoch, skip = 0, 0.0, 0, 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        step, spent, epoch, skip = saved["step"], saved["spent"], saved["epoch"], saved["at"]
        report(f"resumed at step {step}, {spent / 60:.1f} minutes in")
    pad = tokenizer.token_to_id(END)
    budget = recipe.minutes * 60
    started = time.monotonic() - spent
    saved_at = told_at = scored_at = time.monotonic()
    running: list[float] = []
    tokens = 0
    while True:
        for at, batch in enumerate(batches(examples, recipe.batch, random.Random(recipe.seed + epoch))):
            if at < skip:
                continue
            spent = time.monotonic() - started
            share = min(1.0, spent / budget)
            for group in optimiser.param_groups:
                group["lr"] = (
                    recipe.rate
                    * min(1, (step + 1) / recipe.warmup)
                    * (0.04 + 0.96 * 0.5 * (1 + math.cos(math.pi * share)))
                )
            ids, labels = (t.to(device) for t in tensors(batch, pad))
            with torch.autocast(device, torch.bfloat16):
                loss, _ = loss_of(network, ids, labels)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            tokens += ids.numel()
            running.append(loss.item())
            now = time.monotonic()
            done = spent >= budget
            if now - told_at > 60 or done:
                speed = tokens / (now - told_at)
                facts = {
                    "step": step,
                    "epoch": epoch,
                    "minutes": round(spent / 60, 1),
                    "loss": round(sum(running) / len(running), 4),
                }
                facts["tokens_per_second"] = round(speed)
                if done or now - scored_at > recipe.score_minutes * 60:
                    facts["held_out_exact"] = round(evaluate(network, held_out, pad, device), 4)
                    scored_at = time.monotonic()
                report(json.dumps(facts))
                with (folder / "log.jsonl").open("a") as log:
                    log.write(json.dumps(facts) + "\n")
                running, tokens, told_at = [], 0, time.monotonic()
            if now - saved_at > recipe.checkpoint_minutes * 60 or done:
                state = {"network": network.state_dict(), "optimiser": optimiser.state_dict()}
                state |= {"step": step, "spent": spent, "epoch": epoch, "at": at + 1}
                torch.save(state, checkpoint.with_suffix(".tmp"))
                checkpoint.with_suffix(".tmp").replace(checkpoint)
                saved_at = time.monotonic()
            if done:
                (folder / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2))
                network.eval()
                return
        epoch, skip = epoch + 1, 0


@torch.no_grad()
def evaluate(network: LlamaForCausalLM, held_out: list[Example], pad: int, device: str) -> float:
    """The share of held-out rows whose SQL greedy decoding would reproduce token by token."""
    network.eval()
    right = 0
    ordered = sorted(held_out, key=lambda e: len(e[0]))
    for start in range(0, len(ordered), 64):
        ids, labels = (t.to(device) for t in tensors(ordered[start : start + 64], pad))
        with torch.autocast(device, torch.bfloat16):
            _, exact = loss_of(network, ids, labels)
        right += int(exact.sum())
    network.train()
    return right / max(1, len(held_out))
