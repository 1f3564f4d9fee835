"""From a workspace to a quantised specialist: synthesise, train, export. Every step resumes where it was killed."""

import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from training.corpus import read_corpus, write_corpus
from training.material import Material, Source
from training.synthesis import Row
from training.train import Recipe

HELD_OUT = 800


@dataclass(frozen=True)
class Plan:
    """How much to synthesise and how to train; `pairs` of the questions taught go beside the model."""

    rows: int = 250_000
    seed: int = 7
    processes: int = 2
    vocabulary: int = 3000
    width: int = 256
    layers: int = 6
    inner: int = 704
    pairs: int = 4000
    recipe: Recipe = field(default_factory=Recipe)


def specialise(
    source: Source, work: Path, target: Path, plan: Plan, report: Callable[[str], None] = print
) -> None:
    """Make `target` (GGUF, Q8_0) and `target` with suffix .pairs.jsonl; `work` keeps corpus and checkpoints."""
    from tokenizers import Tokenizer

    from training.export import export, quantise
    from training.network import Shape, make_network, start_from_minilm
    from training.tokenizer import load_tokenizer, schema_tokens, train_tokenizer
    from training.train import encode, train

    work.mkdir(parents=True, exist_ok=True)
    report(f"synthesis: {plan.rows:,} rows, {plan.processes} processes")
    write_corpus(source, work / "corpus", plan.rows, plan.seed, plan.processes, report)
    rows = list(read_corpus(work / "corpus"))
    material = Material(source)
    tokenizer_file = work / "tokenizer.json"
    if tokenizer_file.exists():
        tokenizer: Tokenizer = load_tokenizer(tokenizer_file)
    else:
        sample = random.Random(plan.seed).sample(rows, min(len(rows), 60_000))
        texts = (text for row in sample for text in (row.prompt, row.target))
        tokenizer = train_tokenizer(texts, schema_tokens(material.catalogue), plan.vocabulary)
        tokenizer.save(str(tokenizer_file))
    shape = Shape(plan.width, plan.layers, plan.inner)
    held_out_rows, taught = split(rows, plan.seed)
    report(
        f"training: {len(taught):,} rows, {len(held_out_rows):,} held out, {tokenizer.get_vocab_size():,} tokens"
    )
    network = make_network(tokenizer, shape, plan.seed)
    if not (work / "checkpoint.pt").exists():
        start_from_minilm(network, tokenizer, spoken_tokens(material))
    examples = [e for r in taught if (e := encode(tokenizer, r.prompt, r.target, shape.context))]
    held_out = [e for r in held_out_rows if (e := encode(tokenizer, r.prompt, r.target, shape.context))]
    train(network, tokenizer, examples, held_out, work, plan.recipe, report)
    plain = work / "float.gguf"
    facts = {"format": "specialist", "schema": material.schema.fingerprint, "rows": str(len(rows))}
    facts["corpus"] = hashlib.sha256("".join(r.prompt + r.target for r in rows).encode()).hexdigest()[:16]
    export(network, tokenizer, plain, facts)
    target.parent.mkdir(parents=True, exist_ok=True)
    quantise(plain, target)
    plain.unlink()
    write_pairs(taught, target.with_suffix(".pairs.jsonl"), plan.pairs)
    report(f"wrote {target.name}, {target.stat().st_size / 1e6:.1f} MB")


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
    """The queries that came up most, each with up to two of its questions, as examples for the index."""
    questions: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        questions[row.target].append(row.question)
    often = sorted(questions, key=lambda target: (-len(questions[target]), target))
    with path.open("w") as file:
        written = 0
        for target in often:
            if written >= count:
                break
            for question in sorted(questions[target], key=len)[len(questions[target]) // 3 :][:1]:
                file.write(json.dumps({"question": question, "sql": target}, ensure_ascii=False) + "\n")
                written += 1


def spoken_tokens(material: Material) -> dict[str, str]:
    """Plain words for the tokens that stand for columns and tables."""
    schema = material.schema
    spoken = {}
    for table, column in schema.columns():
        name = f"{schema.aliases[table.name]}.{column.name}"
        found = material.catalogue.by_column.get(f"{table.name}.{column.name}")
        words = found.words[0] if found else column.name.replace("_", " ")
        spoken[name] = f"{table.name.replace('_', ' ')} {words}"
        spoken[f"{name} >= "] = spoken[f" AND {name} < "] = f"{words} time"
    for table_name, alias in schema.aliases.items():
        spoken[f" FROM {table_name} {alias}"] = table_name.replace("_", " ")
    return spoken
