"""A model in a set-up, opened in a workspace for a run."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.foreign import foreign_workspace
from assistant.preparation import data_fingerprint
from assistant.settings import load_settings
from assistant.workspace import Workspace
from evals.runs.setup import Setup
from evals.runs.subject import Opener, Place
from evals.suite.case import Case
from knowledge.clock import FrozenClock
from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from knowledge.database import Database

MOST_FOREIGN = 4
"""Databases other than the workspace's that are kept open at a time."""


def opener(folder: Path, model: str, setup: Setup, *, variants: int = 0, seed: int = 0) -> Opener:
    """What opens `model` (without one, the model that answers now) in a worker of a run.

    `variants` is how many variants of the database a right answer has to be right on as well. `seed` reaches
    the models that draw lots.
    """
    return _Opening(folder, model, setup, variants, seed)


@dataclass(frozen=True)
class _Opening:
    folder: Path
    model: str
    setup: Setup
    variants: int
    seed: int

    def __call__(self) -> "WorkspaceSubject":
        workspace = Workspace(self.folder, load_settings(self.folder), model=self.model, seed=self.seed)
        workspace.prepare_alone()
        return WorkspaceSubject(workspace, self.setup, self.variants)


class WorkspaceSubject:
    """Asks a case where it belongs: in the workspace, on another day, or in a database of its own."""

    def __init__(self, workspace: Workspace, setup: Setup, variants: int = 0) -> None:
        self.workspace = workspace
        self.model = workspace.model.name
        self.setup = setup.name
        self.checksum = workspace.model_checksum
        self._setup = setup
        self._variants = variants
        self._places: dict[dt.date | None, Place] = {}
        self._days: list[Workspace] = []
        self._foreign: OrderedDict[tuple[str, dt.date | None], tuple[Workspace, Place]] = OrderedDict()

    def place(self, case: Case) -> Place:
        if case.database:
            return self._elsewhere(case)
        day = case.today if case.today != self.workspace.settings.today else None
        if day not in self._places:
            self._places[day] = self._place(self._on(day), self._variant_databases)
        return self._places[day]

    def close(self) -> None:
        for workspace in [*self._days, *(workspace for workspace, _ in self._foreign.values())]:
            workspace.close()
        for variant in self.__dict__.get("_variant_databases", ()):
            variant.close()
        self.workspace.close()

    def _on(self, day: dt.date | None) -> Workspace:
        if day is None:
            return self.workspace
        made = self.workspace.sibling(clock=FrozenClock(day))
        self._days.append(made)
        return made

    def _elsewhere(self, case: Case) -> Place:
        key = (case.database, case.today)
        if key not in self._foreign:
            made = foreign_workspace(self.workspace, case.database, case.today)
            self._foreign[key] = (made, self._place(made, ()))
            if len(self._foreign) > MOST_FOREIGN:
                _, (oldest, _) = self._foreign.popitem(last=False)
                oldest.close()
        self._foreign.move_to_end(key)
        return self._foreign[key][1]

    def _place(self, workspace: Workspace, variants: "Sequence[Database]") -> Place:
        agent = workspace.make_agent(self._setup)
        return Place(
            ask=agent.ask,
            database=workspace.database,
            context=workspace.check_context,
            fingerprint=data_fingerprint(workspace),
            variants=variants,
        )

    @cached_property
    def _variant_databases(self) -> "tuple[Database, ...]":
        if not self._variants:
            return ()
        found = self.workspace.variants
        if len(found) < self._variants:
            raise SettingsError(
                f"{len(found)} variants of the database are there and {self._variants} are wanted; "
                f"run `quarry eval variants --count {self._variants}`."
            )
        return tuple(self.workspace.open_other(url) for url in found[: self._variants])
