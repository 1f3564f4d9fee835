"""Any causal language model of Hugging Face's, adapted to the workspace with LoRA and merged at the end."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from knowledge.errors import TrainingError
from training.chat_rows import ChatRow, chat_rows
from training.corpus import read_corpus, write_corpus
from training.material import Material, Source
from training.rows import Encoded, Rows
from training.specialise import split, without
from training.standing import Recipe
from training.synthesis import Row
from training.taught import Taught, canonical_golds
from training.train import train

Report = Callable[[str], None]


@dataclass(frozen=True)
class LoraPlan:
    """`base` is a folder or a name of the hub; `rank` and `alpha` are LoRA's. `llama_cpp` is the folder of
    llama.cpp's source, whose converter then writes the file.
    """

    base: str
    rows: int = 20_000
    seed: int = 7
    processes: int = 2
    rank: int = 16
    alpha: int = 32
    longest: int = 1024
    quantised: str = "Q8_0"
    llama_cpp: str = ""
    recipe: Recipe = field(
        default_factory=lambda: Recipe(minutes=120, batch=16, micro=4, rate=2e-4, warmup=50)
    )


def adapt(
    source: Source,
    work: Path,
    target: Path,
    plan: LoraPlan,
    report: Report = print,
    golds: Sequence[str] = (),
) -> None:
    """Make `target` (GGUF) from a causal language model, and the merged model beside it.

    Raises TrainingError where the base cannot be loaded, or nothing can write its family as GGUF.
    """
    from training.convert import writer_for
    from training.export import quantise
    from training.together import Together

    together = Together()
    report = together.told_by_first(report)
    tokenizer, network = _loaded(plan.base)
    write = writer_for(network.config, plan.llama_cpp)
    with together.one_by_one():
        work.mkdir(parents=True, exist_ok=True)
        report(f"synthesis: {plan.rows:,} rows, {plan.processes} processes")
        write_corpus(source, work / "corpus", plan.rows, plan.seed, plan.processes, report)
    material = Material(source)
    barred = frozenset(canonical_golds(golds, material))
    held_out, taught = split(without(list(read_corpus(work / "corpus")), barred), plan.seed)
    taught += Taught(material, material.examples, plan.seed).rows(len(taught) // 4)
    rows, levels = _rows(material, taught, tokenizer, plan)
    asked, _ = _rows(material, held_out, tokenizer, plan)
    report(f"training: {len(rows):,} rows, {len(asked):,} held out, on {plan.base}")
    wrapped = _wrapped(network, plan)
    end = tokenizer.eos_token_id
    train(wrapped.base_model.model, end, Rows.of(rows), Rows.of(asked), work, plan.recipe, report, levels)
    if not together.first:
        return
    merged = wrapped.merge_and_unload()
    folder = target.with_suffix("")
    merged.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    plain = work / "float.gguf"
    write(merged, tokenizer, folder, plain)
    quantise(plain, target, plan.quantised)
    plain.unlink()
    target.with_suffix(".recipe.json").write_text(json.dumps(asdict(plan), indent=2) + "\n")
    size = target.stat().st_size / 1e6
    report(f"wrote {target.name}, {size:.1f} MB, and the merged model in {folder.name}/")


def _rows(
    material: Material, rows: Sequence[Row], tokenizer: Any, plan: LoraPlan
) -> tuple[list[Encoded], list[int]]:
    """Encoded, without those that are too long, and their levels."""
    made = [
        (_encoded(tokenizer, row, plan.longest), row.level) for row in chat_rows(material, rows, plan.seed)
    ]
    kept = [(encoded, level) for encoded, level in made if encoded is not None]
    if not kept:
        raise TrainingError(
            "No row is short enough for this model; raise `longest`, or describe fewer tables."
        )
    return [encoded for encoded, _ in kept], [level for _, level in kept]


def _wrapped(network: Any, plan: LoraPlan) -> Any:
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(plan.seed)
    modules = "all-linear"
    config = LoraConfig(r=plan.rank, lora_alpha=plan.alpha, target_modules=modules, task_type="CAUSAL_LM")
    return get_peft_model(network, config)


def _loaded(base: str) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(base)
        network = AutoModelForCausalLM.from_pretrained(base, dtype="auto")
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            f"{base} cannot be loaded ({str(error).splitlines()[0][:160]}); name the folder of a causal "
            "language model, or a name of the hub that this machine can reach."
        ) from error
    return tokenizer, network


def _encoded(tokenizer: Any, row: ChatRow, longest: int) -> Encoded | None:
    """As llama.cpp will be asked: by the model's own chat template, or plainly where it has none."""
    head, tail = row.prompt.head, row.prompt.tail
    if tokenizer.chat_template:
        said = [{"role": "system", "content": head}, {"role": "user", "content": tail}]
        text = tokenizer.apply_chat_template(said, add_generation_prompt=True, tokenize=False)
    else:
        text = f"{head}{tail}"
    prompt = tokenizer.encode(text, add_special_tokens=False)
    ids = [*prompt, *tokenizer.encode(row.sql, add_special_tokens=False), tokenizer.eos_token_id]
    return Encoded(ids, len(prompt)) if len(ids) <= longest else None
