"""How much memory a process takes that answers questions."""

from pathlib import Path

from tests.bench.row import Row
from tests.bench.warm import answered

TITLE = "Memory of a process that answers questions"
_MOST = 1.5e9


def measure(folder: Path) -> list[Row]:
    return [Row("most that was resident, with children", answered(folder)["peak"], "bytes", goal=_MOST)]
