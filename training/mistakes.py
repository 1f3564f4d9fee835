"""What the model itself gets wrong: found on questions that it was taught, and taught as recovery."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from tokenizers import Tokenizer

from training.network import Specialist
from training.rows import Rows
from training.standing import half_precision
from training.synthesis import Row
from training.tokenizer import end_of
from training.train import loss_of

ASKED, MOST, TOGETHER = 6000, 600, 32
"""Rows that are asked at most, mistakes that are kept at most, rows of one step."""

LONGEST = 120


def mistakes(
    specialist: Specialist,
    tokenizer: Tokenizer,
    rows: Sequence[Row],
    encoded: Rows,
    seed: int,
) -> list[tuple[Row, str]]:
    """Rows of those taught that the network answers wrongly, each with what it writes greedily."""
    encoded, lengths, prompts = encoded.to(str(specialist.device)), encoded.lengths, encoded.prompts.tolist()
    places = random.Random(seed).sample(range(len(rows)), min(ASKED, len(rows)))
    places = sorted(places, key=lambda n: lengths[n])
    missed = list(_missed(specialist, encoded, places, end_of(tokenizer)))
    random.Random(seed).shuffle(missed)
    by_length: dict[int, list[int]] = defaultdict(list)
    for n in missed[:MOST]:
        by_length[prompts[n]].append(n)
    found = []
    for same in by_length.values():
        for at in range(0, len(same), TOGETHER):
            part = same[at : at + TOGETHER]
            texts = _written(specialist, tokenizer, encoded, part, prompts[part[0]])
            found += [(rows[n], text) for n, text in zip(part, texts, strict=True)]
    return found


@torch.no_grad()
def _missed(specialist: Specialist, encoded: Rows, places: Sequence[int], pad: int) -> Iterator[int]:
    for at in range(0, len(places), TOGETHER):
        part = places[at : at + TOGETHER]
        with half_precision(specialist.device.type):
            _, right = loss_of(specialist, encoded.batch(part, pad))
        yield from (n for n, came_out in zip(part, right.tolist(), strict=True) if not came_out)


@torch.no_grad()
def _written(
    specialist: Specialist, tokenizer: Tokenizer, encoded: Rows, places: Sequence[int], prompt: int
) -> list[str]:
    """Greedily, after prompts of one length."""
    end = end_of(tokenizer)
    shown = specialist.embedded(encoded.batch(places, end))[:, :prompt]
    network: Any = specialist.network
    out = network.generate(
        inputs_embeds=shown,
        attention_mask=torch.ones(shown.shape[:2], dtype=torch.long, device=shown.device),
        max_new_tokens=LONGEST,
        do_sample=False,
        pad_token_id=end,
        eos_token_id=end,
    )
    texts = []
    for row in out.tolist():
        kept = row[: row.index(end)] if end in row else row
        texts.append(str(tokenizer.decode(kept, skip_special_tokens=False)).strip())
    return texts
