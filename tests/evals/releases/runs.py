"""Runs written as text: one letter a case."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from evals.releases.candidate import Candidate, candidate
from evals.releases.decision import Decision
from evals.releases.gate import decide
from evals.releases.registry import Registry, Release
from evals.runs.info import Run, RunInfo
from evals.runs.score import Score
from evals.verdict import Verdict

WHEN = dt.datetime(2025, 11, 14, 12, tzinfo=dt.UTC)

LETTERS = {
    "o": (Verdict.EXACT, True, True),
    "x": (Verdict.WRONG, False, False),
    "p": (Verdict.WRONG, False, True),  # wrong, and presented as right
    "h": (Verdict.HARNESS_ERROR, False, False),
}


def case(letter: str, number: int, *, must_pass: bool = False, repeat: int = 0, **more: str) -> Score:
    verdict, right, presented = LETTERS[letter]
    made = Score(
        case=f"c{number}",
        question=f"question {number}",
        category="count" if number % 2 else "top",
        verdict=verdict,
        suite="dev",
        right=right,
        presented=presented,
        must_pass=must_pass,
        repeat=repeat,
        sql=f"SELECT {number}, '{letter}'",
        fingerprint=f"f{number}",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def run(letters: str, *, must_pass: str = "", info: RunInfo | None = None) -> Run:
    """'oox' is right, right, wrong; a 1 in `must_pass` marks the case at that place. 'oo/ox' has repeats."""
    repeats = letters.split("/")
    scores = [
        case(part[number], number, repeat=repeat, must_pass=must_pass[number : number + 1] == "1")
        for number in range(len(repeats[0]))
        for repeat, part in enumerate(repeats)
    ]
    return Run(info or RunInfo("run", ("dev",), "model"), tuple(scores))


def shipping() -> tuple[Run, Decision]:
    made = run("o" * 100)
    found = decide(made, made)
    assert found.ships
    return made, found


def model_file(folder: Path, write: Callable[..., Path], seed: int = 0, *, pairs: bool = True) -> Candidate:
    """A real model file of a few kilobytes, and what it was taught."""
    folder.mkdir(exist_ok=True)
    path = write(folder / f"tiny{seed}.gguf", format="specialist", seed=seed)
    if pairs:
        path.with_suffix(".pairs.jsonl").write_text('{"question": "how many", "sql": "SELECT 1"}\n')
    return candidate(path)


def release(registry: Registry, one: Candidate) -> Release:
    made, found = shipping()
    now = registry.current()
    return registry.release(one, made, found, base=now.name if now else "")
