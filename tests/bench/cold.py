"""`quarry ask` as a process of its own, and the parts of its start."""

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.places import QUARRY, ROOT, questions
from tests.bench.row import Row, of_series

TITLE = "`quarry ask` from the shell"
_RUNS = 3
_MOST = 8.0
_FINE = (0, 10)
_NOTE = (
    "The parts are those of another fresh interpreter that opens them one after another; `quarry ask` does "
    "some side by side. All files are in the system's cache."
)


def measure(folder: Path) -> list[Row]:
    asked = questions()[:_RUNS]
    whole = [_ask(folder, question) for question in asked]
    parts = [_parts(folder, question) for question in asked]
    rows = [of_series(name, [run[name] for run in parts]) for name in parts[0]]
    return [*rows, of_series("quarry ask, the whole process", whole, goal=_MOST, note=_NOTE)]


def _ask(folder: Path, question: str) -> float:
    """Raises CalledProcessError where `quarry ask` fails; an answer that it does not know is none."""
    command = [QUARRY, "ask", "--workspace", str(folder), question]
    begun = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun
    if done.returncode not in _FINE:
        raise subprocess.CalledProcessError(done.returncode, command)
    return seconds


def _parts(folder: Path, question: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.opening", str(folder), question, str(time.time())]
    told = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found
