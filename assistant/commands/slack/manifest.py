"""`quarry slack manifest`: what to paste when the app is made."""

from typing import Annotated

import typer

from assistant.commands.options import WorkspaceOption
from knowledge.errors import QuarryError


def manifest(
    name: Annotated[str, typer.Option(help="What the app is called in Slack.")] = "Quarry",
    workspace: WorkspaceOption = None,
) -> None:
    """Print the app's manifest as JSON; in a workspace, its examples are suggested to people."""
    import json

    from assistant.slack.manifest import manifest as make
    from assistant.workspace import Workspace

    questions: list[str] = []
    try:
        with Workspace.open(workspace) as opened:
            questions = [example.question for example in opened.examples[:4]]
    except QuarryError:
        if workspace is not None:
            raise
    print(json.dumps(make(name, questions), indent=2, ensure_ascii=False))
