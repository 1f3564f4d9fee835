"""`quarry eval compare`: two runs, case by case."""

import sys
from typing import Annotated

import typer

from assistant.commands.eval.options import HtmlOption
from assistant.commands.options import JsonOption, WorkspaceOption


def compare(
    first: Annotated[str, typer.Argument(help="The run to compare with, by its id.")],
    second: Annotated[str, typer.Argument(help="The run that may be better.")],
    html: HtmlOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Set two runs against each other: what the second won, what it lost, and whether that may be chance."""
    from assistant.commands.eval.saved import find_run, saved
    from assistant.workspace import Workspace
    from evals.reports.files import check_writable, write
    from evals.reports.versus import versus

    if html:
        check_writable(html)
    with Workspace.open(workspace) as opened, saved(opened) as store:
        found = versus(find_run(store, first), find_run(store, second))
        if as_json:
            from assistant.render.machine import dumps

            print(dumps(found.to_json()))
        else:
            from rich.console import Console

            from evals.reports.versus_terminal import show

            show(Console(), found)
        if html:
            from evals.reports.page import versus_page

            write(html, versus_page(found, dialect=opened.database.dialect))
            print(f"Written: {html}", file=sys.stderr)
