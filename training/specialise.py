"""From a workspace to a quantised specialist: synthesise, train, export. Each step resumes."""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from training import few_shot, followups, recovery, unanswerable
from training.corpus import read_corpus, read_rows, write_corpus, write_rows
from training.curriculum import level
from training.few_shot import FewShot
from training.followups import FollowUps
from training.material import Material, Source
from training.pairs import write_pairs
from training.paraphrase import Ask, Paraphraser
from training.plan import Plan
from training.recovery import Recovery
from training.synthesis import Row
from training.taught import KIND as TAUGHT
from training.taught import Taught, canonical_golds
from training.unanswerable import Unanswerable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from training.network import Specialist
    from training.rows import Encoded

HELD_OUT = 800
BESIDE = (recovery.KIND, unanswerable.KIND, followups.KIND, followups.EDIT, few_shot.KIND)
FEW_SHOT_MORE = 4
RECOVERED = 10
"""So often an epoch shows what a person corrected, beside the right pair itself."""

LAST_RATE = 0.3
"""Of the highest rate: with it the model's own mistakes are taught, after the three phases."""

MOST_TOLD = 5

Report = Callable[[str], None]


def specialise(
    source: Source,
    work: Path,
    target: Path,
    plan: Plan,
    report: Report = print,
    golds: Sequence[str] = (),
    ask: Ask | None = None,
) -> None:
    """Make `target` (GGUF) and, beside it, its .pairs.jsonl and the plan as .recipe.json.

    `work` keeps corpus and checkpoint. `golds` are statements of the suites: none is taught as it stands.
    `ask` is the chat model that words questions anew, if the plan wants that.
    """
    from training.begin import begun
    from training.export import export, quantise
    from training.rows import Rows
    from training.together import Together
    from training.tokenizer import end_of
    from training.train import train
    from training.verify import agreement

    together = Together()
    report = together.told_by_first(report)
    with together.one_by_one():
        work.mkdir(parents=True, exist_ok=True)
        report(f"synthesis: {plan.rows:,} rows, {plan.processes} processes")
        write_corpus(source, work / "corpus", plan.rows, plan.seed, plan.processes, report)
    rows = list(read_corpus(work / "corpus"))
    material = Material(source)
    if material.left_out:
        told = ", ".join(material.left_out[:MOST_TOLD])
        report(
            f"synthesis: left out {told}{', ...' * (len(material.left_out) > MOST_TOLD)}: marks in the name"
        )
    barred = frozenset(canonical_golds(golds, material))
    held_out, plain = split(without(rows, barred), plan.seed)
    verified = _verified(material, len(plain), plan, report)
    with together.one_by_one():
        plain += _worded_anew(work / "paraphrases.jsonl", material, plain, plan, ask, report)
        beside = without(_beside(work / "beside.jsonl", material, plain, plan, report), barred)
        network, tokenizer = begun(work, rows, material, plan)
    known = _encoded((*plain, *verified, *beside), network, tokenizer)
    asked = Rows.of(made for _, made in _encoded(held_out, network, tokenizer))
    report(f"training: {len(known):,} rows, {len(asked):,} held out, {tokenizer.get_vocab_size():,} tokens")
    levels = [] if plan.goes_on else [level(row) for row, _ in known]
    shares = plan.recipe.minutes * (1 - plan.beside.own), plan.recipe.minutes * plan.beside.own
    first = replace(plan.recipe, minutes=shares[0])
    taught = Rows.of(made for _, made in known)
    train(network, end_of(tokenizer), taught, asked, work, first, report, levels)
    if shares[1]:
        with together.one_by_one():
            own = _own_mistakes(work, network, tokenizer, known, material, plan, report)
        last = replace(first, minutes=shares[1], rate=first.rate * LAST_RATE, warmup=20)
        taught = Rows.of(made for _, made in (*known, *own))
        train(network, end_of(tokenizer), taught, asked, work / "recovery", last, report)
    if not together.first:
        return
    float_file = work / "float.gguf"
    export(network, tokenizer, float_file, _facts(material, rows, plan))
    target.parent.mkdir(parents=True, exist_ok=True)
    quantise(float_file, target, plan.quantised)
    float_file.unlink()
    agreed = agreement(network, tokenizer, target, held_out)
    report(f"check: {agreed}")
    write_pairs(plain, target.with_suffix(".pairs.jsonl"), plan.pairs)
    facts = asdict(plan) | {
        "start": Path(plan.start).name,
        "corpus": _hash(rows),
        "taught": dict(Counter(_kind(row) for row, _ in known)),
        "examples": dict(Counter(example.origin for example in material.examples)),
        "agreement": asdict(agreed),
    }
    target.with_suffix(".recipe.json").write_text(json.dumps(facts, indent=2) + "\n")
    report(f"wrote {target.name}, {target.stat().st_size / 1e6:.1f} MB")


