"""`quarry slack audit`: who asked, what ran, what was shown where."""

from dataclasses import asdict
from typing import Annotated

import typer

from assistant.commands.options import JsonOption, WorkspaceOption


def audit(
    person: Annotated[str, typer.Option(help="Of this person alone, by their Slack id.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many of the latest.")] = 50,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """The latest deeds in Slack, newest first: questions, clicks, decisions, and what was refused."""
    from assistant.render.telling import tell
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        entries = opened.feedback.audit.latest(limit, person)
        names = opened.feedback.names()
    if as_json:
        tell([asdict(entry) for entry in entries], as_json)
        return
    for entry in entries:
        who, detail = names.get(entry.person, entry.person), " ".join(entry.detail.split())[:120]
        print(f"{entry.at:%Y-%m-%d %H:%M:%S}  {who:<20}  {entry.channel:<12}  {entry.deed:<12}  {detail}")
    if not entries:
        print("Nothing was asked in Slack yet.")
