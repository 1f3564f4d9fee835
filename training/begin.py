"""The network before its first step, and its tokenizer: from the base, from a specialist, or at random."""

import random
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from training.base.file import load_base, specialist_of
from training.material import Material
from training.network import Shape, Specialist, start_from_minilm
from training.pieces import pieces_of, spoken
from training.plan import Plan
from training.synthesis import Row
from training.tokenizer import load_tokenizer, schema_tokens, train_tokenizer
from training.warm import from_gguf

TOKENIZER_ROWS = 60_000


def begun(work: Path, rows: Sequence[Row], material: Material, plan: Plan) -> tuple[Specialist, Tokenizer]:
    """Both, where the plan says to begin; a checkpoint is read later. A new tokenizer learns from `rows`."""
    if plan.goes_on:
        return from_gguf(Path(plan.start))
    if plan.start:
        base, shared, _ = load_base(Path(plan.start))
        return specialist_of(base, shared, pieces_of(material.catalogue))
    tokenizer = _tokenizer(work / "tokenizer.json", rows, material, plan)
    specialist = Specialist.fresh(tokenizer, Shape(plan.width, plan.layers, plan.inner), plan.seed)
    if not (work / "checkpoint.pt").exists():
        start_from_minilm(specialist.network, tokenizer, spoken(pieces_of(material.catalogue)))
    return specialist, tokenizer


def _tokenizer(path: Path, rows: Sequence[Row], material: Material, plan: Plan) -> Tokenizer:
    if path.exists():
        return load_tokenizer(path)
    sample = random.Random(plan.seed).sample(rows, min(len(rows), TOKENIZER_ROWS))
    texts = (text for row in sample for text in (row.prompt, row.target))
    tokenizer = train_tokenizer(texts, schema_tokens(material.catalogue), plan.vocabulary)
    tokenizer.save(str(path))
    return tokenizer
