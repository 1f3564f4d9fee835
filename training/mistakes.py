"""What the model itself gets wrong: found on questions that it was taught, and taught as recovery."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

import torch
from tokenizers import Tokenizer

from training.standing import half_precision
from training.synthesis import Row
from training.tokenizer import end_of
from training.train import Encoded, Network, loss_of, tensors

ASKED, MOST, TOGETHER = 6000, 600, 32
"""Rows that are asked at most, mistakes that are kept at most, rows of one step."""

LONGEST = 120


def mistakes(
    network: Network,
    tokenizer: Tokenizer,
    rows: Sequence[Row],
    encoded: Sequence[Encoded],
    seed: int,
) -> list[tuple[Row, str]]:
    """Rows of those taught that the network answers wrongly, each with what it writes greedily."""
    places = random.Random(seed).sample(range(len(rows)), min(ASKED, len(rows)))
    places = sorted(places, key=lambda n: len(encoded[n][0]))
    missed = list(_missed(network, encoded, places, end_of(tokenizer)))
    random.Random(seed).shuffle(missed)
    by_length: dict[int, list[int]] = defaultdict(list)
    for n in missed[:MOST]:
        by_length[encoded[n][1]].append(n)
    found = []
    for same in by_length.values():
        for at in range(0, len(same), TOGETHER):
            part = same[at : at + TOGETHER]
            texts = _written(network, tokenizer, [encoded[n][0][: encoded[n][1]] for n in part])
            found += [(rows[n], text) for n, text in zip(part, texts, strict=True)]
    return found


@torch.no_grad()
def _missed(network: Network, encoded: Sequence[Encoded], places: Sequence[int], pad: int) -> Iterator[int]:
    for at in range(0, len(places), TOGETHER):
        part = places[at : at + TOGETHER]
        ids, labels = (t.to(network.device) for t in tensors([encoded[n] for n in part], pad))
        with half_precision(network.device.type):
            _, right = loss_of(network, ids, labels)
        yield from (n for n, came_out in zip(part, right.tolist(), strict=True) if not came_out)


@torch.no_grad()
def _written(network: Network, tokenizer: Tokenizer, prompts: list[list[int]]) -> list[str]:
    """Greedily, after prompts of one length."""
    end, start = end_of(tokenizer), len(prompts[0])
    ids = torch.tensor(prompts, device=network.device)
    out = network.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=LONGEST,
        do_sample=False,
        pad_token_id=end,
        eos_token_id=end,
    )
    texts = []
    for row in out[:, start:].tolist():
        kept = row[: row.index(end)] if end in row else row
        texts.append(str(tokenizer.decode(kept, skip_special_tokens=False)).strip())
    return texts
