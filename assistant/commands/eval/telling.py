"""How a finished run is told: on the terminal, as JSON, as a page, as JUnit."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.eval.options import By

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from evals.metrics.efficiency import Efficiency
    from evals.metrics.summary import Summary
    from evals.runs.info import Run


@dataclass(frozen=True)
class Telling:
    """What a person wants to hear of a run, and where."""

    as_json: bool = False
    show: bool = False
    by: tuple[By, ...] = (By.CATEGORY,)
    html: Path | None = None
    junit: Path | None = None
    timed: bool = False

    def check(self) -> None:
        """Raises ReportError where a file cannot be written, before anything long is begun."""
        from evals.reports.files import check_writable

        for path in (self.html, self.junit):
            if path:
                check_writable(path)

    def numbered(self, number: int) -> "Telling":
        """The same with files of its own, for one of several runs."""
        return replace(self, html=_numbered(self.html, number), junit=_numbered(self.junit, number))


def tell(workspace: "Workspace", runs: "Sequence[Run]", telling: Telling) -> None:
    """Tell each run; several ones are set beside each other at the end."""
    from rich.console import Console

    from evals.metrics.summary import summarise

    console, dialect = Console(), workspace.database.dialect
    summaries = [
        summarise(run, dialect=dialect, efficiency=_timed(workspace, run) if telling.timed else None)
        for run in runs
    ]
    for number, (run, summary) in enumerate(zip(runs, summaries, strict=True), 1):
        one = telling.numbered(number) if len(runs) > 1 else telling
        if one.as_json:
            from assistant.render.machine import dumps
            from evals.reports.machine import to_json

            print(dumps(to_json(run, summary)))
        else:
            from evals.reports.terminal import failures, show

            if number > 1:
                console.print()
            show(console, summary, by=one.by)
            if one.show:
                console.print()
                console.print(failures(run.scores))
        _write(run, summary, one, dialect)
    if len(runs) > 1 and not telling.as_json:
        from evals.reports.terminal import matrix

        console.print()
        console.print(matrix(summaries))


def _timed(workspace: "Workspace", run: "Run") -> "Efficiency":
    """Right answers against their golds, on the workspace's database; those of other databases stay out."""
    from evals.metrics.efficiency import measure

    return measure(run.scores, workspace.database, workspace.check_context)


def _write(run: "Run", summary: "Summary", telling: Telling, dialect: str) -> None:
    from evals.reports.files import write

    if telling.html:
        from evals.reports.page import run_page

        write(telling.html, run_page(run, summary, dialect=dialect))
        _written(telling.html)
    if telling.junit:
        from evals.reports.junit import to_junit

        write(telling.junit, to_junit(run))
        _written(telling.junit)


def _written(path: Path) -> None:
    print(f"Written: {path}", file=sys.stderr)


def _numbered(path: Path | None, number: int) -> Path | None:
    return path.with_name(f"{path.stem}-{number}{path.suffix}") if path else None
