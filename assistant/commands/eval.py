"""`quarry eval`: score Quarry on a suite of questions with known answers."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from evals.reports.report import Report
    from evals.runs.score import Score
    from evals.suite.case import Case


def evaluate(
    suite: Annotated[
        str, typer.Argument(help="A suite in evals/ of the workspace, as in dev, or a YAML file.")
    ],
    as_json: JsonOption = False,
    show: Annotated[
        bool, typer.Option("--show", help="Show each case that was not right, with its SQL.")
    ] = False,
    lint: Annotated[
        bool, typer.Option("--lint", help="Look for faults of the suite; ask no question.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the latest run of this suite, which was stopped.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Ask the questions of a suite, compare the results with the known ones, tell the score by category."""
    from assistant.workspace import Workspace
    from evals.suite.case import load_suite

    with Workspace.open(workspace) as opened:
        path = Path(suite) if suite.endswith((".yaml", ".yml")) else opened.folder / "evals" / f"{suite}.yaml"
        cases = load_suite(path)
        if lint:
            _lint(opened, cases)
        else:
            _tell(_run(opened, path.stem, cases, resume), as_json, show)


def _run(workspace: "Workspace", suite: str, cases: "tuple[Case, ...]", resume: bool) -> "Report":
    from evals.reports.report import report
    from evals.runs.journal import Header, latest_run, run_path
    from evals.runs.run import run_suite

    now, runs = dt.datetime.now(), workspace.state / "runs"
    store = (latest_run(runs, suite) if resume else None) or run_path(runs, suite, now)
    agent = workspace.agent
    header = Header(suite, workspace.model.name, workspace.schema.fingerprint, f"{now:%Y-%m-%d %H:%M}")
    run = run_suite(
        agent.ask,
        workspace.database,
        cases,
        workspace.check_context,
        header=header,
        store=store,
        progress=_progress if sys.stderr.isatty() else None,
    )
    return report(run)


def _progress(score: "Score", number: int, total: int) -> None:
    end = "\n" if number == total else ""
    print(
        f"\r\033[K{number} of {total}: {score.case}, {score.verdict.value}",
        end=end,
        file=sys.stderr,
        flush=True,
    )


def _tell(scored: "Report", as_json: bool, show: bool) -> None:
    from evals.reports.report import failures, to_json, to_table

    if as_json:
        from assistant.render.machine import dumps

        print(dumps(to_json(scored)))
        return
    from rich.console import Console

    console = Console()
    console.print(to_table(scored))
    if show:
        console.print(failures(scored))


def _lint(workspace: "Workspace", cases: "tuple[Case, ...]") -> None:
    from evals.suite.lint import lint

    problems = lint(cases, workspace.database, workspace.check_context, workspace.examples)
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    print(f"{len(cases)} cases, no faults.")
