"""`quarry index`: bring the index up to date."""

import sys
import time

from assistant.commands.options import WorkspaceOption


def index(workspace: WorkspaceOption = None) -> None:
    """Read the database and the knowledge, and bring the index up to date. Only what changed is touched."""
    from assistant.workspace import Workspace

    started = time.perf_counter()
    with Workspace.open(workspace) as opened:
        if sys.stdout.isatty():
            from rich.console import Console

            with Console().status("Looking for changes ...") as status:
                summary = opened.prepare(lambda doing: status.update(f"{doing} ..."))
        else:
            summary = opened.prepare(lambda doing: print(f"{doing} ...", flush=True))
    print(f"{summary} ({time.perf_counter() - started:.1f} s)")
