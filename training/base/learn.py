"""Train the base on lessons; killed, it goes on from its checkpoint."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch.nn import functional
from torch.utils.data import DataLoader

from knowledge.errors import TrainingError
from training.base.network import Base
from training.base.packing import Batch, Course, Shown, batch, sequences
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

TELL_SECONDS = 60


@dataclass(frozen=True)
class Packing:
    """`longest` tokens a sequence, `together` sequences a step, a share `heads` of them with the schema.

    `loaders` processes put steps together ahead of a GPU, which is faster than one process at that.
    """

    longest: int = 448
    together: int = 6
    heads: float = 0.5
    loaders: int = 0


def loss_of(base: Base, shown: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean loss over the SQL's tokens, and whether each of them is the likeliest of its schema's."""
    table = base.table(shown.pieces)
    hidden = base.network.model(
        inputs_embeds=functional.embedding(shown.ids, table) + base.senses(shown.texts),
        attention_mask=shown.sees,
        position_ids=shown.places,
        use_cache=False,
    ).last_hidden_state[:, :-1]
    wanted = shown.labels[:, 1:]
    mask = wanted != -100
    logits = (hidden[mask] @ table.to(hidden.dtype).T).float()
    sequence = mask.nonzero()[:, 0]
    logits = logits.masked_fill(~shown.known[sequence], float("-inf"))
    loss = functional.cross_entropy(logits, wanted[mask])
    return loss, logits.argmax(-1) == wanted[mask]


@without_denormals()
def learn(
    base: Base,
    courses: Sequence[Course],
    held_out: Mapping[str, Sequence[Course]],
    pad: int,
    folder: Path,
    recipe: Recipe,
    packing: Packing,
    report: Callable[[str], None] = print,
) -> None:
    """Train until the recipe's minutes are over. `held_out` are schemas never shown, by their kind."""
    torch.set_num_threads(recipe.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    base.to(device).train()
    optimiser = make_optimiser(base, recipe)
    checkpoint = folder / "checkpoint.pt"
    standing = resume(checkpoint, base, optimiser, device)
    shared = base.network.config.vocab_size
    started = time.monotonic() - standing.spent
    saved_at = told_at = scored_at = time.monotonic()
    losses: list[float] = []
    tokens = 0
    for step in _endless(courses, recipe, packing, standing, shared, pad):
        standing.spent = time.monotonic() - started
        done = standing.spent >= recipe.minutes * 60
        for group in optimiser.param_groups:
            group["lr"] = rate_of(recipe, standing)
        with half_precision(device):
            loss, _ = loss_of(base, shown := step.to(device))
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(base.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        losses.append(loss.item())
        tokens += shown.ids.numel()
        standing.step += 1
        now = time.monotonic()
        if now - told_at > TELL_SECONDS or done:
            facts = facts_of(standing, losses, tokens / max(now - told_at, 1e-9))
            if done or now - scored_at > recipe.score_minutes * 60:
                for kind, asked in held_out.items():
                    facts[kind] = round(exact_share(base, asked, pad, device, True), 4)
                    facts[f"{kind}_without_schema"] = round(exact_share(base, asked, pad, device, False), 4)
                scored_at = time.monotonic()
            note(facts, folder)
            report(sentence(facts, recipe.minutes) + _scores(facts, held_out))
            losses, tokens, told_at = [], 0, time.monotonic()
        if now - saved_at > recipe.checkpoint_minutes * 60 or done:
            save(checkpoint, base, optimiser, standing)
            saved_at = time.monotonic()
        if done:
            break
    base.eval()


def _scores(facts: Mapping[str, float], kinds: Iterable[str]) -> str:
    told = (
        f", {kind} {facts[kind]:.1%} ({facts[f'{kind}_without_schema']:.1%} without schema)"
        for kind in kinds
        if kind in facts
    )
    return "".join(told)


def _endless(
    courses: Sequence[Course], recipe: Recipe, packing: Packing, standing: Standing, shared: int, pad: int
) -> Iterator[Batch]:
    """Steps, epoch after epoch, from where the training stands; keeps `standing` in step."""
    if not any(course.rows for course in courses):
        raise TrainingError("There is no row to train the base on; invent more schemas.")
    while True:
        rng = random.Random(recipe.seed + standing.epoch)
        drawn = sequences(courses, packing.longest, packing.heads, rng)
        size = packing.together
        steps = [drawn[at : at + size] for at in range(standing.at, len(drawn), size)]
        made = partial(batch, courses=courses, shared=shared, pad=pad)
        loader: DataLoader[Batch] = DataLoader(
            steps,  # type: ignore[arg-type]
            batch_size=None,
            collate_fn=made,
            num_workers=packing.loaders,
            multiprocessing_context="fork" if packing.loaders else None,
        )
        for step in loader:
            standing.at += size
            yield step
        standing.epoch, standing.at = standing.epoch + 1, 0


@torch.no_grad()
def exact_share(base: Base, courses: Sequence[Course], pad: int, device: str, with_head: bool) -> float:
    """The share of rows whose SQL greedy decoding would give, with the schema in the prompt or without."""
    base.eval()
    right = count = 0
    for number, course in enumerate(courses):
        for place in range(0, len(course.rows), 16):
            rows = list(range(place, min(place + 16, len(course.rows))))
            alone = [Shown(number, [row], with_head) for row in rows]
            shown = batch(alone, courses, base.network.config.vocab_size, pad).to(device)
            with half_precision(device):
                _, hits = loss_of(base, shown)
            sequence = (shown.labels[:, 1:] != -100).nonzero()[:, 0]
            missed = set(sequence[~hits].tolist())
            right += len(rows) - len(missed)
            count += len(rows)
    base.train()
    return right / max(1, count)
