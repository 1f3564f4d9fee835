"""`quarry rollback`: let the release before answer again."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import WorkspaceOption
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.workspace import Workspace


def rollback(
    name: Annotated[
        str | None,
        typer.Argument(help="A release, as in r2; without it, the one before.", show_default=False),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Go back to the release before, or to a named one, whose files are checked first.

    Before the first release, the model of quarry.toml answers. A running assistant follows by itself.
    """
    from assistant.workspace import Workspace
    from evals.releases.registry import TOML

    with Workspace.open(workspace) as opened:
        registry = opened.registry
        target = registry.behind(name)
        setting = str(target.model) if target else opened.settings.model
        _prepare(opened, setting)
        back = registry.rollback(name)
        told = f"{back.name} ({back.card.model})" if back else f"{TOML[0].upper()}{TOML[1:]} ({setting})"
        print(f"{told} answers now.")


def _prepare(workspace: "Workspace", setting: str) -> None:
    """The index has to know what the model was taught before it answers; the rollback goes on without."""
    try:
        with workspace.sibling(model=setting) as sibling:
            sibling.prepare(lambda doing: None)
    except QuarryError as error:
        print(f"The index is not ready for it: {error}", file=sys.stderr)
