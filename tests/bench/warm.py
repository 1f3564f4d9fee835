"""A process that answers the bench's questions and times each: `python -m tests.bench.warm FOLDER`.

It prints one JSON object: `questions`, each with its parts in seconds, and `peak`, the bytes of memory that
it and the processes it started took at most.
"""

import io
import json
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from knowledge.errors import QuarryError
from tests.bench.places import ROOT, questions

if TYPE_CHECKING:
    from assistant.workspace import Workspace

_WARMING_UP = 3


@cache
def answered(folder: Path) -> dict[str, Any]:
    """What such a process tells; it runs once for all parts of the bench that want to know."""
    command = [sys.executable, "-m", "tests.bench.warm", str(folder)]
    told = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def ask(workspace: "Workspace", question: str) -> dict[str, Any]:
    """One question as `quarry chat` takes it: asked, kept, shown."""
    from rich.console import Console

    from assistant.answering import reply
    from assistant.render.terminal import show

    begun = time.perf_counter()
    said = reply(workspace, question)
    show(Console(file=io.StringIO(), width=100), said)
    whole = time.perf_counter() - begun
    split = said.split
    return {
        "question": question,
        "outcome": type(said.outcome).__name__,
        "whole": whole,
        "retrieval": split.retrieval,
        "model": split.model,
        "database": split.database,
        "rest": whole - split.retrieval - split.model - split.database,
    }


def peak_memory() -> int:
    """The most bytes that this process and its children had resident; outside Linux, what they have now."""
    me = psutil.Process()
    return sum(_peak(process) for process in (me, *me.children(recursive=True)))


def _peak(process: psutil.Process) -> int:
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return int(process.memory_info().rss)
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    from assistant.workspace import Workspace

    asked = questions()
    with Workspace.open(Path(sys.argv[1])) as workspace:
        for question in asked[:_WARMING_UP]:
            ask(workspace, question)
        told = [ask(workspace, question) for question in asked]
        print(json.dumps({"questions": told, "peak": peak_memory()}))


if __name__ == "__main__":
    try:
        main()
    except QuarryError as error:
        sys.exit(str(error))
