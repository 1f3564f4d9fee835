"""Make Quarry's base: invent schemas, read the corpora, train, write one file. Each step resumes."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tokenizers import Tokenizer

from graph.specialist import question_of
from knowledge.embedder import Embedder, MiniLM
from training.base.corpora import spider, wikisql
from training.base.examples import behind_nearest
from training.base.file import load_base, save_base
from training.base.learn import Packing, learn
from training.base.lessons import Lesson, read_lessons, write_lessons
from training.base.network import Base
from training.base.packing import course
from training.network import Shape, make_network, shape_of, start_from_minilm
from training.standing import Recipe
from training.tokenizer import FIXED, end_of, load_tokenizer, train_tokenizer

HELD_OUT = 40  # invented schemas, at most a quarter of them
PEOPLE = 8  # databases of Spider's, at most a quarter
TIMES = 4  # so often an epoch shows what people ask of whole databases, each time behind other examples


@dataclass(frozen=True)
class BasePlan:
    """How much to invent and how to train. `rows` are questions of each schema, in the middle. `start` is the
    file of a base that is trained further; without it the base begins with random weights.
    """

    schemas: int = 2400
    rows: int = 110
    seed: int = 7
    processes: int = 2
    vocabulary: int = 3500
    shape: Shape = field(default_factory=Shape)
    recipe: Recipe = field(default_factory=Recipe)
    packing: Packing = field(default_factory=Packing)
    start: str = ""


def make_base(
    work: Path, corpora: Path | None, target: Path, plan: BasePlan, report: Callable[[str], None] = print
) -> None:
    """Write `target`. `corpora` is the folder with Spider and WikiSQL; without it all is invented."""
    folder = work / "lessons"
    write_lessons(folder, plan.schemas, plan.rows, plan.seed, plan.processes, report)
    if corpora is not None:
        _of_people(corpora, folder)
    lessons = list(read_lessons(folder))
    taught, held_out, people = split(lessons)
    base, tokenizer = _begun(work, taught, plan)
    counts = f"{sum(len(x.rows) for x in taught):,} rows of {len(taught):,} schemas"
    others = f"{len(held_out) + len(people)} held out, {tokenizer.get_vocab_size():,} tokens"
    report(f"base: {counts}, {others}")
    embedder = MiniLM()
    shown = [x for lesson in taught for x in _as_shown(lesson, embedder)]
    learn(
        base,
        [course(lesson, tokenizer) for lesson in shown],
        {
            "invented": [course(lesson, tokenizer) for lesson in held_out],
            "people": [course(lesson, tokenizer) for lesson in people],
            "behind_example": [course(x, tokenizer) for own in people for x in behind_nearest(own, embedder)],
        },
        end_of(tokenizer),
        work,
        plan.recipe,
        plan.packing,
        report,
    )
    texts = "".join(prompt + target for lesson in taught for prompt, target in lesson.rows)
    curve = [json.loads(line) for line in (work / "log.jsonl").read_text().splitlines()]
    facts = {
        "plan": json.dumps(asdict(replace(plan, shape=shape_of(base.network), start=Path(plan.start).name))),
        "data": hashlib.sha256(texts.encode()).hexdigest()[:16],
        "rows": str(sum(len(lesson.rows) for lesson in taught)),
        "curve": json.dumps([told for told in curve if "invented" in told]),
    }
    save_base(base, tokenizer, target, facts)
    report(f"wrote {target.name}, {target.stat().st_size / 1e6:.1f} MB")


def split(lessons: Sequence[Lesson]) -> tuple[list[Lesson], list[Lesson], list[Lesson]]:
    """(taught, held-out invented, held-out of people): no held-out schema is taught."""
    invented = [lesson.name for lesson in lessons if not lesson.name.startswith(("spider ", "wikisql "))]
    asked = sorted(lesson.name for lesson in lessons if lesson.name.startswith("spider "))
    last = set(invented[len(invented) - min(HELD_OUT, len(invented) // 4) :])
    drawn = set(random.Random(7).sample(asked, min(PEOPLE, len(asked) // 4)))
    return (
        [lesson for lesson in lessons if lesson.name not in last | drawn],
        [lesson for lesson in lessons if lesson.name in last],
        [lesson for lesson in lessons if lesson.name in drawn],
    )


def _of_people(corpora: Path, folder: Path) -> None:
    path = folder / "people.jsonl"
    if path.exists():
        return
    with path.with_suffix(".tmp").open("w", encoding="utf-8") as file:
        for lesson in (*spider(corpora), *wikisql(corpora)):
            file.write(json.dumps(asdict(lesson), ensure_ascii=False) + "\n")
    path.with_suffix(".tmp").replace(path)


def _as_shown(lesson: Lesson, embedder: Embedder) -> Iterator[Lesson]:
    """What an epoch shows of a lesson."""
    if not lesson.name.startswith("spider "):
        yield lesson
        return
    for behind in behind_nearest(lesson, embedder, TIMES):
        yield replace(lesson, rows=lesson.rows + behind.rows)


def _begun(work: Path, lessons: Sequence[Lesson], plan: BasePlan) -> tuple[Base, Tokenizer]:
    if plan.start:
        base, tokenizer, _ = load_base(Path(plan.start))
        return base, tokenizer
    tokenizer = _tokenizer(work / "tokenizer.json", lessons, plan)
    base = Base(make_network(tokenizer, plan.shape, plan.seed))
    if not (work / "checkpoint.pt").exists():
        start_from_minilm(base.network, tokenizer, {})
    return base, tokenizer


def _tokenizer(path: Path, lessons: Sequence[Lesson], plan: BasePlan) -> Tokenizer:
    if not path.exists():
        train_tokenizer(_texts(lessons), list(FIXED), plan.vocabulary).save(str(path))
    return load_tokenizer(path)


def _texts(lessons: Sequence[Lesson]) -> Iterator[str]:
    """Questions, and the words of names: what the shared tokens have to spell."""
    for lesson in lessons:
        for prompt, _ in lesson.rows:
            yield " " + question_of(prompt)
        yield from (f" {words}" for piece in lesson.pieces for words in (piece.own, piece.of))
