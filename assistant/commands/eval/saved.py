"""The runs that a workspace keeps, found as a person names them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from evals.runs.info import Run
    from evals.runs.store import RunStore


@contextmanager
def saved(workspace: "Workspace") -> "Iterator[RunStore]":
    """The store of the workspace's runs, closed at the end. Raises SettingsError."""
    from evals.runs.store import RunStore

    with closing(RunStore.in_file(workspace.state / "evals.sqlite")) as store:
        yield store


def find_run(store: "RunStore", name: str) -> "Run":
    """The run with this id, or with the only id that begins so; without a name the newest.

    Raises SettingsError.
    """
    from knowledge.names import hint

    ids = [info.id for info in store.all()]
    if not ids:
        raise SettingsError("There are no runs yet; make one with `quarry eval run`.")
    if not name or name in ids:
        return store.get(name or ids[0])
    found = [one for one in ids if one.startswith(name)]
    if len(found) == 1:
        return store.get(found[0])
    if found:
        raise SettingsError(f"{len(found)} runs begin with {name!r}; write more of the id.")
    near = hint(name, ids) or "`quarry eval runs` lists those there are"
    raise SettingsError(f"There is no run {name!r}; {near.rstrip('.')}{'' if near.endswith('?') else '.'}")
