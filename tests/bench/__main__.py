"""Run the bench, or the parts of it that are named."""

import argparse
import os
import platform
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console

from tests.bench import (
    cancel,
    checks,
    cold,
    compare,
    constraint,
    log,
    material,
    memory,
    retrieval,
    slack,
    split,
)
from tests.bench.big import measure as big
from tests.bench.demo import workspace
from tests.bench.places import REPORT
from tests.bench.table import save, show

PARTS: dict[str, tuple[ModuleType, str]] = {
    "questions": (split, "Asking the bench's questions in a warm process"),
    "checks": (checks, "Checking the statements of the demo's suite"),
    "memory": (memory, "Looking at the memory that it took"),
    "cold": (cold, "Running `quarry ask` as a process of its own, and what it opens one by one"),
    "compare": (compare, "Comparing results of 10,000 and of a million rows"),
    "cancel": (cancel, "Cancelling running statements in four databases"),
    "retrieval": (retrieval, "Retrieving from a hundred and from a thousand tables in PostgreSQL"),
    "material": (material, "Making up questions and mining a query log"),
    "log": (log, "Filling a log with a million turns, on SQLite and on PostgreSQL"),
    "slack": (slack, "Asking in Slack, alone and with ten people"),
    "constraint": (constraint, "Holding models of two sizes to the schema"),
    "big": (big, "Reading and writing with a model of real size"),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = ", ".join(PARTS)
    parser.add_argument(
        "part",
        nargs="*",
        choices=[*PARTS, []],
        metavar="PART",
        help=f"one of {names}; all where none is named",
    )
    wanted = parser.parse_args().part or list(PARTS)
    console = Console()
    machine = _machine()
    if machine["load"] > 0.5:
        console.print(
            f"The machine is busy already (load {machine['load']:.1f} on {machine['cores']} cores): "
            "the times below are longer than those of an idle one.\n",
            style="yellow",
        )
    try:
        console.print("Making the demo workspace ready ...", style="dim")
        folder = workspace()
        for part in wanted:
            _run(console, part, folder, machine)
    except subprocess.CalledProcessError as problem:
        print(f"bench: this failed: {' '.join(map(str, problem.cmd))}", file=sys.stderr)
        return 1
    console.print(f"The figures are in {REPORT}.", style="dim")
    return 0


def _run(console: Console, part: str, folder: Path, machine: dict[str, Any]) -> None:
    module, doing = PARTS[part]
    console.print(f"{doing} ...", style="dim")
    rows = module.measure(folder)
    show(console, module.TITLE, rows)
    save(REPORT, part, rows, machine)


def _machine() -> dict[str, Any]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"cores": cores, "load": round(os.getloadavg()[0], 2), "python": platform.python_version()}


if __name__ == "__main__":
    sys.exit(main())