def without(rows: list[Row], barred: Set[str]) -> list[Row]:
    """The rows whose SQL is none of these golds, which are in the canonical form."""
    return [row for row in rows if row.target not in barred]


def _verified(material: Material, synthetic: int, plan: Plan, report: Report) -> list[Row]:
    """Rows of the team's examples, as many as the plan says and the examples give."""
    lessons = Taught(material, material.examples, plan.seed)
    rows = lessons.rows(round(synthetic * plan.taught_share / (1 - plan.taught_share)))
    rows += list(lessons.recoveries()) * RECOVERED
    if material.examples:
        report(f"examples: {len(rows):,} rows of {len(material.examples):,}, {len(lessons.left)} left out")
    for left in lessons.left[:MOST_TOLD]:
        report(f"examples: left out {left.example.question!r}, {left.why}")
    return rows


def _worded_anew(
    path: Path, material: Material, rows: list[Row], plan: Plan, ask: Ask | None, report: Report
) -> list[Row]:
    """One question of each query, of as many queries as the plan says."""
    if ask is None or not plan.paraphrases:
        return []
    chosen = list({row.target: row for row in rows}.values())[: plan.paraphrases]
    report(f"paraphrases: {len(chosen):,} questions are worded anew")
    made = list(Paraphraser(material, ask).rows(chosen, path))
    report(f"paraphrases: {len(made):,} rows")
    return made


def _beside(path: Path, material: Material, rows: list[Row], plan: Plan, report: Report) -> list[Row]:
    """Rows of recovery, of what cannot be answered, of follow-ups and behind examples; made once and kept in
    `path`.
    """
    if not path.exists():
        wanted, seed = plan.beside, plan.seed

        def count(share: float, times: int = 1) -> int:
            return min(wanted.most * times, round(len(rows) * share))

        write_rows(
            path,
            (
                *Recovery(material, seed).rows(rows, count(wanted.recovery)),
                *Unanswerable(material, seed).rows(count(wanted.unanswerable)),
                *FollowUps(material, seed).rows(rows, count(wanted.followups)),
                *FewShot(material, seed).rows(rows, count(wanted.few_shot, FEW_SHOT_MORE)),
            ),
        )
    made = list(read_rows(path))
    kinds = Counter(row.kind for row in made)
    told = ", ".join(f"{kinds[kind]:,} {kind}" for kind in sorted(kinds))
    report(f"synthesis: beside them {told or 'nothing'}")
    return made


def _encoded(
    rows: Sequence[Row], network: "Specialist", tokenizer: "Tokenizer"
) -> "list[tuple[Row, Encoded]]":
    """Those that fit into the network's context."""
    from training.rows import encode_all

    made = encode_all(
        tokenizer, [(row.prompt, row.target) for row in rows], network.config.max_position_embeddings
    )
    return [(row, found) for row, found in zip(rows, made, strict=True) if found is not None]


def _own_mistakes(
    work: Path,
    network: "Specialist",
    tokenizer: "Tokenizer",
    known: "list[tuple[Row, Encoded]]",
    material: Material,
    plan: Plan,
    report: Report,
) -> "list[tuple[Row, Encoded]]":
    """Rows of recovery from what the network gets wrong after the three phases; found once and kept."""
    from training.mistakes import mistakes
    from training.rows import Rows

    path = work / "recovery" / "mistakes.jsonl"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        plain = [(row, made) for row, made in known if row.kind not in BESIDE]
        encoded = Rows.of(made for _, made in plain)
        found = mistakes(network, tokenizer, [row for row, _ in plain], encoded, plan.seed)
        write_rows(path, Recovery(material, plan.seed).of_mistakes(found))
    rows = list(read_rows(path))
    report(f"recovery: {len(rows):,} mistakes of its own")
    return _encoded(rows, network, tokenizer)


def _facts(material: Material, rows: list[Row], plan: Plan) -> dict[str, str]:
    """What the model file tells of its origin."""
    recovers = "yes" if plan.beside.recovery else "no"
    follows = "yes" if plan.beside.few_shot and plan.beside.followups else "no"
    schema, count = material.schema.fingerprint, str(len(rows))
    return {
        "format": "specialist",
        "schema": schema,
        "rows": count,
        "corpus": _hash(rows),
        "recovers": recovers,
        "follows": follows,
    }


def _hash(rows: Sequence[Row]) -> str:
    return hashlib.sha256("".join(r.prompt + r.target for r in rows).encode()).hexdigest()[:16]


def _kind(row: Row) -> str:
    """As the card counts them."""
    return row.kind if row.kind in (*BESIDE, TAUGHT) else "synthetic"


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
