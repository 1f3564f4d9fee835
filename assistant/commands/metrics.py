"""`quarry metrics`: the log's sums for Prometheus."""

import threading
from typing import Annotated

import typer

from assistant.commands.options import WorkspaceOption
from knowledge.errors import SettingsError


def metrics(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve at.")] = 9464,
    address: Annotated[str, typer.Option(help="Address to serve at.")] = "127.0.0.1",
    once: Annotated[bool, typer.Option("--once", help="Print them once and end, without a server.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Serve turns, outcomes, times, tokens, thumbs and corrections at /metrics, until Ctrl-C."""
    from prometheus_client import CollectorRegistry, generate_latest, start_http_server

    from assistant.workspace import Workspace
    from feedback.metrics import FeedbackCollector

    with Workspace.open(workspace) as opened:
        registry = CollectorRegistry()
        registry.register(FeedbackCollector(opened.feedback.database))
        if once:
            print(generate_latest(registry).decode(), end="")
            return
        try:
            server, thread = start_http_server(port, address, registry)
        except OSError as error:
            raise SettingsError(
                f"The metrics cannot be served at {address}:{port} ({error.strerror}); name another --port."
            ) from None
        print(f"Metrics: http://{address}:{port}/metrics (Ctrl-C ends it)", flush=True)
        try:
            threading.Event().wait()
        finally:
            server.shutdown()
            thread.join()
