"""A model's run on some suites, for the gate: a kept one where nothing changed since, or a new one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.pairs import pairs_path
from assistant.planning import plan_run
from assistant.subject import opener
from evals.releases.gate import DELTA
from evals.reports.progress import watch
from evals.runs.info import Run, RunInfo
from evals.runs.run import run_suites
from evals.runs.setup import Setup
from evals.runs.store import RunStore
from evals.suite.case import Case
from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.workspace import Workspace


@dataclass(frozen=True)
class Terms:
    """How models are measured, and the loss that the gate allows. `again` uses no run that is kept."""

    suites: tuple[str, ...] = ()
    delta: float = DELTA
    jobs: int = 1
    repeats: int = 1
    seed: int = 0
    variants: int = 0
    again: bool = False


def measure(
    workspace: "Workspace",
    setting: str,
    cases: Sequence[Case],
    suites: tuple[str, ...],
    terms: Terms,
    store: RunStore,
    console: "Console",
) -> Run:
    """The whole run of the model of `setting` on these cases, in the full set-up; `console` hears of it.

    Raises SettingsError where it could not be made whole, and what keeps it from being made.
    """
    wanted = plan_run(
        workspace, setting, Setup(), suites, seed=terms.seed, repeats=terms.repeats, variants=terms.variants
    )
    known = None if terms.again else _kept(store, wanted, _changed(workspace, setting))
    if known and known.finished:
        console.print(f"{known.model}: the run {known.id} is kept", highlight=False)
    opened = opener(workspace.folder, setting, Setup(), variants=terms.variants, seed=terms.seed)
    with watch(console, len(cases) * terms.repeats, wanted.model) as progress:
        run = run_suites(opened, cases, known or wanted, store, jobs=terms.jobs, progress=progress)
    if run.info.finished is None:
        whys = [score.why for score in run.scores if not score.scored and score.why] or ["cases are left"]
        raise SettingsError(
            f"The run {run.info.id} of {wanted.model} is not whole ({whys[-1]}); "
            "mend that, and the same command goes on where it stopped."
        )
    return run


def _kept(store: RunStore, wanted: RunInfo, changed: dt.datetime) -> RunInfo | None:
    """The newest run that is the same in all but its id. A finished one counts where model and data are
    files, which have checksums; one that was stopped is gone on with in any case.
    """
    for known in store.all():
        asked = replace(wanted, id=known.id, suites=known.suites, started=known.started)
        same = replace(asked, finished=known.finished) == known and set(known.suites) == set(wanted.suites)
        sure = bool(wanted.checksum and wanted.database) or known.finished is None
        if same and sure and known.started and known.started > changed:
            return known
    return None


def _changed(workspace: "Workspace", setting: str) -> dt.datetime:
    """When the knowledge, the settings, or what the model was taught were last written."""
    files = [*workspace.knowledge_paths, workspace.folder / "quarry.toml"]
    files.append(pairs_path(workspace.folder / setting))
    latest = max(path.stat().st_mtime for path in files if path.is_file())
    return dt.datetime.fromtimestamp(latest, dt.UTC)
