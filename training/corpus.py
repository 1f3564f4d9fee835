"""The rows on disk: written by several processes at once, resumable part by part."""

import json
import multiprocessing
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from training.material import Material, Source, practice_folder
from training.synthesis import Row

PART = 10_000


def write_corpus(
    source: Source, folder: Path, rows: int, seed: int, processes: int, report: Callable[[str], None] = print
) -> None:
    """Write `rows` rows as parts of PART rows into `folder`; parts that are there already stay."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = range((rows + PART - 1) // PART)
    missing = [n for n in wanted if not (folder / f"part-{n:04d}.jsonl").exists()]
    if not missing:
        return
    jobs = [(source, folder, n, seed, min(PART, rows - n * PART)) for n in missing]
    try:
        with multiprocessing.get_context("spawn").Pool(processes, _leave_interrupts) as pool:
            for count, told in enumerate(pool.imap_unordered(_write_part, jobs), 1):
                report(f"synthesis: part {count} of {len(missing)}; {told}")
    finally:
        shutil.rmtree(practice_folder(source), ignore_errors=True)


def _leave_interrupts() -> None:
    """Ctrl-C is the first process's affair; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write_part(job: tuple[Source, Path, int, int, int]) -> str:
    source, folder, number, seed, count = job
    synthesiser = _material(source).synthesiser(seed * 100_003 + number)
    path = folder / f"part-{number:04d}.jsonl"
    write_rows(path, islice(synthesiser.rows(), count))
    return f"dropped so far: {dict(synthesiser.dropped)}"


_opened: dict[Source, Material] = {}


def _material(source: Source) -> Material:
    """One per process: opening costs more than a thousand rows."""
    if source not in _opened:
        _opened[source] = Material(source)
    return _opened[source]


def read_corpus(folder: Path) -> Iterator[Row]:
    """All rows, in the order of the parts."""
    for path in sorted(folder.glob("part-*.jsonl")):
        yield from read_rows(path)


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """All or nothing: a file that is there is whole."""
    with path.with_suffix(".tmp").open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
    path.with_suffix(".tmp").replace(path)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of one file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Row(**json.loads(line))
