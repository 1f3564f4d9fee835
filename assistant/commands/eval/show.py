"""`quarry eval show`: a run once more, as text, as a page, for CI."""

from typing import Annotated

import typer

from assistant.commands.eval.options import ByOption, HtmlOption, JunitOption, ShowOption
from assistant.commands.options import JsonOption, WorkspaceOption


def show(
    run: Annotated[
        str,
        typer.Argument(help="The run's id or how it begins; the newest without.", show_default=False),
    ] = "",
    by: ByOption = None,
    show_: ShowOption = False,
    timed: Annotated[
        bool, typer.Option("--timed", help="Run each right answer's SQL and its gold in turn, and time them.")
    ] = False,
    html: HtmlOption = None,
    junit: JunitOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show a run that is kept; nothing is asked again."""
    from assistant.commands.eval.saved import find_run, saved
    from assistant.commands.eval.telling import Telling, tell
    from assistant.workspace import Workspace

    telling = Telling(as_json, show_, tuple(by or Telling.by), html, junit, timed)
    telling.check()
    with Workspace.open(workspace) as opened, saved(opened) as store:
        tell(opened, [find_run(store, run)], telling)
