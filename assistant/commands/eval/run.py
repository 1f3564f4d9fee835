"""`quarry eval run`: ask the questions of suites, with one model or several, in one set-up or several."""

import itertools
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.eval.options import (
    ByOption,
    DatabaseOption,
    HtmlOption,
    JunitOption,
    ShowOption,
    SuitesArgument,
)
from assistant.commands.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.workspace import Workspace
    from evals.runs.info import Run, RunInfo
    from evals.runs.pool import Pool
    from evals.runs.setup import Setup
    from evals.runs.store import RunStore
    from evals.runs.subject import Opener
    from evals.suite.case import Case


def run(
    suites: SuitesArgument = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            "-m",
            help="A GGUF file, or a chat model as in openai:NAME; without it, the one that answers now. "
            "Several make a run each.",
            show_default=False,
        ),
    ] = None,
    setup: Annotated[
        list[str] | None,
        typer.Option(
            help="Parts of the agent to leave out: single-shot, no-examples, no-rules ..., joined by +. "
            "Several make a run each.",
            show_default="full",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Questions asked at a time.")] = 1,
    repeats: Annotated[
        int, typer.Option(min=1, help="Times that each question is asked, for a model that samples.")
    ] = 1,
    variants: Annotated[
        int, typer.Option(min=0, help="Variants of the database on which an answer must be right as well.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="For models that draw lots.")] = 0,
    limit: Annotated[float, typer.Option(min=1, help="Seconds for a question.")] = 120,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the newest run of these that was stopped.")
    ] = False,
    ray: Annotated[bool, typer.Option("--ray", help="Ask on a Ray cluster; --jobs are its workers.")] = False,
    database: DatabaseOption = "",
    by: ByOption = None,
    show: ShowOption = False,
    html: HtmlOption = None,
    junit: JunitOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Ask each question, compare the rows with the known ones, and tell how many came out right.

    Each score is kept at once: a run that is stopped goes on with --resume.
    """
    from rich.console import Console

    from assistant.commands.eval.saved import saved
    from assistant.commands.eval.telling import Telling, tell
    from assistant.planning import plan_run
    from assistant.workspace import Workspace
    from evals.runs.setup import parse_setup
    from evals.suite.case import load_suites
    from evals.suite.find import find_suites

    setups = [parse_setup(text) for text in setup or ["full"]]
    plans = list(dict.fromkeys(itertools.product(model or [""], setups)))
    telling = Telling(as_json, show, tuple(by or Telling.by), html, junit)
    for number in range(1, len(plans) + 1) if len(plans) > 1 else ():
        telling.numbered(number).check()
    telling.check()
    with Workspace.open(workspace) as opened, saved(opened) as store:
        paths = find_suites(suites or (), opened.folder / "evals")
        terms = _Terms(
            cases=load_suites(paths, database),
            suites=tuple(path.stem for path in paths),
            jobs=jobs,
            repeats=repeats,
            variants=variants,
            seed=seed,
            limit_s=limit,
            ray=ray,
        )
        infos = [
            plan_run(opened, *plan, terms.suites, seed=seed, repeats=repeats, variants=variants)
            for plan in plans
        ]
        known = _begun(store, infos) if resume else {}
        console = Console(stderr=True)
        made = [
            _run(opened, store, terms, *plan, known.get(info.id, info), console)
            for plan, info in zip(plans, infos, strict=True)
        ]
        tell(opened, made, telling)
        _warn(made)


@dataclass(frozen=True)
class _Terms:
    """What all runs of one call have in common."""

    cases: "tuple[Case, ...]"
    suites: tuple[str, ...]
    jobs: int
    repeats: int
    variants: int
    seed: int
    limit_s: float
    ray: bool


def _run(
    workspace: "Workspace",
    store: "RunStore",
    terms: _Terms,
    model: str,
    setup: "Setup",
    info: "RunInfo",
    console: "Console",
) -> "Run":
    from assistant.subject import opener
    from evals.reports.progress import watch
    from evals.runs.run import run_suites

    if info.finished:
        print(f"The run {info.id} of {info.model}, {info.setup}, is whole already.", file=sys.stderr)
        return store.get(info.id)
    opened = opener(workspace.folder, model, setup, variants=terms.variants, seed=terms.seed)
    pool = _fleet(opened, terms.jobs) if terms.ray else None
    try:
        with watch(console, len(terms.cases) * terms.repeats, f"{info.model}, {info.setup}") as progress:
            return run_suites(
                opened,
                terms.cases,
                info,
                store,
                jobs=terms.jobs,
                limit_s=terms.limit_s,
                progress=progress,
                pool=pool,
            )
    except KeyboardInterrupt:
        print(
            f"The run {info.id} is kept as far as it came; the same command with --resume goes on.",
            file=sys.stderr,
        )
        raise
    finally:
        if pool:
            pool.close()


def _begun(store: "RunStore", wanted: "list[RunInfo]") -> "dict[str, RunInfo]":
    """By the id of each wanted run, the kept one to go on with: the newest of the same that was stopped.

    Where one of several was stopped, those that had come to their end before it are taken as they are.
    """
    from dataclasses import replace

    kept = {
        info.id: [
            one
            for one in store.all()
            if replace(one, id=info.id, suites=info.suites, started=None, finished=None) == info
            and set(one.suites) == set(info.suites)
        ]
        for info in wanted
    }
    stopped = {key: next((one for one in runs if not one.finished), None) for key, runs in kept.items()}
    begun = {key: one for key, one in stopped.items() if one}
    if not begun:
        print("No such run was stopped; this is a new one.", file=sys.stderr)
        return {}
    for one in begun.values():
        print(f"Going on with the run {one.id}.", file=sys.stderr)
    return {key: runs[0] for key, runs in kept.items() if runs} | begun


def _fleet(opened: "Opener", jobs: int) -> "Pool":
    from evals.runs.fleet import fleet

    return fleet(opened, jobs)


def _warn(runs: "list[Run]") -> None:
    for one in runs:
        if one.info.finished is None:
            print(
                f"The run {one.info.id} is not whole; the same command with --resume goes on.",
                file=sys.stderr,
            )
