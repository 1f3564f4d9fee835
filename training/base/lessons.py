"""A lesson: one schema's pieces and the rows that are asked of it. Lessons are written part by part."""

import json
import multiprocessing
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from knowledge.errors import QuarryError
from training.base.inventing import TODAY, invent
from training.few_shot import FewShot
from training.followups import EDIT, FollowUps
from training.material import Material, Source
from training.pieces import Piece, head, pieces_of

PART = 50  # schemas of one part
FEW_SHOT, EDITS = 0.3, 0.2
"""Of a schema's plain questions: as many more behind an example, and as many follow-ups."""


@dataclass(frozen=True)
class Lesson:
    """`head` is the schema as text of its pieces; `rows` are (prompt, target)."""

    name: str
    pieces: tuple[Piece, ...]
    head: str
    rows: tuple[tuple[str, str], ...]


def write_lessons(
    folder: Path, schemas: int, rows: int, seed: int, processes: int, report: Callable[[str], None] = print
) -> None:
    """Invent `schemas` databases and ask about `rows` questions of each; parts that are there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = range((schemas + PART - 1) // PART)
    jobs = [
        (folder, n, min(PART, schemas - n * PART), seed, rows)
        for n in wanted
        if not (folder / f"invented-{n:04d}.jsonl").exists()
    ]
    if not jobs:
        return
    with multiprocessing.get_context("spawn").Pool(processes, _leave_interrupts) as pool:
        for count, told in enumerate(pool.imap_unordered(_write_part, jobs), 1):
            report(f"schemas: part {count} of {len(jobs)}, {told}")


def _leave_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write_part(job: tuple[Path, int, int, int, int]) -> str:
    folder, number, size, seed, count = job
    path = folder / f"invented-{number:04d}.jsonl"
    rows = schemas = 0
    with path.with_suffix(".tmp").open("w", encoding="utf-8") as file:
        for place in range(size):
            lesson = _lesson(folder / f"work-{number}", seed * 1_000_003 + number * PART + place, count)
            if lesson is not None:
                file.write(json.dumps(asdict(lesson), ensure_ascii=False) + "\n")
                rows, schemas = rows + len(lesson.rows), schemas + 1
    shutil.rmtree(folder / f"work-{number}", ignore_errors=True)
    path.with_suffix(".tmp").replace(path)
    return f"{schemas} schemas, {rows:,} rows"


def _lesson(work: Path, seed: int, count: int) -> Lesson | None:
    """None where the database is too thin to ask anything of."""
    shutil.rmtree(work, ignore_errors=True)
    name = invent(seed, work)
    source = Source("sqlite:///database.sqlite", work, work, TODAY, work)
    rng = random.Random(seed)
    try:
        material = Material(source)
        stream = material.synthesiser(seed).rows()
        rows = list(islice(stream, rng.randint(count // 2, count * 3 // 2)))
        rows += [
            *FewShot(material, seed).rows(rows, round(len(rows) * FEW_SHOT)),
            *(
                row
                for row in FollowUps(material, seed).rows(rows, round(len(rows) * EDITS))
                if row.kind == EDIT
            ),
        ]
    except QuarryError:
        return None
    schema = material.catalogue.schema
    shown = tuple((row.prompt, row.target) for row in rows)
    return Lesson(f"{name} {seed}", tuple(pieces_of(material.catalogue)), head(schema), shown)


def read_lessons(folder: Path) -> Iterator[Lesson]:
    """All lessons of a folder, in the order of their files."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for line in file:
                told = json.loads(line)
                pieces = tuple(Piece(**piece) for piece in told["pieces"])
                rows = tuple((prompt, target) for prompt, target in told["rows"])
                yield Lesson(told["name"], pieces, told["head"], rows)
