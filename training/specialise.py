"""From a workspace to a quantised specialist: synthesise, train, export. Each step resumes."""

import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.words import english
from training.corpus import read_corpus, write_corpus
from training.curriculum import level
from training.material import Material, Source
from training.pieces import pieces_of, spoken
from training.synthesis import Row
from training.taught import KIND as TAUGHT
from training.taught import Taught, canonical_golds
from training.train import Recipe

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import LlamaForCausalLM

HELD_OUT = 800
MOST_TOLD = 5
TOKENIZER_ROWS = 60_000

Report = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much to synthesise and how to train; `pairs` of the questions taught go beside the model.

    `taught_share` of all rows come from verified pairs, as far as there are enough of them. `start` is the
    specialist's file from which training goes on; without it the network begins with random weights.
    """

    rows: int = 250_000
    seed: int = 7
    processes: int = 2
    vocabulary: int = 3000
    width: int = 256
    layers: int = 6
    inner: int = 704
    pairs: int = 4000
    taught_share: float = 0.2
    start: str = ""
    recipe: Recipe = field(default_factory=Recipe)


def specialise(
    source: Source,
    work: Path,
    target: Path,
    plan: Plan,
    report: Report = print,
    golds: Sequence[str] = (),
) -> None:
    """Make `target` (GGUF, Q8_0) and, beside it, its .pairs.jsonl and the plan as .recipe.json.

    `work` keeps corpus and checkpoint. `golds` are statements of the suites: none is taught as it stands.
    """
    from training.export import export, quantise
    from training.tokenizer import end_of
    from training.train import encode, train
    from training.verify import agreement

    work.mkdir(parents=True, exist_ok=True)
    report(f"synthesis: {plan.rows:,} rows, {plan.processes} processes")
    write_corpus(source, work / "corpus", plan.rows, plan.seed, plan.processes, report)
    rows = list(read_corpus(work / "corpus"))
    material = Material(source)
    if material.left_out:
        told = ", ".join(material.left_out[:MOST_TOLD])
        report(f"synthesis: left out {told}{', ...' * (len(material.left_out) > MOST_TOLD)}: quoted names")
    held_out, taught = split(without(rows, golds, material), plan.seed)
    taught += _verified(material, len(taught), plan, report)
    network, tokenizer = _begun(work, rows, material, plan)
    counts = f"{len(taught):,} rows, {len(held_out):,} held out, {tokenizer.get_vocab_size():,} tokens"
    report(f"training: {counts}")
    longest = network.config.max_position_embeddings
    encoded = [encode(tokenizer, row.prompt, row.target, longest) for row in taught]
    known = [(made, level(row)) for made, row in zip(encoded, taught, strict=True) if made]
    asked = [made for row in held_out if (made := encode(tokenizer, row.prompt, row.target, longest))]
    levels = [] if plan.start else [number for _, number in known]
    train(network, end_of(tokenizer), [made for made, _ in known], asked, work, plan.recipe, report, levels)
    plain = work / "float.gguf"
    export(network, tokenizer, plain, _facts(material, rows))
    target.parent.mkdir(parents=True, exist_ok=True)
    quantise(plain, target)
    plain.unlink()
    agreed = agreement(network, tokenizer, target, held_out)
    report(f"check: {agreed}")
    write_pairs(taught, target.with_suffix(".pairs.jsonl"), plan.pairs)
    facts = asdict(plan) | {"rows_taught": len(known), "agreement": asdict(agreed)}
    target.with_suffix(".recipe.json").write_text(json.dumps(facts, indent=2) + "\n")
    report(f"wrote {target.name}, {target.stat().st_size / 1e6:.1f} MB")


def without(rows: list[Row], golds: Sequence[str], material: Material) -> list[Row]:
    """The rows whose SQL is no gold; golds that are not in the canonical form are in no row."""
    barred = set(canonical_golds(golds, material))
    return [row for row in rows if row.target not in barred]


def _verified(material: Material, synthetic: int, plan: Plan, report: Report) -> list[Row]:
    """Rows of the team's examples, as many as the plan says and the examples give."""
    lessons = Taught(material, material.examples, plan.seed)
    rows = lessons.rows(round(synthetic * plan.taught_share / (1 - plan.taught_share)))
    if material.examples:
        report(f"examples: {len(rows):,} rows of {len(material.examples):,}, {len(lessons.left)} left out")
    for left in lessons.left[:MOST_TOLD]:
        report(f"examples: left out {left.example.question!r}, {left.why}")
    return rows


def _begun(
    work: Path, rows: list[Row], material: Material, plan: Plan
) -> "tuple[LlamaForCausalLM, Tokenizer]":
    """The network before its first step, or before its checkpoint is read, and its tokenizer."""
    from training.network import Shape, make_network, start_from_minilm
    from training.warm import from_gguf

    if plan.start:
        return from_gguf(Path(plan.start))
    tokenizer = _tokenizer(work / "tokenizer.json", rows, material, plan)
    network = make_network(tokenizer, Shape(plan.width, plan.layers, plan.inner), plan.seed)
    if not (work / "checkpoint.pt").exists():
        start_from_minilm(network, tokenizer, spoken(pieces_of(material.catalogue)))
    return network, tokenizer


def _tokenizer(path: Path, rows: list[Row], material: Material, plan: Plan) -> "Tokenizer":
    from training.tokenizer import load_tokenizer, schema_tokens, train_tokenizer

    if path.exists():
        return load_tokenizer(path)
    sample = random.Random(plan.seed).sample(rows, min(len(rows), TOKENIZER_ROWS))
    texts = (text for row in sample for text in (row.prompt, row.target))
    tokenizer = train_tokenizer(texts, schema_tokens(material.catalogue), plan.vocabulary)
    tokenizer.save(str(path))
    return tokenizer


def _facts(material: Material, rows: list[Row]) -> dict[str, str]:
    """What the model file tells of its origin."""
    corpus = hashlib.sha256("".join(r.prompt + r.target for r in rows).encode()).hexdigest()[:16]
    schema = material.schema.fingerprint
    return {"format": "specialist", "schema": schema, "rows": str(len(rows)), "corpus": corpus}


def split(rows: list[Row], seed: int) -> tuple[list[Row], list[Row]]:
    """(held out, taught): no SQL of the held-out rows is among the taught ones."""
    targets = sorted({row.target for row in rows})
    random.Random(seed).shuffle(targets)
    counts = Counter(row.target for row in rows)
    chosen: set[str] = set()
    size = 0
    for target in targets:
        if size >= min(HELD_OUT, len(rows) // 20):
            break
        chosen.add(target)
        size += counts[target]
    return [r for r in rows if r.target in chosen], [r for r in rows if r.target not in chosen]


def write_pairs(rows: list[Row], path: Path, count: int) -> None:
    """The `count` queries that came up most, each with its most cleanly spelt question, for the index."""
    questions: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.kind != TAUGHT:
            questions[row.target].append(row.question)
    often = sorted(questions, key=lambda target: (-len(questions[target]), target))
    with path.open("w", encoding="utf-8") as file:
        for target in often[:count]:
            fewest = min(map(_misspelt, questions[target]))
            clean = sorted((q for q in questions[target] if _misspelt(q) == fewest), key=len)
            pair = {"question": clean[len(clean) // 2], "sql": target}
            file.write(json.dumps(pair, ensure_ascii=False) + "\n")


def _misspelt(question: str) -> int:
    """How many plain words are none that the embedder knows."""
    return sum(word.isalpha() and word not in english() for word in question.lower().split())
