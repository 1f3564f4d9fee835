"""`quarry console`: the workspace in the browser."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.options import WorkspaceOption
from knowledge.errors import SettingsError

LOCAL = "127.0.0.1"
SECRETS = Path(".streamlit") / "secrets.toml"


def console(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve at.")] = 8501,
    address: Annotated[
        str,
        typer.Option(
            help="Address to serve at; any but this machine's own asks for a login (docs/console.md)."
        ),
    ] = LOCAL,
    workspace: WorkspaceOption = None,
) -> None:
    """Ask, review corrections, look at quality, knowledge and evaluations, in the browser. Ctrl-C ends it."""
    from assistant.console.workplace_name import WORKSPACE
    from assistant.settings import find_workspace

    if importlib.util.find_spec("streamlit") is None:
        raise SettingsError("The console needs Streamlit; install it with `pip install 'quarry[console]'`.")
    folder = find_workspace(workspace).resolve()
    if address not in (LOCAL, "localhost", "::1") and not (folder / SECRETS).is_file():
        raise SettingsError(
            f"At {address} everybody who reaches this machine could ask; configure a login in {SECRETS} of "
            "the workspace first (docs/console.md), or leave --address out."
        )
    script = Path(__file__).parents[1] / "console" / "app.py"
    options = {
        "server.address": address,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += [part for name, value in options.items() for part in (f"--{name}", value)]
    root = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    print(f"Quarry's console: http://{address}:{port} (Ctrl-C ends it)", flush=True)
    environment = {**os.environ, WORKSPACE: str(folder), "PYTHONPATH": paths}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            code = server.wait()
        except KeyboardInterrupt:
            server.wait()
            return
    if code:
        told = f"is port {port} in use? Try --port {port + 1}."
        raise SettingsError(f"The console ended with code {code}; {told}")
