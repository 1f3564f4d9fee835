"""`quarry release`: let a model answer, if the suites show that it is no worse."""

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from assistant.releasing import Verdict
    from assistant.workspace import Workspace

REFUSED = 11
TOO_SMALL = 12


def release(
    model: Annotated[
        str,
        typer.Argument(help="A .gguf file, relative to here or to the workspace; or provider:name."),
    ],
    suites: Annotated[
        list[str] | None,
        typer.Option(
            "--suites",
            help="A suite of evals/, a pattern (dev*) or a file; may be repeated. Without it, all of evals/.",
            show_default=False,
        ),
    ] = None,
    delta: Annotated[
        float, typer.Option(min=0.1, max=50, help="Points of the score that a release may cost at most.")
    ] = 3.0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Questions asked at a time.")] = 1,
    repeats: Annotated[
        int, typer.Option(min=1, help="Times that each case is asked; 3 for a model that draws lots.")
    ] = 1,
    seed: Annotated[int, typer.Option(help="For models that draw lots.")] = 0,
    variants: Annotated[
        int, typer.Option(min=0, help="Variants of the database on which an answer has to be right as well.")
    ] = 0,
    again: Annotated[
        bool, typer.Option("--again", help="Ask both models anew, though runs of them are kept.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell the verdict; write nothing, switch nothing.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Show the SQL of each case that got worse.")] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Run the suites on a model and on the one that answers now; switch only if the gate says so.

    It ships if it loses fewer than --delta points with 95% confidence, passes
    every must_pass case, and presents no more wrong answers as right. The
    verdict is kept in .quarry/models/verdicts. A running assistant picks the
    release up by itself.

    Exit codes: 0 it ships, 11 it is refused, 12 the suites are too small to tell.
    """
    from rich.console import Console

    from assistant.measuring import Terms
    from assistant.releasing import find_candidate, find_incumbent, settle, weigh
    from assistant.workspace import Workspace

    terms = Terms(tuple(suites or ()), delta / 100, jobs, repeats, seed, variants, again)
    with Workspace.open(workspace) as opened:
        candidate = find_candidate(opened, model)
        incumbent = find_incumbent(opened, candidate)
        verdict = weigh(opened, candidate, incumbent, terms, Console(stderr=True))
        if not dry_run:
            verdict = settle(opened, verdict)
        _tell(opened, verdict, as_json, show)
    code = _code(verdict)
    if code:
        raise typer.Exit(code)


def _code(verdict: "Verdict") -> int:
    from evals.releases.decision import Ruling

    return {Ruling.SHIP: 0, Ruling.REFUSE: REFUSED, Ruling.TOO_SMALL: TOO_SMALL}[verdict.decision.verdict]


def _tell(workspace: "Workspace", verdict: "Verdict", as_json: bool, show: bool) -> None:
    if as_json:
        from assistant.render.machine import dumps

        print(dumps(verdict.to_json()))
        return
    from rich.console import Console

    from assistant.render.verdict import show_verdict

    console = Console()
    show_verdict(console, verdict, workspace.database.dialect, sql=show)
    if verdict.release:
        console.print(f"{verdict.release.name} answers now; `quarry rollback` goes back.", highlight=False)
    elif verdict.written is None:
        console.print("Nothing was changed (--dry-run).", highlight=False)
    else:
        now = verdict.incumbent.name if verdict.incumbent else "The model before"
        console.print(f"{now} goes on answering.", highlight=False)
    if verdict.against:
        console.print(
            f"Case by case: quarry eval compare {verdict.against.info.id} {verdict.run.info.id}",
            highlight=False,
            style="dim",
        )
