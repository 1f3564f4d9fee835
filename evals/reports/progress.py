"""How far a run is: a bar on a terminal, a line for every tenth elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from evals.reports.wording import clean, duration
from evals.runs.run import Progress as Hear
from evals.runs.score import Score


@contextmanager
def watch(console: Console, total: int, said: str) -> Iterator[Hear]:
    """What `run_suites` tells its progress to; `said` names the run."""
    if console.is_terminal:
        with _bar(console) as bar:
            yield _Bar(bar, total, said)
    else:
        yield _Lines(console, said)


class _Bar:
    def __init__(self, bar: Progress, total: int, said: str) -> None:
        self._bar = bar
        self._task = bar.add_task(clean(said), total=total, told="", left="")
        self._count = _Count()

    def __call__(self, score: Score, done: int, total: int, seconds_left: float | None) -> None:
        self._count.add(score)
        self._bar.update(
            self._task, completed=done, total=total, told=self._count.told(), left=_left(seconds_left)
        )


class _Lines:
    def __init__(self, console: Console, said: str) -> None:
        self._console = console
        self._said = clean(said)
        self._tenths: int | None = None
        self._count = _Count()

    def __call__(self, score: Score, done: int, total: int, seconds_left: float | None) -> None:
        self._count.add(score)
        tenths = 10 * done // total
        if self._tenths is None:
            self._tenths = 10 * (done - 1) // total
        if tenths > self._tenths:
            self._tenths = tenths
            parts = (f"{self._said}: {done} of {total}", self._count.told(), _left(seconds_left))
            self._console.print(Text(", ".join(part for part in parts if part)), soft_wrap=True)


class _Count:
    """What came out right of what was heard of."""

    def __init__(self) -> None:
        self._right = self._scored = 0

    def add(self, score: Score) -> None:
        self._scored += score.scored
        self._right += score.scored and score.right

    def told(self) -> str:
        return f"{self._right} of {self._scored} right" if self._scored else ""


def _left(seconds: float | None) -> str:
    return f"about {duration(seconds)} left" if seconds else ""


def _bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}", markup=False),
        TextColumn("{task.fields[left]}", style="dim", markup=False),
        console=console,
        transient=True,
    )
