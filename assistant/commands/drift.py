"""`quarry drift`: what the database changed under the knowledge, and what is left out for it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from assistant.drift import Drift

LEFT_OUT = 13


def drift(
    accept: Annotated[
        bool,
        typer.Option(help="Take changed types as checked, and the schema of now as the one to compare with."),
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Hold knowledge, taught pairs, cases and the release against the database as it is now.

    Exit codes: 0 all of it holds, 13 something is left out.
    """
    from assistant.drift import accept as accept_schema
    from assistant.drift import look
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        opened.follow_schema()
        if accept:
            accept_schema(opened)
    with Workspace.open(workspace) as opened:
        found = look(opened)
        _print(found, as_json)
    if found.stale:
        raise typer.Exit(LEFT_OUT)


def _print(found: "Drift", as_json: bool) -> None:
    if as_json:
        from assistant.render.machine import dumps

        stale = [
            {k: v for k, v in asdict(entry).items() if k != "text"} | {"remedy": found.remedy(entry)}
            for entry in found.stale
        ]
        print(
            dumps(
                {
                    "changes": [asdict(change) for change in found.changes],
                    "renames": found.renames,
                    "left_out": stale,
                    "closed": found.closed,
                }
            )
        )
        return
    from rich.console import Console

    from assistant.render.drift import drifted

    Console(highlight=False, soft_wrap=True).print(drifted(found))
