"""`quarry eval lint`: faults of suites that would make their scores lie."""

from typing import TYPE_CHECKING

import typer

from assistant.commands.eval.options import DatabaseOption, SuitesArgument
from assistant.commands.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from evals.suite.problem import Problem


def lint(
    suites: SuitesArgument = None,
    database: DatabaseOption = "",
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Look for faults of suites: golds that fail, are empty or cut a tie; questions twice, or taught.

    Exit code 1 where there are faults; hints alone do no harm. No question is asked.
    """
    from contextlib import ExitStack

    from assistant.workspace import Workspace
    from evals.suite.case import load_suites
    from evals.suite.find import find_suites
    from evals.suite.lint import lint as faults_of

    with Workspace.open(workspace) as opened, ExitStack() as stack:
        cases = load_suites(find_suites(suites or (), opened.folder / "evals"), database)
        variants = [opened.open_other(url) for url in opened.variants]
        for variant in variants:
            stack.callback(variant.close)
        problems = faults_of(
            cases,
            opened.database,
            opened.check_context,
            opened.examples,
            taught=opened.pairs,
            variants=variants,
        )
    _tell(len(cases), problems, as_json)
    if any(problem.level == "fault" for problem in problems):
        raise typer.Exit(1)


def _tell(cases: int, problems: "tuple[Problem, ...]", as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict

        from assistant.render.machine import dumps

        print(dumps({"cases": cases, "problems": [asdict(problem) for problem in problems]}))
        return
    for problem in problems:
        print(problem)
    faults = sum(problem.level == "fault" for problem in problems)
    hints = len(problems) - faults
    told = [_counted(cases, "case"), _counted(faults, "fault") if faults else "no faults"]
    print(", ".join(told + ([_counted(hints, "hint")] if hints else [])) + ".")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
