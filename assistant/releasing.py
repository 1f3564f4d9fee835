"""From a model to a verdict, and from a good verdict to a release: what `quarry release` does."""

import datetime as dt
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.measuring import Terms, measure
from evals.releases.candidate import Candidate, candidate
from evals.releases.checksum import sha256
from evals.releases.decision import Decision
from evals.releases.gate import decide
from evals.releases.registry import Release
from evals.releases.verdicts import keep_verdict, verdict_json
from evals.runs.info import Run
from evals.runs.store import RunStore
from evals.suite.case import load_suites
from evals.suite.find import find_suites
from knowledge.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.workspace import Workspace


@dataclass(frozen=True)
class Incumbent:
    """The model that answers now. `release` is empty where it is that of quarry.toml."""

    release: str
    setting: str
    name: str


@dataclass(frozen=True)
class Verdict:
    """What the gate said, of which runs, and where it is written. `release` is set where it was shipped."""

    candidate: Candidate
    incumbent: Incumbent | None
    run: Run
    against: Run | None
    decision: Decision
    written: Path | None = None
    release: Release | None = None

    @property
    def base(self) -> str:
        return self.incumbent.release if self.incumbent else ""

    def to_json(self) -> dict[str, object]:
        return {
            **verdict_json(self.candidate, self.decision, self.run, self.against, self.base),
            "release": self.release.name if self.release else None,
            "written": str(self.written) if self.written else None,
        }


def find_candidate(workspace: "Workspace", model: str) -> Candidate:
    """The model that a person named: a .gguf file, here or in the workspace, or provider:name.

    Raises ModelError.
    """
    if not model.lower().endswith(".gguf"):
        if ":" in model:
            return candidate(model)
        if model in workspace.registry.names():
            raise ModelError(f"{model} is a release already; `quarry rollback {model}` lets it answer again.")
        raise ModelError(f"{model!r} is neither a .gguf file nor provider:name; name one of these.")
    given = Path(model).expanduser()
    places = (given, workspace.folder / given)
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        raise ModelError(
            f"There is no model file {model}, neither here nor in {workspace.folder}; name another."
        )
    return candidate(found.resolve())


def find_incumbent(workspace: "Workspace", one: Candidate) -> Incumbent | None:
    """The model that answers now; None where none can, or where that is the candidate itself, unreleased.

    Raises ModelError where a release answers of which a file is not the one released, or which is the
    candidate.
    """
    now = workspace.registry.current()
    if now is not None:
        workspace.registry.verify(now)
        if _same(one, now):
            raise ModelError(f"{one.name} is {now.name}, the release that answers; there is nothing to do.")
        return Incumbent(now.name, str(now.model), f"{now.name} ({now.card.model})")
    setting = workspace.settings.model
    path = workspace.folder / setting
    if setting.lower().endswith(".gguf"):
        if not path.is_file() or sha256(path) == one.checksum:
            return None
        return Incumbent("", setting, f"{path.name} of quarry.toml")
    return Incumbent("", setting, f"{setting} of quarry.toml") if setting not in ("", one.model) else None


def weigh(
    workspace: "Workspace", one: Candidate, incumbent: Incumbent | None, terms: Terms, console: "Console"
) -> Verdict:
    """Run the suites on both models, each question the same, and hear what the gate says. Nothing switches.

    `console` hears how far it is. Raises SettingsError for the suites, and what keeps a run from being made.
    """
    paths = find_suites(terms.suites, workspace.folder / "evals")
    cases, names = load_suites(paths), tuple(path.stem for path in paths)
    if not cases:
        raise SettingsError("The suites hold no cases; write some, or name others with --suites.")
    against = None
    with closing(RunStore.in_file(workspace.state / "evals.sqlite")) as store:
        if incumbent:
            against = measure(workspace, incumbent.setting, cases, names, terms, store, console)
        run = measure(workspace, str(one.model), cases, names, terms, store, console)
    return Verdict(one, incumbent, run, against, decide(run, against, delta=terms.delta))


def settle(workspace: "Workspace", verdict: Verdict) -> Verdict:
    """Write the verdict down; where it ships, make the release and switch to it. Raises ModelError."""
    registry = workspace.registry
    said = verdict_json(verdict.candidate, verdict.decision, verdict.run, verdict.against, verdict.base)
    written = keep_verdict(registry.folder / "verdicts", said, dt.datetime.now(dt.UTC))
    if not verdict.decision.ships:
        registry.turned_down(verdict.candidate, verdict.decision, written.name)
        return replace(verdict, written=written)
    release = registry.release(
        verdict.candidate,
        verdict.run,
        verdict.decision,
        base=verdict.base,
        base_run=verdict.against.info.id if verdict.against else "",
        verdict=written.name,
    )
    return replace(verdict, written=written, release=release)


def _same(one: Candidate, release: Release) -> bool:
    """The very files of a release, or its chat model."""
    if not isinstance(one.model, Path):
        return one.model == release.model
    files = [file.sha256 if file else "" for file in (release.card.model_file, release.card.pairs_file)]
    return files == [one.checksum, one.pairs_checksum]
