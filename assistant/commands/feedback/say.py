"""`quarry feedback turns`, `vote` and `correct`: what anybody may say about an answer."""

from enum import StrEnum
from typing import Annotated

import typer

from assistant.commands.feedback.options import AsOption, person
from assistant.commands.options import JsonOption, WorkspaceOption
from feedback.causes import CAUSES

TurnArgument = Annotated[int, typer.Argument(help="Number of the turn; `quarry feedback turns` lists them.")]
CAUSE_HELP = "What was wrong: " + ", ".join(f"{key} ({says})" for key, says in CAUSES.items()) + "."


class Thumb(StrEnum):
    UP = "up"
    DOWN = "down"


def turns(
    limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = 20,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """The latest questions with the numbers by which a vote or a correction names them."""
    from assistant.render.feedback import turns_table
    from assistant.render.telling import tell
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        found = opened.feedback.turns.recent(limit)
    plain = [
        {
            "turn": t.turn_id,
            "asked_at": t.asked_at,
            "question": t.question,
            "outcome": t.outcome,
            "sql": t.sql,
        }
        for t in found
    ]
    tell(plain if as_json else turns_table(found), as_json)


def vote(
    turn: TurnArgument,
    thumb: Annotated[Thumb, typer.Argument(help="up or down.")],
    as_who: AsOption = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Say that an answer was right or wrong; your last word counts."""
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        tally = opened.feedback.votes.cast(turn, person(as_who), up=thumb is Thumb.UP)
    print(f"Turn {turn}: {tally.up} up, {tally.down} down.")


def correct(
    turn: TurnArgument,
    sql: Annotated[str, typer.Option(help="The SQL that would have been right.", show_default=False)] = "",
    comment: Annotated[str, typer.Option(help="What was wrong, in words.", show_default=False)] = "",
    cause: Annotated[str, typer.Option(help=CAUSE_HELP)] = "other",
    as_who: AsOption = "",
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Hand in what would have been right; a data owner decides. SQL is checked and run before it is kept."""
    from assistant.corrections import submit
    from assistant.render.feedback import examined_lines
    from assistant.render.telling import tell
    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        kept, examined = submit(opened, turn, person(as_who), sql=sql, comment=comment, cause=cause)
    if as_json:
        tell({"correction": kept.correction_id, "topic": kept.topic, "evidence": kept.evidence}, as_json)
        return
    if examined is not None:
        tell(examined_lines(examined), as_json)
    print(f"Correction {kept.correction_id} waits for a data owner.")
