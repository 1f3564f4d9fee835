"""`quarry console`: the workspace in the browser."""

import importlib.util
import os
import socket
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
    _check_free(address, port)
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
    os.chdir(folder)
    os.execve(sys.executable, command, {**os.environ, WORKSPACE: str(folder), "PYTHONPATH": paths})


def _check_free(address: str, port: int) -> None:
    """Raises SettingsError where something is served there already, or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise SettingsError(
                f"The console cannot be served at {address}:{port} ({error.strerror}); name another --port."
            ) from None
