"""`quarry eval runs`: the runs that are kept."""

from assistant.commands.options import JsonOption, WorkspaceOption


def runs(as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """List the runs of this workspace, the newest first."""
    from assistant.commands.eval.saved import saved
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened, saved(opened) as store:
        found = store.all()
    if as_json:
        from assistant.render.machine import dumps
        from evals.reports.machine import info_json

        print(dumps({"runs": [info_json(info) for info in found]}))
    elif not found:
        print("There are no runs yet; make one with `quarry eval run`.")
    else:
        from rich.console import Console

        from evals.reports.terminal import runs as table

        Console().print(table(found))
